-- name: tables
-- Every table of the file; none in a new one.
SELECT table_name FROM duckdb_tables();

-- name: create
-- Which steps this file has seen. The table is there before any other.
CREATE TABLE migrations (kind VARCHAR NOT NULL, no INTEGER NOT NULL, name VARCHAR NOT NULL);

-- name: newest
-- The newest step of each kind of store that this file claims to be.
SELECT kind, max(no) FROM migrations GROUP BY kind ORDER BY kind;

-- name: applied
-- Remember that a step is done.
INSERT INTO migrations VALUES ($kind, $no, $name);
