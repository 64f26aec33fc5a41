"""Nouns and arithmetic of a pledge in tanks. No I/O, no clock, no asyncio: ``now`` is always an argument."""
