-- Which files a tenant has brought or was sent, and which are to be deleted because the last one who had
-- them wants it so. Read by crates/store/src/tables/erasing.rs. erased_files names bytes and nobody, so
-- no row policy is on it.
--
-- Of a person whose data were deleted there remain rows without content: their identifiers keep a
-- provider, or a worker that was late, from bringing anything back. "sender" of such a message is empty.

CREATE TABLE kept_files (
    tenant TEXT NOT NULL REFERENCES tenants (id),
    hash TEXT NOT NULL,
    kept_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, hash)
) STRICT;
CREATE INDEX kept_files_by_hash ON kept_files (hash);

CREATE TABLE erased_files (
    hash TEXT NOT NULL PRIMARY KEY,
    erased_at INTEGER NOT NULL
) STRICT;

ALTER TABLE tenants ADD COLUMN erased_at INTEGER;
ALTER TABLE conversations ADD COLUMN closed_at INTEGER;

INSERT OR IGNORE INTO kept_files
    SELECT tenant, document, created_at FROM invoices WHERE document IS NOT NULL;
INSERT OR IGNORE INTO kept_files
    SELECT tenant, document, kept_at FROM document_traces;
INSERT OR IGNORE INTO kept_files
    SELECT tenant, JSON_EXTRACT(file, '$.hash'), created_at FROM outbound WHERE file IS NOT NULL;
INSERT OR IGNORE INTO kept_files
    SELECT inbound.tenant, JSON_EXTRACT(one.value, '$.source.stored'), inbound.received_at
    FROM inbound, JSON_EACH(inbound.attachments) AS one
    WHERE JSON_EXTRACT(one.value, '$.source.stored') IS NOT NULL;
