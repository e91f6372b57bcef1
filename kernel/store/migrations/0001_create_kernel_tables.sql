-- Every write is known by its id: a repeated command is answered from here, not run again.
CREATE TABLE command (
    id TEXT PRIMARY KEY,
    verb TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id BIGINT,
    at BIGINT NOT NULL,
    answer TEXT NOT NULL,
    audits BIGINT NOT NULL,
    audit_first BIGINT,
    audit_last BIGINT,
    -- A hash of what was asked: the same id with other content is refused.
    content TEXT
);
-- Old commands that left no audit entry are forgotten.
CREATE INDEX command_forgettable ON command (at) WHERE audits = 0;

-- Append-only. The sealer gives positions; the text that is sealed holds no personal data.
CREATE TABLE audit (
    id {PK},
    at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id BIGINT,
    on_behalf_of BIGINT,
    action TEXT NOT NULL,
    entity TEXT NOT NULL,
    entity_id BIGINT NOT NULL,
    unit_id BIGINT,
    detail TEXT NOT NULL,
    request BIGINT NOT NULL,
    position BIGINT
);
CREATE INDEX audit_unsealed ON audit (id) WHERE position IS NULL;
CREATE UNIQUE INDEX audit_position ON audit (position) WHERE position IS NOT NULL;
CREATE INDEX audit_entity ON audit (entity_id, id);

-- The chain over sealed entries: each batch's hash covers the one before it.
CREATE TABLE audit_seal (
    number {PK},
    first_position BIGINT NOT NULL,
    last_position BIGINT NOT NULL,
    hash TEXT NOT NULL,
    sealed_at BIGINT NOT NULL
);

-- Events for after the commit, at least once, in order per record.
CREATE TABLE outbox (
    id {PK},
    event TEXT NOT NULL,
    record_id BIGINT NOT NULL,
    payload {JSON} NOT NULL,
    at BIGINT NOT NULL,
    done_at BIGINT,
    tries BIGINT NOT NULL DEFAULT 0,
    next_try_at BIGINT NOT NULL
);
CREATE INDEX outbox_waiting ON outbox (record_id, id) WHERE done_at IS NULL;

-- Dated counts: +1 or -1 of a measure for a unit on a day, with the record that is counted and what it is about: an id of the
-- module that counts, 0 where there is nothing to tell apart. What is folded stands in the sums below too.
CREATE TABLE delta (
    id {PK},
    record_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    subject_id BIGINT NOT NULL,
    day {KEY} NOT NULL,
    measure {KEY} NOT NULL,
    amount BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    folded_at BIGINT
);
-- Reports read sums, and only what is not in them yet from here.
CREATE INDEX delta_unfolded ON delta (unit_id, measure, day) WHERE folded_at IS NULL;
CREATE INDEX delta_record ON delta (record_id);

-- Sums of the folded counts for a day (grain 0), a month (1) and a year (2), by its first day. A sum of nothing has no row.
CREATE TABLE fold (
    unit_id BIGINT NOT NULL,
    measure {KEY} NOT NULL,
    grain BIGINT NOT NULL,
    day {KEY} NOT NULL,
    subject_id BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (unit_id, measure, grain, day, subject_id)
);

-- The id of the last change of what nodes keep in memory, by its name.
CREATE TABLE revision (
    name TEXT PRIMARY KEY,
    change_id BIGINT NOT NULL
);

-- Who may use a node number or run a job, until when.
CREATE TABLE lease (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until BIGINT NOT NULL
);
