"""Judgements. One pure function per file; the registry is the explicit list in ``rules.registry``."""
