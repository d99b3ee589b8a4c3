-- What documents showed on paper, and what corrections have taught about vendors. Read by
-- crates/store/src/sqlite/vendor_memory.rs.
--
-- "trace" and "hint" are JSON of the domain. A fingerprint holds 64 bits as a signed number.

CREATE TABLE document_traces (
    tenant TEXT NOT NULL REFERENCES tenants (id),
    document TEXT NOT NULL,
    fingerprint INTEGER,
    trace TEXT NOT NULL,
    kept_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, document)
) STRICT;
CREATE INDEX document_traces_seen ON document_traces (tenant, kept_at)
    WHERE fingerprint IS NOT NULL;

CREATE TABLE vendor_hints (
    tenant TEXT NOT NULL REFERENCES tenants (id),
    key TEXT NOT NULL,
    hint TEXT NOT NULL,
    taught_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, key)
) STRICT;
