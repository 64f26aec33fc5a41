"""The process: loops, chat channels, web console, wiring, command line. Knows everybody."""
