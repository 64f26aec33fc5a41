"""Memory: the ledger (events, outbox) and the series (readings, prices, books), each one DuckDB file. All SQL is here."""
