CREATE TABLE thing (
    id {PK},
    name TEXT NOT NULL,
    note TEXT,
    done BOOLEAN NOT NULL,
    score DOUBLE PRECISION,
    meta {JSON},
    raw BYTEA,
    amount BIGINT,
    sort_key {KEY}
);
CREATE INDEX thing_order ON thing (sort_key, id);

CREATE TABLE part (
    id {PK},
    thing_id BIGINT NOT NULL REFERENCES thing (id),
    parent_id BIGINT REFERENCES part (id),
    name TEXT NOT NULL
);
CREATE INDEX part_thing ON part (thing_id, id);
CREATE INDEX part_parent ON part (parent_id) WHERE parent_id IS NOT NULL;

CREATE TABLE counter (
    unit_id BIGINT NOT NULL,
    year BIGINT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (unit_id, year)
);
