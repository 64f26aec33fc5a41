"""History that a bank brings along as files: readings, prices, books, work orders. Text in, values and problems out.

A file is read block by block (``csv_file``, or a Parquet file through the store); every bad row becomes a
``RowProblem`` and hides none of the others. Nothing here knows the store or a clock.
"""
