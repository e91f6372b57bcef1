-- Units of government with their history: a unit lies under another from a day to a day (both included).
CREATE TABLE unit (
    id {PK},
    code TEXT,
    gso_code TEXT,
    name TEXT NOT NULL,
    short_name TEXT NOT NULL,
    kind TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX unit_code ON unit (code);
CREATE INDEX unit_gso_code ON unit (gso_code);

CREATE TABLE unit_place (
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    parent_id BIGINT REFERENCES unit (id),
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    PRIMARY KEY (unit_id, valid_from)
);
CREATE INDEX unit_place_parent ON unit_place (parent_id);

-- People who work for a unit. The unit is the one whose administrator keeps them; posts say what they do.
CREATE TABLE officer (
    id {PK},
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    folded TEXT NOT NULL,
    phone TEXT NOT NULL,
    email TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX officer_unit ON officer (unit_id);

CREATE TABLE post (
    id {PK},
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    fields {JSON} NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX post_unit ON post (unit_id);

CREATE TABLE post_holder (
    id {PK},
    post_id BIGINT NOT NULL REFERENCES post (id),
    officer_id BIGINT NOT NULL REFERENCES officer (id),
    valid_from TEXT NOT NULL,
    valid_to TEXT
);
CREATE INDEX post_holder_post ON post_holder (post_id);
CREATE INDEX post_holder_officer ON post_holder (officer_id);

-- Roles: named sets of permissions, owned by a unit and granted to posts of that unit and below.
CREATE TABLE role (
    id {PK},
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    name TEXT NOT NULL,
    preset TEXT,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX role_name ON role (unit_id, name);

CREATE TABLE role_permission (
    role_id BIGINT NOT NULL REFERENCES role (id),
    permission TEXT NOT NULL,
    PRIMARY KEY (role_id, permission)
);

CREATE TABLE post_role (
    id {PK},
    post_id BIGINT NOT NULL REFERENCES post (id),
    role_id BIGINT NOT NULL REFERENCES role (id),
    valid_from TEXT NOT NULL,
    valid_to TEXT
);
CREATE INDEX post_role_post ON post_role (post_id);
CREATE INDEX post_role_role ON post_role (role_id);

-- Another officer acts for the holder of a post, from a moment up to a moment.
CREATE TABLE stand_in (
    id {PK},
    post_id BIGINT NOT NULL REFERENCES post (id),
    officer_id BIGINT NOT NULL REFERENCES officer (id),
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    reason TEXT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX stand_in_post ON stand_in (post_id);
CREATE INDEX stand_in_officer ON stand_in (officer_id);
