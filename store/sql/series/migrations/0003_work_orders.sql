CREATE TABLE work_orders (
    site_id VARCHAR NOT NULL,
    no VARCHAR NOT NULL,
    tank_id VARCHAR NOT NULL,
    direction VARCHAR NOT NULL,
    good VARCHAR NOT NULL,
    planned_kg BIGINT NOT NULL,
    done_kg BIGINT NOT NULL,
    opened_at TIMESTAMP NOT NULL,
    closed_at TIMESTAMP,
    release_no VARCHAR,
    received_at TIMESTAMP NOT NULL
);
