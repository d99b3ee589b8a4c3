-- The first schema. Read by crates/store/src/tables.
--
-- Identifiers are hyphenated UUIDs, instants whole milliseconds since 1970 in UTC, dates ISO 8601,
-- amounts whole minor units beside an ISO 4217 code, quantities, unit prices and rates decimals
-- written out. The same tables as on SQLite, which has no decimal type; text is compared byte by byte
-- there and so here.

CREATE TABLE tenants (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    is_owner BIGINT NOT NULL,
    habits TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX tenants_one_owner ON tenants (is_owner) WHERE is_owner = 1;

CREATE TABLE members (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    tenant TEXT COLLATE "C" NOT NULL REFERENCES tenants (id),
    channel TEXT COLLATE "C" NOT NULL,
    address TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (channel, address)
);
CREATE INDEX members_by_tenant ON members (tenant, created_at);

-- "places" numbers what both sides say; raising it also serialises writers of one conversation.
CREATE TABLE conversations (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    tenant TEXT COLLATE "C" NOT NULL REFERENCES tenants (id),
    member TEXT COLLATE "C" NOT NULL UNIQUE REFERENCES members (id),
    memory TEXT COLLATE "C" NOT NULL,
    places BIGINT NOT NULL
);

CREATE TABLE inbound (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    tenant TEXT COLLATE "C" NOT NULL REFERENCES tenants (id),
    conversation TEXT COLLATE "C" NOT NULL REFERENCES conversations (id),
    place BIGINT NOT NULL,
    channel TEXT COLLATE "C" NOT NULL,
    provider_id TEXT COLLATE "C" NOT NULL,
    sender TEXT COLLATE "C" NOT NULL,
    recipient TEXT COLLATE "C" NOT NULL,
    profile_name TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    button TEXT COLLATE "C",
    attachments TEXT COLLATE "C" NOT NULL,
    locale TEXT COLLATE "C",
    received_at BIGINT NOT NULL,
    UNIQUE (channel, provider_id)
);
CREATE UNIQUE INDEX inbound_in_order ON inbound (conversation, place);

-- due_at is the run time of a free job and the end of the lease of a claimed one. Only the eldest
-- open job of a conversation has one: the others wait for it.
CREATE TABLE jobs (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    inbound TEXT COLLATE "C" NOT NULL UNIQUE REFERENCES inbound (id),
    conversation TEXT COLLATE "C" NOT NULL REFERENCES conversations (id),
    place BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('open', 'done', 'dead')),
    due_at BIGINT,
    attempts BIGINT NOT NULL,
    lease_token TEXT COLLATE "C",
    ended_at BIGINT
);
CREATE INDEX jobs_due ON jobs (due_at, id) WHERE state = 'open' AND due_at IS NOT NULL;
CREATE INDEX jobs_open_in_order ON jobs (conversation, place) WHERE state = 'open';
CREATE INDEX jobs_dead ON jobs (ended_at) WHERE state = 'dead';

CREATE TABLE dead_letters (
    job TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES jobs (id),
    step TEXT COLLATE "C" NOT NULL,
    error_class TEXT COLLATE "C" NOT NULL,
    attempts BIGINT NOT NULL,
    buried_at BIGINT NOT NULL
);

-- due_at as in jobs; begun_at marks a try whose end is unknown. Replies in channels that nobody
-- delivers to are "shown": they are read from here.
CREATE TABLE outbound (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    tenant TEXT COLLATE "C" NOT NULL REFERENCES tenants (id),
    conversation TEXT COLLATE "C" NOT NULL REFERENCES conversations (id),
    place BIGINT NOT NULL,
    inbound TEXT COLLATE "C" REFERENCES inbound (id),
    channel TEXT COLLATE "C" NOT NULL,
    recipient TEXT COLLATE "C" NOT NULL,
    sender TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    buttons TEXT COLLATE "C" NOT NULL,
    file TEXT COLLATE "C",
    link_token TEXT COLLATE "C" UNIQUE,
    link_until BIGINT,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'shown', 'sent', 'failed')),
    due_at BIGINT,
    attempts BIGINT NOT NULL,
    lease_token TEXT COLLATE "C",
    begun_at BIGINT,
    provider_id TEXT COLLATE "C",
    error_code BIGINT,
    created_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX outbound_due ON outbound (due_at, id) WHERE state = 'waiting' AND due_at IS NOT NULL;
CREATE INDEX outbound_waiting_in_order ON outbound (conversation, place) WHERE state = 'waiting';
CREATE UNIQUE INDEX outbound_in_order ON outbound (conversation, place);
CREATE INDEX outbound_by_inbound ON outbound (inbound, place);
CREATE INDEX outbound_sent_to ON outbound (recipient, ended_at) WHERE provider_id IS NOT NULL;

-- vendor and customer hold the whole party; the names beside them are those of the other side
-- only (the vendor of a received invoice, the customer of an issued one), since the tenant is
-- neither a vendor nor a customer of itself. "folded" columns are for comparison.
CREATE TABLE invoices (
    tenant TEXT COLLATE "C" NOT NULL REFERENCES tenants (id),
    id TEXT COLLATE "C" NOT NULL,
    direction TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    number TEXT COLLATE "C",
    vendor TEXT COLLATE "C" NOT NULL,
    vendor_name TEXT COLLATE "C",
    vendor_folded TEXT COLLATE "C",
    customer TEXT COLLATE "C" NOT NULL,
    customer_name TEXT COLLATE "C",
    customer_folded TEXT COLLATE "C",
    issue_date TEXT COLLATE "C" NOT NULL,
    due_date TEXT COLLATE "C",
    paid_on TEXT COLLATE "C",
    currency TEXT COLLATE "C" NOT NULL,
    decimals BIGINT NOT NULL,
    net_minor BIGINT,
    tax_minor BIGINT,
    gross_minor BIGINT NOT NULL,
    allowance_minor BIGINT,
    prepaid_minor BIGINT,
    rounding_minor BIGINT,
    taxes TEXT COLLATE "C" NOT NULL,
    category TEXT COLLATE "C",
    category_folded TEXT COLLATE "C",
    status TEXT COLLATE "C" NOT NULL,
    notes TEXT COLLATE "C",
    document TEXT COLLATE "C",
    duplicate_key TEXT COLLATE "C",
    proof TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX invoices_one_of_a_document ON invoices (tenant, document)
    WHERE document IS NOT NULL;
CREATE INDEX invoices_by_duplicate_key ON invoices (tenant, duplicate_key)
    WHERE duplicate_key IS NOT NULL;
CREATE INDEX invoices_by_issue_date ON invoices (tenant, issue_date);
CREATE INDEX invoices_by_number ON invoices (tenant, number) WHERE number IS NOT NULL;
CREATE INDEX invoices_in_order ON invoices (tenant, created_at, id);

CREATE TABLE invoice_lines (
    tenant TEXT COLLATE "C" NOT NULL,
    invoice TEXT COLLATE "C" NOT NULL,
    place BIGINT NOT NULL,
    description TEXT COLLATE "C" NOT NULL,
    description_folded TEXT COLLATE "C" NOT NULL,
    quantity TEXT COLLATE "C",
    unit_price TEXT COLLATE "C",
    amount_minor BIGINT,
    tax_rate TEXT COLLATE "C",
    PRIMARY KEY (tenant, invoice, place),
    FOREIGN KEY (tenant, invoice) REFERENCES invoices (tenant, id) ON DELETE CASCADE
);

-- The last place that was taken in a tenant's series of a year.
CREATE TABLE invoice_series (
    tenant TEXT COLLATE "C" NOT NULL REFERENCES tenants (id),
    year BIGINT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (tenant, year)
);

-- The audit trail: each hash covers the one before, so that nothing can be taken out unseen.
CREATE TABLE events (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    tenant TEXT COLLATE "C" NOT NULL REFERENCES tenants (id),
    place BIGINT NOT NULL,
    at BIGINT NOT NULL,
    member TEXT COLLATE "C",
    action TEXT COLLATE "C" NOT NULL,
    before_image TEXT COLLATE "C",
    after_image TEXT COLLATE "C",
    undoes TEXT COLLATE "C" UNIQUE REFERENCES events (id),
    previous_hash TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    UNIQUE (tenant, place)
);

CREATE TABLE answers (
    tenant TEXT COLLATE "C" NOT NULL REFERENCES tenants (id),
    key TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    model TEXT COLLATE "C" NOT NULL,
    input_tokens BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, key)
);
