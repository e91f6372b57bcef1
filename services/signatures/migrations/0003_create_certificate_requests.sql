-- What somebody asks of the authority that issues certificates: a new one, a longer life, a change, an end. It goes through whoever
-- keeps the register of the agency. ask: new, renew, change, revoke, suspend, unlock; kind: whose certificate, a person's or an
-- agency's; signer_id: the certificate of the register that it is about; key_wish: where the key shall lie, for a certificate that
-- is to be made. state: 0 asked, 1 confirmed, 2 sent, 3 done, 4 refused, 5 taken back. became_id: the certificate that came of it.
-- identity is a person's number, sealed: it is emptied when the request is closed, since nobody needs it any more.
CREATE TABLE certificate_request (
    id {PK},
    ask TEXT NOT NULL,
    kind TEXT NOT NULL,
    officer_id BIGINT REFERENCES officer (id),
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    signer_id BIGINT REFERENCES signer (id),
    name TEXT NOT NULL,
    post TEXT NOT NULL,
    workplace TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    identity TEXT NOT NULL,
    key_wish TEXT,
    reason TEXT NOT NULL,
    state BIGINT NOT NULL,
    sent_number TEXT,
    sent_on TEXT,
    became_id BIGINT REFERENCES signer (id),
    asked_at BIGINT NOT NULL,
    asked_by BIGINT NOT NULL REFERENCES officer (id),
    revision BIGINT NOT NULL,
    sealed_with BIGINT REFERENCES sealing_key (generation)
);
-- The same is asked for once until it is answered.
CREATE UNIQUE INDEX certificate_request_open
    ON certificate_request (unit_id, ask, coalesce(officer_id, 0), coalesce(signer_id, 0)) WHERE state < 3;
CREATE INDEX certificate_request_unit ON certificate_request (unit_id, state, asked_at, id);
CREATE INDEX certificate_request_agency ON certificate_request (unit_id, asked_at, id) WHERE kind = 'agency';
CREATE INDEX certificate_request_asked_by ON certificate_request (asked_by, asked_at, id);
CREATE INDEX certificate_request_officer ON certificate_request (officer_id) WHERE officer_id IS NOT NULL;
CREATE INDEX certificate_request_signer ON certificate_request (signer_id) WHERE signer_id IS NOT NULL;
CREATE INDEX certificate_request_became ON certificate_request (became_id) WHERE became_id IS NOT NULL;
CREATE INDEX certificate_request_sealed_with ON certificate_request (sealed_with, id) WHERE sealed_with IS NOT NULL;

-- What became of a request, step by step: the state that it came into, by whom, and what was said.
CREATE TABLE certificate_request_step (
    id {PK},
    request_id BIGINT NOT NULL REFERENCES certificate_request (id),
    state BIGINT NOT NULL,
    at BIGINT NOT NULL,
    officer_id BIGINT NOT NULL REFERENCES officer (id),
    note TEXT NOT NULL
);
CREATE INDEX certificate_request_step_request ON certificate_request_step (request_id, id);
CREATE INDEX certificate_request_step_officer ON certificate_request_step (officer_id);
