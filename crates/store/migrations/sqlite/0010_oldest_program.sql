-- The oldest program that can work with this schema, by the last migration that it knows. A migration
-- that takes something away, once nobody needs it, raises it; one that only adds leaves it, so that the
-- version before goes on beside the new one and can be gone back to. Read by crates/store/src/engine/schema.rs.

CREATE TABLE _oldest_program (knows INTEGER NOT NULL) STRICT;
INSERT INTO _oldest_program (knows) VALUES (10);
