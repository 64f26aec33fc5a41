-- The ledger's schema of today, for reading; the migrations make it, and a test holds the two equal.

CREATE TABLE events (
    tenant VARCHAR NOT NULL,
    seq BIGINT NOT NULL,
    kind VARCHAR NOT NULL,
    v INTEGER NOT NULL,
    occurred_at TIMESTAMP NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    actor VARCHAR NOT NULL,
    previous VARCHAR NOT NULL,
    hash VARCHAR NOT NULL,
    canonical VARCHAR NOT NULL,
    PRIMARY KEY (tenant, seq)
);

CREATE TABLE outbox (
    key VARCHAR PRIMARY KEY,
    tenant VARCHAR NOT NULL,
    seq BIGINT NOT NULL,
    chat VARCHAR NOT NULL,
    priority TINYINT NOT NULL,
    template VARCHAR NOT NULL,
    thread VARCHAR,
    revision INTEGER NOT NULL,
    edit_of VARCHAR,
    message VARCHAR NOT NULL,
    taken_at TIMESTAMP,
    received_at TIMESTAMP,
    judged_at TIMESTAMP,
    committed_at TIMESTAMP NOT NULL,
    state VARCHAR NOT NULL,
    attempts INTEGER NOT NULL,
    resend BOOLEAN NOT NULL,
    due_at TIMESTAMP NOT NULL,
    leased_until TIMESTAMP,
    sent_at TIMESTAMP,
    ref VARCHAR,
    why VARCHAR
);

CREATE TABLE attempts (
    tenant VARCHAR NOT NULL,
    key VARCHAR NOT NULL,
    attempt INTEGER NOT NULL,
    outcome VARCHAR NOT NULL,
    settled_at TIMESTAMP,
    why VARCHAR
);

CREATE TABLE seen (
    tenant VARCHAR NOT NULL,
    platform VARCHAR NOT NULL,
    event_id VARCHAR NOT NULL,
    seen_at TIMESTAMP NOT NULL,
    PRIMARY KEY (platform, event_id)
);

CREATE TABLE workspace_files (
    tenant VARCHAR NOT NULL,
    sha256 VARCHAR PRIMARY KEY,
    content BLOB NOT NULL
);

CREATE TABLE pictures (
    tenant VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    kept_at TIMESTAMP NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (tenant, sha256)
);
