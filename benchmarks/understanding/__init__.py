"""The understanding of plain Chinese: how its weights are learned, and how well it does on sentences it has not seen."""
