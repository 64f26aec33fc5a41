"""The web page of the console: one HTML shell, static ES modules and one WebSocket. No build step, nothing from outside."""
