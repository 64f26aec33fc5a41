"""``xiaoliuzi calc``: the standard's formulas one at a time, for a gauger at a terminal and for machines in batches.

Reads flags and columns, asks ``domain.metering``, prints. Knows no formula of its own. One file per subcommand.
"""
