"""The web page of the console: one HTML shell, static ES modules, one WebSocket. No build step, nothing from outside.

Importing it imports the web framework and pydantic; the alert path does without.
"""

from bot.console.page.site import LOOPBACK, build

__all__ = ["LOOPBACK", "build"]
