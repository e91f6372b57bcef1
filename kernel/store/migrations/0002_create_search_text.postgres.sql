-- Tokens are made by us (types::text); the index only keeps them.
CREATE TABLE search_text (
    record_id BIGINT PRIMARY KEY,
    tokens TEXT[] NOT NULL
);
CREATE INDEX search_text_tokens ON search_text USING gin (tokens);
