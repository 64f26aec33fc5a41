-- name: tables
-- Every table of the file; none in a new one.
SELECT table_name FROM duckdb_tables();

-- name: create
-- Which steps this file has seen. The table is there before any other.
CREATE TABLE migrations (kind VARCHAR NOT NULL, no INTEGER NOT NULL, name VARCHAR NOT NULL);

-- name: seen
-- Every step that this file has seen, and of which kind of store; an error where there is no such table.
SELECT kind, no FROM migrations;

-- name: applied
-- Remember that a step is done.
INSERT INTO migrations VALUES ($kind, $no, $name);
