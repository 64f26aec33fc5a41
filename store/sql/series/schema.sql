-- The series' schema of today, for reading; the migrations make it, and a test holds the two equal.

CREATE TABLE tanks (tank_no INTEGER PRIMARY KEY, tank_id VARCHAR NOT NULL UNIQUE);

CREATE TABLE batches (
    batch INTEGER NOT NULL,
    source VARCHAR NOT NULL,
    row_count INTEGER NOT NULL,
    first_at TIMESTAMP NOT NULL,
    last_at TIMESTAMP NOT NULL,
    sha256 BLOB NOT NULL
);

CREATE TABLE thinned (batch INTEGER NOT NULL, into_batch INTEGER);

CREATE TABLE readings (
    batch INTEGER NOT NULL,
    tank_no INTEGER NOT NULL,
    taken_at TIMESTAMP NOT NULL,
    received_at TIMESTAMP NOT NULL,
    level_mm DOUBLE,
    water_mm DOUBLE,
    temp_c DOUBLE,
    density_kg_m3 DOUBLE,
    status BIGINT NOT NULL,
    quality UINTEGER NOT NULL,
    air_c DOUBLE,
    p1_kpa DOUBLE,
    p3_kpa DOUBLE
);

CREATE TABLE minutes (
    batch INTEGER NOT NULL,
    tank_no INTEGER NOT NULL,
    taken_at TIMESTAMP NOT NULL,
    received_at TIMESTAMP NOT NULL,
    level_mm DOUBLE,
    water_mm DOUBLE,
    temp_c DOUBLE,
    density_kg_m3 DOUBLE,
    status BIGINT NOT NULL,
    quality UINTEGER NOT NULL,
    air_c DOUBLE,
    p1_kpa DOUBLE,
    p3_kpa DOUBLE
);

CREATE VIEW history AS
SELECT * FROM readings
UNION ALL
SELECT * FROM minutes;

CREATE TABLE prices (
    ref VARCHAR NOT NULL,
    good VARCHAR NOT NULL,
    provider VARCHAR NOT NULL,
    region VARCHAR NOT NULL,
    basis VARCHAR NOT NULL,
    currency VARCHAR NOT NULL,
    price VARCHAR NOT NULL,
    published_at TIMESTAMP NOT NULL,
    received_at TIMESTAMP NOT NULL,
    source_id VARCHAR NOT NULL
);

CREATE TABLE books (
    site_id VARCHAR NOT NULL,
    as_of TIMESTAMP NOT NULL,
    received_at TIMESTAMP NOT NULL,
    content INTEGER NOT NULL
);

CREATE TABLE book_rows (
    content INTEGER NOT NULL,
    place INTEGER NOT NULL,
    tank_id VARCHAR NOT NULL,
    good VARCHAR NOT NULL,
    owner VARCHAR NOT NULL,
    mass_kg BIGINT NOT NULL,
    heel_kg BIGINT NOT NULL
);

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
    received_at TIMESTAMP NOT NULL,
    owner VARCHAR
);

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

CREATE TABLE courses (
    contract_id VARCHAR NOT NULL,
    slot INTEGER NOT NULL,
    at_time TIMESTAMP NOT NULL,
    recognised DECIMAL(18, 2) NOT NULL,
    last_known DECIMAL(18, 2) NOT NULL,
    exposure DECIMAL(18, 2) NOT NULL,
    warn DECIMAL(18, 2) NOT NULL,
    control DECIMAL(18, 2) NOT NULL,
    disposal DECIMAL(18, 2) NOT NULL,
    complete BOOLEAN NOT NULL
);

CREATE TABLE course_parts (
    contract_id VARCHAR NOT NULL,
    slot INTEGER NOT NULL,
    tank_id VARCHAR NOT NULL,
    site_id VARCHAR NOT NULL,
    good VARCHAR NOT NULL,
    kg BIGINT,
    value_cny DECIMAL(18, 2) NOT NULL,
    cny_t DECIMAL(18, 6)
);
