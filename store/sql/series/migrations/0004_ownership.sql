CREATE TABLE ownership (
    site_id VARCHAR NOT NULL,
    no VARCHAR NOT NULL,
    line INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    happened_at TIMESTAMP NOT NULL,
    tank_id VARCHAR NOT NULL,
    good VARCHAR NOT NULL,
    kg BIGINT NOT NULL,
    owner VARCHAR,
    batch VARCHAR,
    to_tank VARCHAR,
    to_owner VARCHAR,
    paper VARCHAR,
    received_at TIMESTAMP NOT NULL
);
