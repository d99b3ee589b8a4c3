-- What calls of models have cost. Read by crates/store/src/tables/spending.rs.
--
-- charged is in millionths of a US dollar: the most that the call can cost from its reservation
-- on, what it has cost once settled_at is set. A call whose process ended stays charged in full.

CREATE TABLE model_calls (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    tenant TEXT COLLATE "C" NOT NULL REFERENCES tenants (id),
    task TEXT COLLATE "C" NOT NULL,
    input TEXT COLLATE "C" NOT NULL,
    document TEXT COLLATE "C",
    model TEXT COLLATE "C" NOT NULL,
    input_tokens BIGINT NOT NULL,
    cached_tokens BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    charged BIGINT NOT NULL CHECK (charged >= 0),
    outcome TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    settled_at BIGINT
);
CREATE INDEX model_calls_by_time ON model_calls (created_at, charged);
CREATE INDEX model_calls_by_document ON model_calls (tenant, document);
