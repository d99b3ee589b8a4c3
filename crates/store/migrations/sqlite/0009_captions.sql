-- A text that came right behind a message of files alone, as some phones send a picture and its caption:
-- the message that it belongs to, whose turn answers both. Read by crates/store/src/tables/captions.rs.

ALTER TABLE jobs ADD COLUMN joined TEXT;
CREATE INDEX jobs_joined ON jobs (joined) WHERE joined IS NOT NULL;
