ALTER TABLE readings ADD COLUMN air_c DOUBLE;
ALTER TABLE readings ADD COLUMN p1_kpa DOUBLE;
ALTER TABLE readings ADD COLUMN p3_kpa DOUBLE;

ALTER TABLE minutes ADD COLUMN air_c DOUBLE;
ALTER TABLE minutes ADD COLUMN p1_kpa DOUBLE;
ALTER TABLE minutes ADD COLUMN p3_kpa DOUBLE;

-- A view remembers the columns that it was made with.
DROP VIEW history;
CREATE VIEW history AS
SELECT * FROM readings
UNION ALL
SELECT * FROM minutes;
