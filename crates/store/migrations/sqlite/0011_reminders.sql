-- Who wants to be reminded of what is due, and when it was last looked what he is to be told. Read by
-- crates/store/src/tables/reminders.rs.

ALTER TABLE conversations ADD COLUMN reminders INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN reminded_at INTEGER;
CREATE INDEX conversations_reminded ON conversations (id) WHERE reminders = 1;
