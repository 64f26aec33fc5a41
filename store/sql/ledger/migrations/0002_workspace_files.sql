CREATE TABLE workspace_files (
    tenant VARCHAR NOT NULL,
    sha256 VARCHAR PRIMARY KEY,
    content BLOB NOT NULL
);
