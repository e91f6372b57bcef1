CREATE TABLE unit (
    id {PK},
    parent_id BIGINT REFERENCES unit (id),
    name TEXT NOT NULL
);
CREATE INDEX unit_parent ON unit (parent_id);

CREATE TABLE thing (
    id {PK},
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    name TEXT NOT NULL,
    note TEXT,
    done BOOLEAN NOT NULL,
    score DOUBLE PRECISION,
    meta {JSON},
    raw BYTEA,
    amount BIGINT,
    sort_key {KEY} NOT NULL
);
CREATE INDEX thing_unit ON thing (unit_id);

CREATE TABLE label (
    thing_id BIGINT NOT NULL REFERENCES thing (id),
    word TEXT NOT NULL,
    PRIMARY KEY (thing_id, word)
);

CREATE TABLE head (
    id {PK},
    member_id BIGINT
);
CREATE TABLE member (
    id {PK},
    head_id BIGINT NOT NULL REFERENCES head (id)
);
CREATE INDEX member_head ON member (head_id);

CREATE TABLE file (
    id {PK},
    hash TEXT NOT NULL
);
CREATE INDEX file_hash ON file (hash);

-- What a migration puts in must not stand beside what a backup brings.
INSERT INTO unit (id, parent_id, name) VALUES (1000000, NULL, 'có sẵn');
