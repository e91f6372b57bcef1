-- Units whose records stand in the text index under other units than they now lie under. Without a module: a move that
-- counts from a day and is still to be spread over the units below; with one: its records after after_id are to be done.
CREATE TABLE reindex (
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    module TEXT NOT NULL,
    from_day TEXT NOT NULL,
    after_id BIGINT NOT NULL,
    PRIMARY KEY (unit_id, module, from_day)
);
CREATE INDEX reindex_from ON reindex (from_day);
