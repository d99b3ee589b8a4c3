-- Which files a tenant has brought or was sent, and which are to be deleted because the last one who had
-- them wants it so. Read by crates/store/src/tables/erasing.rs. erased_files names bytes and nobody, so
-- no row policy is on it.
--
-- Of a person whose data were deleted there remain rows without content: their identifiers keep a
-- provider, or a worker that was late, from bringing anything back. "sender" of such a message is empty.
--
-- Who writes rows may not delete entries of the audit trail, except by the function below: those of the
-- one tenant that the transaction is about, once that tenant is marked as erased.

CREATE TABLE kept_files (
    tenant TEXT COLLATE "C" NOT NULL REFERENCES tenants (id),
    hash TEXT COLLATE "C" NOT NULL,
    kept_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, hash)
);
CREATE INDEX kept_files_by_hash ON kept_files (hash);
ALTER TABLE kept_files ENABLE ROW LEVEL SECURITY;
CREATE POLICY one_tenant ON kept_files USING (
    tenant = CURRENT_SETTING('billhook.tenant', TRUE)
    OR CURRENT_SETTING('billhook.tenant', TRUE) = 'everyone'
);

CREATE TABLE erased_files (
    hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    erased_at BIGINT NOT NULL
);

ALTER TABLE tenants ADD COLUMN erased_at BIGINT;
ALTER TABLE conversations ADD COLUMN closed_at BIGINT;

INSERT INTO kept_files
    SELECT tenant, document, created_at FROM invoices WHERE document IS NOT NULL
    ON CONFLICT DO NOTHING;
INSERT INTO kept_files
    SELECT tenant, document, kept_at FROM document_traces
    ON CONFLICT DO NOTHING;
INSERT INTO kept_files
    SELECT tenant, CAST(file AS JSONB) ->> 'hash', created_at FROM outbound WHERE file IS NOT NULL
    ON CONFLICT DO NOTHING;
INSERT INTO kept_files
    SELECT inbound.tenant, one.value #>> '{source,stored}', inbound.received_at
    FROM inbound CROSS JOIN LATERAL JSONB_ARRAY_ELEMENTS(CAST(inbound.attachments AS JSONB)) AS one
    WHERE one.value #>> '{source,stored}' IS NOT NULL
    ON CONFLICT DO NOTHING;

CREATE FUNCTION erase_trail(whose TEXT) RETURNS VOID LANGUAGE sql SECURITY DEFINER
    SET search_path FROM CURRENT AS $$
        DELETE FROM events WHERE tenant = whose
        AND whose = CURRENT_SETTING('billhook.tenant', TRUE)
        AND EXISTS (SELECT 1 FROM tenants WHERE id = whose AND erased_at IS NOT NULL);
    $$;
