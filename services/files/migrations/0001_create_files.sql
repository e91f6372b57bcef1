-- A received or produced file. The bytes lie in the folder under their hash; many rows may share them.
CREATE TABLE file (
    id {PK},
    hash TEXT NOT NULL,
    size BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by BIGINT REFERENCES officer (id)
);
CREATE INDEX file_hash ON file (hash);
CREATE INDEX file_created_by ON file (created_by);
