"""A simulated tank farm that speaks real Modbus TCP and HTTP, run as its own process.

It is the other side of the wire: it imports nothing of the bot's, and its density and
volume arithmetic is written anew so that the two implementations check one another.
"""
