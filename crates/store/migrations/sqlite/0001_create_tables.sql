-- The first schema. Read by crates/store/src/sqlite.
--
-- Identifiers are hyphenated UUIDs, instants whole milliseconds since 1970 in UTC, dates ISO 8601,
-- amounts whole minor units beside an ISO 4217 code, quantities, unit prices and rates decimals
-- written out (SQLite has no decimal type and would round them).

CREATE TABLE tenants (
    id TEXT NOT NULL PRIMARY KEY,
    is_owner INTEGER NOT NULL,
    habits TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX tenants_one_owner ON tenants (is_owner) WHERE is_owner = 1;

CREATE TABLE members (
    id TEXT NOT NULL PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenants (id),
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (channel, address)
) STRICT;
CREATE INDEX members_by_tenant ON members (tenant, created_at);

-- "places" numbers what both sides say; raising it also serialises writers of one conversation.
CREATE TABLE conversations (
    id TEXT NOT NULL PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenants (id),
    member TEXT NOT NULL UNIQUE REFERENCES members (id),
    memory TEXT NOT NULL,
    places INTEGER NOT NULL
) STRICT;

CREATE TABLE inbound (
    id TEXT NOT NULL PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenants (id),
    conversation TEXT NOT NULL REFERENCES conversations (id),
    place INTEGER NOT NULL,
    channel TEXT NOT NULL,
    provider_id TEXT NOT NULL,
    sender TEXT NOT NULL,
    recipient TEXT NOT NULL,
    profile_name TEXT NOT NULL,
    body TEXT NOT NULL,
    button TEXT,
    attachments TEXT NOT NULL,
    locale TEXT,
    received_at INTEGER NOT NULL,
    UNIQUE (channel, provider_id)
) STRICT;
CREATE UNIQUE INDEX inbound_in_order ON inbound (conversation, place);

-- due_at is the run time of a free job and the end of the lease of a claimed one. Only the eldest
-- open job of a conversation has one: the others wait for it.
CREATE TABLE jobs (
    id TEXT NOT NULL PRIMARY KEY,
    inbound TEXT NOT NULL UNIQUE REFERENCES inbound (id),
    conversation TEXT NOT NULL REFERENCES conversations (id),
    place INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'done', 'dead')),
    due_at INTEGER,
    attempts INTEGER NOT NULL,
    lease_token TEXT,
    ended_at INTEGER
) STRICT;
CREATE INDEX jobs_due ON jobs (due_at, id) WHERE state = 'open' AND due_at IS NOT NULL;
CREATE INDEX jobs_open_in_order ON jobs (conversation, place) WHERE state = 'open';
CREATE INDEX jobs_dead ON jobs (ended_at) WHERE state = 'dead';

CREATE TABLE dead_letters (
    job TEXT NOT NULL PRIMARY KEY REFERENCES jobs (id),
    step TEXT NOT NULL,
    error_class TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    buried_at INTEGER NOT NULL
) STRICT;

-- due_at as in jobs; begun_at marks a try whose end is unknown. Replies in channels that nobody
-- delivers to are "shown": they are read from here.
CREATE TABLE outbound (
    id TEXT NOT NULL PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenants (id),
    conversation TEXT NOT NULL REFERENCES conversations (id),
    place INTEGER NOT NULL,
    inbound TEXT REFERENCES inbound (id),
    channel TEXT NOT NULL,
    recipient TEXT NOT NULL,
    sender TEXT NOT NULL,
    body TEXT NOT NULL,
    buttons TEXT NOT NULL,
    file TEXT,
    link_token TEXT UNIQUE,
    link_until INTEGER,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'shown', 'sent', 'failed')),
    due_at INTEGER,
    attempts INTEGER NOT NULL,
    lease_token TEXT,
    begun_at INTEGER,
    provider_id TEXT,
    error_code INTEGER,
    created_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE INDEX outbound_due ON outbound (due_at, id) WHERE state = 'waiting' AND due_at IS NOT NULL;
CREATE INDEX outbound_waiting_in_order ON outbound (conversation, place) WHERE state = 'waiting';
CREATE UNIQUE INDEX outbound_in_order ON outbound (conversation, place);
CREATE INDEX outbound_by_inbound ON outbound (inbound, place);
CREATE INDEX outbound_sent_to ON outbound (recipient, ended_at) WHERE provider_id IS NOT NULL;

-- vendor and customer hold the whole party; the names beside them are those of the other side
-- only (the vendor of a received invoice, the customer of an issued one), since the tenant is
-- neither a vendor nor a customer of itself. "folded" columns are for comparison.
CREATE TABLE invoices (
    tenant TEXT NOT NULL REFERENCES tenants (id),
    id TEXT NOT NULL,
    direction TEXT NOT NULL,
    kind TEXT NOT NULL,
    number TEXT,
    vendor TEXT NOT NULL,
    vendor_name TEXT,
    vendor_folded TEXT,
    customer TEXT NOT NULL,
    customer_name TEXT,
    customer_folded TEXT,
    issue_date TEXT NOT NULL,
    due_date TEXT,
    paid_on TEXT,
    currency TEXT NOT NULL,
    decimals INTEGER NOT NULL,
    net_minor INTEGER,
    tax_minor INTEGER,
    gross_minor INTEGER NOT NULL,
    allowance_minor INTEGER,
    prepaid_minor INTEGER,
    rounding_minor INTEGER,
    taxes TEXT NOT NULL,
    category TEXT,
    category_folded TEXT,
    status TEXT NOT NULL,
    notes TEXT,
    document TEXT,
    duplicate_key TEXT,
    proof TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE UNIQUE INDEX invoices_one_of_a_document ON invoices (tenant, document)
    WHERE document IS NOT NULL;
CREATE INDEX invoices_by_duplicate_key ON invoices (tenant, duplicate_key)
    WHERE duplicate_key IS NOT NULL;
CREATE INDEX invoices_by_issue_date ON invoices (tenant, issue_date);
CREATE INDEX invoices_by_number ON invoices (tenant, number) WHERE number IS NOT NULL;
CREATE INDEX invoices_in_order ON invoices (tenant, created_at, id);

CREATE TABLE invoice_lines (
    tenant TEXT NOT NULL,
    invoice TEXT NOT NULL,
    place INTEGER NOT NULL,
    description TEXT NOT NULL,
    description_folded TEXT NOT NULL,
    quantity TEXT,
    unit_price TEXT,
    amount_minor INTEGER,
    tax_rate TEXT,
    PRIMARY KEY (tenant, invoice, place),
    FOREIGN KEY (tenant, invoice) REFERENCES invoices (tenant, id) ON DELETE CASCADE
) STRICT;

-- The last place that was taken in a tenant's series of a year.
CREATE TABLE invoice_series (
    tenant TEXT NOT NULL REFERENCES tenants (id),
    year INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (tenant, year)
) STRICT;

-- The audit trail: each hash covers the one before, so that nothing can be taken out unseen.
CREATE TABLE events (
    id TEXT NOT NULL PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenants (id),
    place INTEGER NOT NULL,
    at INTEGER NOT NULL,
    member TEXT,
    action TEXT NOT NULL,
    before_image TEXT,
    after_image TEXT,
    undoes TEXT UNIQUE REFERENCES events (id),
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    UNIQUE (tenant, place)
) STRICT;

CREATE TABLE answers (
    tenant TEXT NOT NULL REFERENCES tenants (id),
    key TEXT NOT NULL,
    body TEXT NOT NULL,
    model TEXT NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, key)
) STRICT;
