-- A second net below the conditions of every statement: users who do not own the tables see the rows of
-- one tenant, or of everyone where a transaction says so; without a word, nothing. Set by
-- crates/store/src/engine/postgres.rs. The owner is not held to it, so that an installation with one
-- user goes on as before. Jobs and dead letters hold identifiers alone.

DO $$
DECLARE
    name TEXT;
    owned TEXT;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'tenants', 'members', 'conversations', 'inbound', 'outbound', 'invoices', 'invoice_lines',
        'invoice_series', 'events', 'answers', 'model_calls', 'document_traces', 'vendor_hints'
    ] LOOP
        owned := CASE name WHEN 'tenants' THEN 'id' ELSE 'tenant' END;
        EXECUTE FORMAT('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE FORMAT(
            'CREATE POLICY one_tenant ON %I USING (%I = CURRENT_SETTING(''billhook.tenant'', TRUE) '
            'OR CURRENT_SETTING(''billhook.tenant'', TRUE) = ''everyone'')', name, owned);
    END LOOP;
END
$$;
