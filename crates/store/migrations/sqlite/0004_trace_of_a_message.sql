-- The trace that a message and its replies belong to, as a W3C traceparent. Read by
-- crates/store/src/tables/inbox.rs and outbox.rs; older messages have none.

ALTER TABLE inbound ADD COLUMN trace TEXT;
