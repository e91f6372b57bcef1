-- The key is made to be compared byte by byte.
ALTER TABLE officer ALTER COLUMN name_key TYPE TEXT COLLATE "C";
CREATE INDEX officer_name ON officer (name_key, id);
