-- Hours of a unit from a day on, until its next ones. Without a week the unit follows the one above it again.
CREATE TABLE unit_hours (
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    valid_from TEXT NOT NULL,
    week {JSON},
    cut_off BIGINT,
    basis TEXT NOT NULL,
    PRIMARY KEY (unit_id, valid_from)
);

-- A day on which a unit and those below it differ from the country: closed (no periods) or worked.
CREATE TABLE local_day (
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    day TEXT NOT NULL,
    periods {JSON} NOT NULL,
    reason TEXT NOT NULL,
    basis TEXT NOT NULL,
    PRIMARY KEY (unit_id, day)
);

-- Years that were entered here as a whole; they stand in place of what ships with the program.
CREATE TABLE public_year (
    year {PK},
    entered_at BIGINT NOT NULL
);

-- What was decided for the country: breaks and swapped days, those of an entered year or beside a shipped one.
CREATE TABLE public_decision (
    id {PK},
    year BIGINT NOT NULL,
    kind TEXT NOT NULL,
    occasion TEXT NOT NULL,
    first_day TEXT NOT NULL,
    second_day TEXT NOT NULL,
    number TEXT,
    issued_on TEXT,
    issuer TEXT,
    source TEXT,
    verified BOOLEAN NOT NULL
);
CREATE INDEX public_decision_year ON public_decision (year, id);
