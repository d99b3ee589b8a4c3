-- What all processes do together is begun by one of them: when it was last begun, and up to when it has
-- got. Read by crates/store/src/tables/chores.rs. It belongs to no tenant, so no row policy is on it.
--
-- When a message was sent that did not come by itself but was found at the provider: a reply to it may
-- be there too. Read by crates/store/src/tables/inbox.rs.
--
-- Whether the provider could hand over a reply that it had accepted, and why not, by its code. Read by
-- crates/store/src/tables/outbox.rs; nothing where it has not said.

CREATE TABLE chores (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    begun_at BIGINT NOT NULL,
    reached_at BIGINT NOT NULL
);
ALTER TABLE inbound ADD COLUMN sent_at BIGINT;
ALTER TABLE outbound ADD COLUMN arrival TEXT COLLATE "C" CHECK (arrival IN ('delivered', 'lost'));
ALTER TABLE outbound ADD COLUMN arrival_code BIGINT;
