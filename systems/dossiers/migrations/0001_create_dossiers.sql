-- Imported definitions; a dossier pins the version that was in force when it was received.
CREATE TABLE procedure (
    id {PK},
    code {KEY} NOT NULL,
    version BIGINT NOT NULL,
    name TEXT NOT NULL,
    field_code TEXT NOT NULL,
    definition TEXT NOT NULL,
    hash TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    imported_at BIGINT NOT NULL,
    UNIQUE (code, version)
);

-- One request under one procedure. Its id is its record's id.
CREATE TABLE dossier (
    id {PK} REFERENCES record (id),
    code {KEY} NOT NULL UNIQUE,
    procedure_id BIGINT NOT NULL REFERENCES procedure (id),
    procedure_code TEXT NOT NULL,
    procedure_case TEXT,
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    status BIGINT NOT NULL,
    restricted BOOLEAN NOT NULL,
    channel TEXT NOT NULL,
    applicant_name TEXT NOT NULL,
    -- A keyed mark of the party's number, by which it is found; the number itself stands in the form.
    identity_mark TEXT,
    phone TEXT,
    address TEXT,
    email TEXT,
    summary TEXT NOT NULL,
    -- Sealed: it holds personal numbers of everybody whom the request is about.
    form TEXT NOT NULL,
    sealed_with BIGINT NOT NULL REFERENCES sealing_key (generation),
    received_at BIGINT NOT NULL,
    received_day {KEY} NOT NULL,
    received_by BIGINT REFERENCES officer (id),
    due_at BIGINT NOT NULL,
    due_day {KEY} NOT NULL,
    ended_at BIGINT,
    ended_day {KEY},
    outcome TEXT,
    -- For how long it was open, or how long its term is while it is; 63 once its clock has stopped. See span() in
    -- src/dossier.rs.
    span BIGINT NOT NULL DEFAULT 63,
    delivered_at BIGINT,
    delivered_to TEXT,
    return_way TEXT NOT NULL,
    track_token TEXT NOT NULL UNIQUE,
    revision BIGINT NOT NULL
);
CREATE INDEX dossier_received_by ON dossier (received_by) WHERE received_by IS NOT NULL;
CREATE INDEX dossier_unit ON dossier (unit_id, id);
CREATE INDEX dossier_unit_status ON dossier (unit_id, status, id);
CREATE INDEX dossier_unit_due ON dossier (unit_id, due_at, id) WHERE ended_at IS NULL;
-- For who sees many units: what is rare in all of them is not found by walking back through everything.
CREATE INDEX dossier_status ON dossier (status, id);
-- In the order of a day, for lists and those behind figures (src/lists): received through a channel, ended in a way, open for
-- so long; each of a version of a procedure or of all, in a unit or in all. What has no order of its own here, as the days of
-- all channels together, is merged (src/lists/merged.rs): an index more is an entry more at every receipt. Those of more columns
-- come first: of two that serve, SQLite, which keeps no statistics, takes the older one.
CREATE INDEX dossier_unit_procedure_channel ON dossier (unit_id, procedure_id, channel, received_day, id);
CREATE INDEX dossier_procedure_channel ON dossier (procedure_id, channel, received_day, id);
CREATE INDEX dossier_unit_channel ON dossier (unit_id, channel, received_day, id);
CREATE INDEX dossier_channel ON dossier (channel, received_day, id);
CREATE INDEX dossier_unit_procedure_outcome ON dossier (unit_id, procedure_id, outcome, ended_day, id)
    WHERE ended_day IS NOT NULL;
CREATE INDEX dossier_procedure_outcome ON dossier (procedure_id, outcome, ended_day, id) WHERE ended_day IS NOT NULL;
CREATE INDEX dossier_unit_outcome ON dossier (unit_id, outcome, ended_day, id) WHERE ended_day IS NOT NULL;
CREATE INDEX dossier_outcome ON dossier (outcome, ended_day, id) WHERE ended_day IS NOT NULL;
CREATE INDEX dossier_unit_procedure_span ON dossier (unit_id, procedure_id, span, received_day, id);
CREATE INDEX dossier_procedure_span ON dossier (procedure_id, span, received_day, id);
CREATE INDEX dossier_unit_span ON dossier (unit_id, span, received_day, id);
CREATE INDEX dossier_span ON dossier (span, received_day, id);
CREATE INDEX dossier_identity ON dossier (identity_mark, id) WHERE identity_mark IS NOT NULL;
CREATE INDEX dossier_sealed_with ON dossier (sealed_with, id);
CREATE INDEX dossier_phone ON dossier (phone, id) WHERE phone IS NOT NULL;

-- Codes are counted per receiving unit and day, inside the transaction that receives.
CREATE TABLE dossier_number (
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    day TEXT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (unit_id, day)
);

-- The papers that came with it, as the receipt lists them, and those that the party brought later.
CREATE TABLE dossier_paper (
    id {PK},
    dossier_id BIGINT NOT NULL REFERENCES dossier (id),
    requirement TEXT NOT NULL,
    name TEXT NOT NULL,
    originals BIGINT NOT NULL,
    copies BIGINT NOT NULL,
    file_id BIGINT REFERENCES file (id),
    supplemented_at BIGINT
);
CREATE INDEX dossier_paper_dossier ON dossier_paper (dossier_id, id);
CREATE INDEX dossier_paper_file ON dossier_paper (file_id) WHERE file_id IS NOT NULL;

-- What happened to it: who, on whose behalf, when, from which step, with which reason and file. particulars: what the form about it
-- says beyond the text; document_id: that form, as it was sent to be signed last.
CREATE TABLE dossier_event (
    id {PK},
    dossier_id BIGINT NOT NULL REFERENCES dossier (id),
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    officer_id BIGINT REFERENCES officer (id),
    on_behalf_of BIGINT REFERENCES post (id),
    from_step TEXT,
    to_step TEXT,
    to_post BIGINT REFERENCES post (id),
    text TEXT,
    file_id BIGINT REFERENCES file (id),
    particulars {JSON},
    document_id BIGINT REFERENCES signing_document (id)
);
CREATE INDEX dossier_event_document ON dossier_event (document_id) WHERE document_id IS NOT NULL;
CREATE INDEX dossier_event_dossier ON dossier_event (dossier_id, id);
CREATE INDEX dossier_event_officer ON dossier_event (officer_id) WHERE officer_id IS NOT NULL;
CREATE INDEX dossier_event_on_behalf_of ON dossier_event (on_behalf_of) WHERE on_behalf_of IS NOT NULL;
CREATE INDEX dossier_event_to_post ON dossier_event (to_post) WHERE to_post IS NOT NULL;
CREATE INDEX dossier_event_file ON dossier_event (file_id) WHERE file_id IS NOT NULL;

-- Times in which its clock stood still.
CREATE TABLE dossier_stop (
    id {PK},
    dossier_id BIGINT NOT NULL REFERENCES dossier (id),
    status BIGINT NOT NULL,
    from_at BIGINT NOT NULL,
    to_at BIGINT,
    reason TEXT NOT NULL
);
CREATE INDEX dossier_stop_dossier ON dossier_stop (dossier_id, id);

-- Result files, signed and numbered at the end of the last step. A wrong one is kept, marked as replaced, and the new row
-- names it. signed: whether the file carries electronic signatures that hold; none until somebody has looked. untrusted_at: they
-- hold, but nobody vouched for them by the list of trust of this change; another change has them looked at again.
CREATE TABLE dossier_result (
    id {PK},
    dossier_id BIGINT NOT NULL REFERENCES dossier (id),
    name TEXT NOT NULL,
    number TEXT,
    file_id BIGINT NOT NULL REFERENCES file (id),
    signed BOOLEAN,
    untrusted_at BIGINT,
    replaced_at BIGINT,
    replaces BIGINT REFERENCES dossier_result (id)
);
CREATE INDEX dossier_result_dossier ON dossier_result (dossier_id, id);
CREATE INDEX dossier_result_unlooked ON dossier_result (id) WHERE signed IS NULL AND replaced_at IS NULL;
CREATE INDEX dossier_result_untrusted ON dossier_result (untrusted_at, id) WHERE untrusted_at IS NOT NULL AND replaced_at IS NULL;
CREATE INDEX dossier_result_file ON dossier_result (file_id);
CREATE INDEX dossier_result_replaces ON dossier_result (replaces) WHERE replaces IS NOT NULL;

-- Tries to open a tracking page that failed, to slow down guessing; swept after a day.
CREATE TABLE track_failure (
    id {PK},
    seeker TEXT NOT NULL,
    code {KEY} NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX track_failure_seeker ON track_failure (seeker, at);
CREATE INDEX track_failure_code ON track_failure (code, at);
CREATE INDEX track_failure_at ON track_failure (at);

-- Files that came with a form at a desk which could not be accepted yet: they wait for its next sending, under the
-- form's command id, and are forgotten after two days.
CREATE TABLE intake_file (
    file_id BIGINT PRIMARY KEY REFERENCES file (id),
    entry TEXT NOT NULL,
    officer_id BIGINT NOT NULL REFERENCES officer (id),
    field TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX intake_file_entry ON intake_file (entry, file_id);
CREATE INDEX intake_file_officer ON intake_file (officer_id);
CREATE INDEX intake_file_at ON intake_file (at);
