-- A certificate with which somebody here signs: a person's own, or the seal of an agency. key_place says where its key lies: in
-- a 'file' that its own code locks (key_file, PKCS#12 in base64), in a 'token' of this server (token and key_label), at the
-- 'desk' of whoever signs, where this server never sees it, or at a remote 'service', which knows its owner as token and the key
-- as key_label. Nobody's code is kept. One that is not used any more stays, with
-- the moment.
CREATE TABLE signer (
    id {PK},
    kind TEXT NOT NULL,
    officer_id BIGINT REFERENCES officer (id),
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    name TEXT NOT NULL,
    issuer TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT NOT NULL,
    pem TEXT NOT NULL,
    key_place TEXT NOT NULL,
    key_file TEXT,
    token TEXT,
    key_label TEXT,
    picture TEXT,
    added_at BIGINT NOT NULL,
    added_by BIGINT NOT NULL REFERENCES officer (id),
    ended_at BIGINT
);
-- A certificate is public: whoever enters another's must not keep its owner from entering it.
CREATE UNIQUE INDEX signer_used ON signer (sha256, unit_id, coalesce(officer_id, 0)) WHERE ended_at IS NULL;
CREATE INDEX signer_officer ON signer (officer_id) WHERE officer_id IS NOT NULL;
CREATE INDEX signer_unit ON signer (unit_id, id);
CREATE INDEX signer_agency ON signer (unit_id) WHERE kind = 'agency';
CREATE INDEX signer_added_by ON signer (added_by);
CREATE INDEX signer_valid_to ON signer (valid_to) WHERE ended_at IS NULL;

-- Codes that were tried on a certificate, or on a key of a token by its labels, since the last right one. Each is counted before
-- it is tried, so that none gets by.
CREATE TABLE code_try (
    lock {KEY} PRIMARY KEY,
    count BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);

-- A document that is signed here: whoever holds its record signs, then the agency numbers and seals it.
-- role: a document of its own; an attachment, which goes with main_id and is sealed after it; a copy. state: 0 waits for a
-- person, 1 waits for the seal, 2 sealed by the agency, 3 taken back, 4 waits for its document. first_file_id: as it was brought;
-- file_id: with everything up to the last signature. spot: where on its pages the person's signature is seen; kept: where
-- number and date were kept free, in tenths of a millimetre. seal_post_id: the post that seals a document which goes its own way,
-- on a record of its own; others go with the record that they belong to.
CREATE TABLE signing_document (
    id {PK},
    record_id BIGINT NOT NULL REFERENCES record (id),
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    title TEXT NOT NULL,
    role TEXT NOT NULL,
    main_id BIGINT REFERENCES signing_document (id),
    first_file_id BIGINT NOT NULL REFERENCES file (id),
    file_id BIGINT NOT NULL REFERENCES file (id),
    spot TEXT NOT NULL,
    kept TEXT,
    sign_post_id BIGINT REFERENCES post (id),
    seal_post_id BIGINT REFERENCES post (id),
    state BIGINT NOT NULL,
    number TEXT,
    numbered_on TEXT,
    added_at BIGINT NOT NULL,
    added_by BIGINT NOT NULL REFERENCES officer (id),
    withdrawn_at BIGINT,
    withdrawn_by BIGINT REFERENCES officer (id),
    withdrawn_because TEXT,
    revision BIGINT NOT NULL
);
CREATE INDEX signing_document_withdrawn_by ON signing_document (withdrawn_by) WHERE withdrawn_by IS NOT NULL;
CREATE INDEX signing_document_sign_post ON signing_document (sign_post_id) WHERE sign_post_id IS NOT NULL;
CREATE INDEX signing_document_seal_post ON signing_document (seal_post_id) WHERE seal_post_id IS NOT NULL;
CREATE INDEX signing_document_record ON signing_document (record_id, id);
CREATE INDEX signing_document_main ON signing_document (main_id) WHERE main_id IS NOT NULL;
CREATE INDEX signing_document_unit ON signing_document (unit_id);
-- The numbers of a year are told from those before it: in January there are few.
CREATE INDEX signing_document_numbered ON signing_document (unit_id, substr(numbered_on, 1, 4), id) WHERE number IS NOT NULL;
-- No number is given twice in a year, not even when its document was taken back.
CREATE UNIQUE INDEX signing_document_number ON signing_document (unit_id, number, substr(numbered_on, 1, 4))
    WHERE number IS NOT NULL;
CREATE INDEX signing_document_first_file ON signing_document (first_file_id);
CREATE INDEX signing_document_file ON signing_document (file_id);
CREATE INDEX signing_document_added_by ON signing_document (added_by);

-- A signature on such a document: with what, by whom, and the file that came out. stamped_at is the time that a timestamp
-- authority vouches for; waived_at when somebody let the document go on without one. page and corners tell where it is seen:
-- left, bottom, right and top in points; pictured, whether as a picture or in words.
CREATE TABLE document_signature (
    id {PK},
    document_id BIGINT NOT NULL REFERENCES signing_document (id),
    signer_id BIGINT NOT NULL REFERENCES signer (id),
    kind TEXT NOT NULL,
    officer_id BIGINT NOT NULL REFERENCES officer (id),
    on_behalf_of BIGINT REFERENCES post (id),
    at BIGINT NOT NULL,
    stamped_at BIGINT,
    waived_at BIGINT,
    waived_by BIGINT REFERENCES officer (id),
    page BIGINT,
    corners TEXT,
    pictured BOOLEAN NOT NULL
);
CREATE INDEX document_signature_document ON document_signature (document_id, id);
CREATE INDEX document_signature_signer ON document_signature (signer_id);
CREATE INDEX document_signature_officer ON document_signature (officer_id);
CREATE INDEX document_signature_waived_by ON document_signature (waived_by) WHERE waived_by IS NOT NULL;
CREATE INDEX document_signature_on_behalf_of ON document_signature (on_behalf_of) WHERE on_behalf_of IS NOT NULL;

-- What is still to be had from outside for a signature: its timestamp; then what proves it for years; then, before the
-- timestamp's own certificate ends, another timestamp over all. When it is next asked for, how often it was, and why it was
-- not had.
CREATE TABLE signature_wait (
    signature_id BIGINT PRIMARY KEY REFERENCES document_signature (id),
    wants TEXT NOT NULL,
    next_at BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    told TEXT
);
CREATE INDEX signature_wait_stamp ON signature_wait (next_at) WHERE wants = 'timestamp';
CREATE INDEX signature_wait_proof ON signature_wait (next_at) WHERE wants <> 'timestamp';
CREATE INDEX signature_wait_in_vain ON signature_wait (signature_id) WHERE tries > 2;

-- A document that is out to be signed with a key at somebody's desk. file_id: what was sent out, with number and day where
-- places are kept for them; errand: whose it is, until when, and the hashes of its passes; taken: SHA-256 of what came back
-- and was taken; told: why it was not. When it is sent out again, the row of the first sending
-- goes; the others go a day after the end of their passes (until).
CREATE TABLE signing_errand (
    id {PK},
    document_id BIGINT NOT NULL REFERENCES signing_document (id),
    signer_id BIGINT NOT NULL REFERENCES signer (id),
    officer_id BIGINT NOT NULL REFERENCES officer (id),
    file_id BIGINT NOT NULL REFERENCES file (id),
    revision BIGINT NOT NULL,
    number TEXT,
    numbered_on TEXT,
    errand TEXT NOT NULL,
    until BIGINT NOT NULL,
    taken TEXT,
    told TEXT,
    signature_id BIGINT REFERENCES document_signature (id)
);
CREATE INDEX signing_errand_document ON signing_errand (document_id, officer_id);
CREATE INDEX signing_errand_signer ON signing_errand (signer_id);
CREATE INDEX signing_errand_officer ON signing_errand (officer_id);
CREATE INDEX signing_errand_file ON signing_errand (file_id);
CREATE INDEX signing_errand_until ON signing_errand (until);
CREATE INDEX signing_errand_number ON signing_errand (number) WHERE number IS NOT NULL;
CREATE INDEX signing_errand_signature ON signing_errand (signature_id) WHERE signature_id IS NOT NULL;

-- Documents that are signed by a key at a remote service once its owner has agreed on a phone, all with one consent. job: what is
-- asked and what the service answered, nothing secret in it; next_at: when it is asked again; told: why it came to nothing.
-- While it runs, the same key (certificate: its SHA-256, in whichever lists it stands) is asked for nothing else. It goes a day
-- after its end.
CREATE TABLE remote_job (
    id {PK},
    signer_id BIGINT NOT NULL REFERENCES signer (id),
    certificate TEXT NOT NULL,
    officer_id BIGINT NOT NULL REFERENCES officer (id),
    description TEXT NOT NULL,
    job TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    until BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    ended_at BIGINT,
    told TEXT
);
CREATE UNIQUE INDEX remote_job_running ON remote_job (certificate) WHERE ended_at IS NULL;
CREATE INDEX remote_job_due ON remote_job (next_at) WHERE ended_at IS NULL;
CREATE INDEX remote_job_signer ON remote_job (signer_id);
CREATE INDEX remote_job_officer ON remote_job (officer_id, id);
CREATE INDEX remote_job_ended ON remote_job (ended_at) WHERE ended_at IS NOT NULL;

-- One of them. file_id and outline: the document with an empty signature, and what is needed to put the signature in; without
-- them it could not be prepared, and told says why; document_id is empty where it was not this person's to sign. title: as whoever
-- asked read it. page, corners and pictured: where the signature is seen.
CREATE TABLE remote_document (
    id {PK},
    job_id BIGINT NOT NULL REFERENCES remote_job (id),
    place BIGINT NOT NULL,
    title TEXT NOT NULL,
    document_id BIGINT REFERENCES signing_document (id),
    file_id BIGINT REFERENCES file (id),
    outline TEXT,
    revision BIGINT NOT NULL,
    number TEXT,
    numbered_on TEXT,
    page BIGINT,
    corners TEXT,
    pictured BOOLEAN NOT NULL,
    told TEXT,
    signature_id BIGINT REFERENCES document_signature (id)
);
CREATE INDEX remote_document_job ON remote_document (job_id, place);
CREATE INDEX remote_document_document ON remote_document (document_id) WHERE document_id IS NOT NULL;
CREATE INDEX remote_document_file ON remote_document (file_id) WHERE file_id IS NOT NULL;
CREATE INDEX remote_document_number ON remote_document (number) WHERE number IS NOT NULL;
CREATE INDEX remote_document_signature ON remote_document (signature_id) WHERE signature_id IS NOT NULL;
