-- Keys with which values are sealed; the keys themselves stand in a file beside the database. A row that has sealed values refers
-- to the oldest generation that one of them needs, so that none is retired too early. proof: what tells a key from another;
-- lost_at: somebody said that this key is nowhere any more.
CREATE TABLE sealing_key (
    generation {PK},
    proof TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    lost_at BIGINT
);

-- How officers prove who they are. Passwords are Argon2id; the second factor's secret is sealed with a key that is
-- not in the database.
CREATE TABLE account (
    officer_id {PK} REFERENCES officer (id),
    username TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    password_set_at BIGINT NOT NULL,
    must_change BOOLEAN NOT NULL,
    totp_secret TEXT,
    totp_confirmed_at BIGINT,
    totp_pending TEXT,
    totp_step BIGINT NOT NULL DEFAULT 0,
    sealed_with BIGINT REFERENCES sealing_key (generation),
    created_at BIGINT NOT NULL,
    last_sign_in_at BIGINT,
    disabled_at BIGINT
);
CREATE UNIQUE INDEX account_username ON account (username);
CREATE INDEX account_sealed_with ON account (sealed_with, officer_id) WHERE sealed_with IS NOT NULL;

CREATE TABLE password_history (
    officer_id BIGINT NOT NULL REFERENCES officer (id),
    set_at BIGINT NOT NULL,
    password_hash TEXT NOT NULL,
    PRIMARY KEY (officer_id, set_at)
);

CREATE TABLE session (
    id {PK},
    token_hash TEXT NOT NULL,
    officer_id BIGINT NOT NULL REFERENCES officer (id),
    kind TEXT NOT NULL,
    device_hash TEXT NOT NULL,
    device_label TEXT NOT NULL,
    client TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE UNIQUE INDEX session_token ON session (token_hash);
CREATE INDEX session_officer ON session (officer_id, ended_at);
CREATE INDEX session_seen ON session (seen_at);

-- Devices from which an account has signed in before: no stranger can lock these out.
CREATE TABLE known_device (
    officer_id BIGINT NOT NULL REFERENCES officer (id),
    device_hash TEXT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (officer_id, device_hash)
);

-- Tries that failed, per account and device, per account from unknown devices, and per address.
-- Subjects are keyed hashes: a password typed into the name's box is kept nowhere.
CREATE TABLE sign_in_failure (
    scope TEXT NOT NULL,
    subject TEXT NOT NULL,
    failures BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    strikes BIGINT NOT NULL,
    locked_until BIGINT NOT NULL,
    PRIMARY KEY (scope, subject)
);
CREATE INDEX sign_in_failure_last ON sign_in_failure (last_at);

-- Tokens for programs that act as an officer.
CREATE TABLE api_token (
    id {PK},
    token_hash TEXT NOT NULL,
    officer_id BIGINT NOT NULL REFERENCES officer (id),
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE UNIQUE INDEX api_token_hash ON api_token (token_hash);
CREATE INDEX api_token_officer ON api_token (officer_id);
