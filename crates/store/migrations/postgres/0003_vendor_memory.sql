-- What documents showed on paper, and what corrections have taught about vendors. Read by
-- crates/store/src/tables/vendor_memory.rs.
--
-- "trace" and "hint" are JSON of the domain. A fingerprint holds 64 bits as a signed number.

CREATE TABLE document_traces (
    tenant TEXT COLLATE "C" NOT NULL REFERENCES tenants (id),
    document TEXT COLLATE "C" NOT NULL,
    fingerprint BIGINT,
    trace TEXT COLLATE "C" NOT NULL,
    kept_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, document)
);
CREATE INDEX document_traces_seen ON document_traces (tenant, kept_at)
    WHERE fingerprint IS NOT NULL;

CREATE TABLE vendor_hints (
    tenant TEXT COLLATE "C" NOT NULL REFERENCES tenants (id),
    key TEXT COLLATE "C" NOT NULL,
    hint TEXT COLLATE "C" NOT NULL,
    taught_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, key)
);
