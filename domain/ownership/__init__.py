"""Who owns what in a commingled tank: a ledger of entries, its fold into lots, shares and lineage."""
