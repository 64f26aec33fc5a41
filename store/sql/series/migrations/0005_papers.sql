CREATE TABLE release_lists (
    site_id VARCHAR NOT NULL,
    as_of TIMESTAMP NOT NULL,
    received_at TIMESTAMP NOT NULL,
    content INTEGER NOT NULL
);

CREATE TABLE release_rows (
    content INTEGER NOT NULL,
    place INTEGER NOT NULL,
    no VARCHAR NOT NULL,
    owner VARCHAR NOT NULL,
    tank_id VARCHAR NOT NULL,
    good VARCHAR NOT NULL,
    mass_kg BIGINT NOT NULL,
    issued_at TIMESTAMP NOT NULL,
    valid_until TIMESTAMP NOT NULL,
    sealed BOOLEAN NOT NULL
);

CREATE TABLE work_orders_heard (
    site_id VARCHAR NOT NULL,
    as_of TIMESTAMP NOT NULL,
    received_at TIMESTAMP NOT NULL
);
