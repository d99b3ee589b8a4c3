-- What all processes do together is begun by one of them: when it was last begun, and up to when it has
-- got. Read by crates/store/src/tables/chores.rs.
--
-- When a message was sent that did not come by itself but was found at the provider: a reply to it may
-- be there too. Read by crates/store/src/tables/inbox.rs.
--
-- Whether the provider could hand over a reply that it had accepted, and why not, by its code. Read by
-- crates/store/src/tables/outbox.rs; nothing where it has not said.

CREATE TABLE chores (
    name TEXT NOT NULL PRIMARY KEY,
    begun_at INTEGER NOT NULL,
    reached_at INTEGER NOT NULL
) STRICT;
ALTER TABLE inbound ADD COLUMN sent_at INTEGER;
ALTER TABLE outbound ADD COLUMN arrival TEXT CHECK (arrival IN ('delivered', 'lost'));
ALTER TABLE outbound ADD COLUMN arrival_code INTEGER;
