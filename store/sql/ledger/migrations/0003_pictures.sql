CREATE TABLE pictures (
    tenant VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    kept_at TIMESTAMP NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (tenant, sha256)
);
