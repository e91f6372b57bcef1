-- Where and when backups are made by themselves; one row, or none before anybody has said so.
CREATE TABLE backup_plan (
    id {PK},
    folder TEXT NOT NULL,
    -- Of the day, in Viet Nam.
    at_minute BIGINT NOT NULL,
    keep BIGINT NOT NULL,
    -- When somebody asked for one at once; none since it was begun.
    wanted_at BIGINT,
    -- The public half of the key that somebody has put away on paper.
    key_put_away TEXT
);

-- Each backup that was made, and each rehearsal of restoring one.
CREATE TABLE backup_run (
    id {PK},
    kind TEXT NOT NULL,
    file TEXT NOT NULL,
    began_at BIGINT NOT NULL,
    ended_at BIGINT,
    bytes BIGINT,
    -- Why it came to nothing; none while it runs and when it went well.
    failure TEXT
);
CREATE INDEX backup_run_kind ON backup_run (kind, began_at);
CREATE INDEX backup_run_open ON backup_run (id) WHERE ended_at IS NULL;
