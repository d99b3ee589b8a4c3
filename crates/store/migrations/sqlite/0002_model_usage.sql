-- What calls of models have cost. Read by crates/store/src/sqlite/spending.rs.
--
-- charged is in millionths of a US dollar: the most that the call can cost from its reservation
-- on, what it has cost once settled_at is set. A call whose process ended stays charged in full.

CREATE TABLE model_calls (
    id TEXT NOT NULL PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenants (id),
    task TEXT NOT NULL,
    input TEXT NOT NULL,
    document TEXT,
    model TEXT NOT NULL,
    input_tokens INTEGER NOT NULL,
    cached_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    charged INTEGER NOT NULL CHECK (charged >= 0),
    outcome TEXT,
    created_at INTEGER NOT NULL,
    settled_at INTEGER
) STRICT;
CREATE INDEX model_calls_by_time ON model_calls (created_at, charged);
CREATE INDEX model_calls_by_document ON model_calls (tenant, document);
