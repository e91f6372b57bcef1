-- A certificate of an authority: trust begins here, or it helps to find the way. Each is held to its hash when it is entered
-- and again when it is used. One that was taken off the list stays, with the day.
CREATE TABLE trust_certificate (
    id {PK},
    sha256 TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    role TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT NOT NULL,
    source TEXT NOT NULL,
    pem TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    removed_at BIGINT
);
CREATE UNIQUE INDEX trust_certificate_listed ON trust_certificate (sha256) WHERE removed_at IS NULL;
