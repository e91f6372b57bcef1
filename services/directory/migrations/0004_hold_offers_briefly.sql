-- A secret that waits for its first code waits for minutes only: what was left on the screen must not be confirmed later.
ALTER TABLE account ADD COLUMN totp_pending_at BIGINT;
-- The session that asked for it. Sessions that are over are deleted, hence no reference.
ALTER TABLE account ADD COLUMN totp_pending_session BIGINT;
