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
