-- SQLite compares text byte by byte, which is the order of the key.
CREATE INDEX officer_name ON officer (name_key, id);
