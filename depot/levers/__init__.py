"""Levers: what a demo or a benchmark may do to the farm, honest and dishonest."""
