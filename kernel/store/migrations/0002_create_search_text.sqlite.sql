-- Tokens are made by us (types::text); the index only keeps them. The `ascii` tokeniser keeps every letter that is not
-- ASCII, so that it never cuts where ours did not. Its row id is the record's id: newest first for nothing.
CREATE VIRTUAL TABLE search_text USING fts5(
    tokens, content='', contentless_delete=1, detail=none, tokenize='ascii'
);
