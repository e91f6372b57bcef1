-- What the installation says of itself: who made it, in whose name its pages speak.
CREATE TABLE installation (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
