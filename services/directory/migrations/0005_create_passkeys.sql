-- Keys with which officers sign in in place of password and code. The private half stays in a phone, a PC or a security
-- key; here stands the public half as the library keeps it, with its counter and whether it is copied between devices.
-- An officer's handle is a random one, so that what the devices keep names nobody.
CREATE TABLE passkey (
    id {PK},
    officer_id BIGINT NOT NULL REFERENCES officer (id),
    credential_id TEXT NOT NULL,
    user_handle TEXT NOT NULL,
    name TEXT NOT NULL,
    credential TEXT NOT NULL,
    sign_count BIGINT NOT NULL,
    backup_eligible BOOLEAN NOT NULL,
    backed_up BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT,
    suspect_at BIGINT,
    ended_at BIGINT,
    ended_by BIGINT REFERENCES officer (id)
);
CREATE UNIQUE INDEX passkey_credential ON passkey (credential_id);
CREATE INDEX passkey_officer ON passkey (officer_id, id);
CREATE INDEX passkey_ended_by ON passkey (ended_by);

-- What a browser was asked and has not answered yet: for minutes, for one answer, and for the device or session it was
-- asked in. Any node can read the answer, also after a restart.
CREATE TABLE passkey_ceremony (
    id {PK},
    kind TEXT NOT NULL,
    bound_to TEXT NOT NULL,
    client TEXT NOT NULL,
    asked TEXT NOT NULL,
    state TEXT NOT NULL,
    ends_at BIGINT NOT NULL
);
CREATE INDEX passkey_ceremony_client ON passkey_ceremony (client, ends_at);
CREATE INDEX passkey_ceremony_ends ON passkey_ceremony (ends_at);

-- The passkey that opened a session or was made in it: such a session has both factors.
ALTER TABLE session ADD COLUMN passkey_id BIGINT REFERENCES passkey (id);
CREATE INDEX session_passkey ON session (passkey_id);
