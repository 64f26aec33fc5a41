"""A contract over recorded history or given prices: the very judgements of the live bot on a clock that is set."""
