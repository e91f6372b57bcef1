-- Each dossier, document, meeting, report is entered here once; siblings hold real foreign keys to it.
CREATE TABLE record (
    id {PK},
    kind TEXT NOT NULL,
    code {KEY} NOT NULL,
    title TEXT NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    link TEXT NOT NULL,
    confidentiality TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (kind, code)
);
CREATE INDEX record_unit ON record (unit_id, id);

-- A task waits for a post or a person until a due time. Who holds a record follows from its open tasks.
-- pace: 0 the time runs, 1 it stands still until somebody from outside has done their part, 2 the work is done and waits
-- to be fetched; only tasks of pace 0 can be late. batch: the page on which this step is done for several records at once.
CREATE TABLE task (
    id {PK},
    record_id BIGINT NOT NULL REFERENCES record (id),
    step TEXT NOT NULL,
    title TEXT NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    post_id BIGINT REFERENCES post (id),
    officer_id BIGINT REFERENCES officer (id),
    opened_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    pace BIGINT NOT NULL,
    batch TEXT,
    done_at BIGINT,
    done_by BIGINT REFERENCES officer (id),
    on_behalf_of BIGINT REFERENCES post (id),
    outcome TEXT
);
CREATE INDEX task_record ON task (record_id, id);
CREATE INDEX task_unit ON task (unit_id);
CREATE INDEX task_post ON task (post_id, pace, due_at, id) WHERE done_at IS NULL;
CREATE INDEX task_officer ON task (officer_id, pace, due_at, id) WHERE done_at IS NULL;
CREATE INDEX task_post_all ON task (post_id) WHERE post_id IS NOT NULL;
CREATE INDEX task_officer_all ON task (officer_id) WHERE officer_id IS NOT NULL;
CREATE INDEX task_done_by ON task (done_by) WHERE done_by IS NOT NULL;
CREATE INDEX task_on_behalf_of ON task (on_behalf_of) WHERE on_behalf_of IS NOT NULL;
