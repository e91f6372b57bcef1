-- Who looked at personal data, when, at what and why. record_id: the record that was looked at; subject: the keyed mark of the
-- number that was searched for, where it was a search. why: step, done, counter, oversight, search; step: which one.
CREATE TABLE look (
    id {PK},
    at BIGINT NOT NULL,
    officer_id BIGINT NOT NULL REFERENCES officer (id),
    record_id BIGINT REFERENCES record (id),
    subject {KEY},
    what TEXT NOT NULL,
    why TEXT NOT NULL,
    step TEXT
);
CREATE INDEX look_record ON look (record_id, id) WHERE record_id IS NOT NULL;
CREATE INDEX look_subject ON look (subject, id) WHERE subject IS NOT NULL;
CREATE INDEX look_officer ON look (officer_id, id);
CREATE INDEX look_at ON look (at);
