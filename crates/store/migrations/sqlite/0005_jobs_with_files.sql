-- Whether the message of a job has files: such jobs are claimed beside the others, not before or
-- after them. Read by crates/store/src/tables/queue.rs.

ALTER TABLE jobs ADD COLUMN has_files INTEGER NOT NULL DEFAULT 0;
UPDATE jobs SET has_files = 1 WHERE state = 'open'
    AND (SELECT attachments FROM inbound WHERE inbound.id = jobs.inbound) <> '[]';
CREATE INDEX jobs_due_by_kind ON jobs (has_files, due_at, id) WHERE state = 'open' AND due_at IS NOT NULL;
DROP INDEX jobs_due;
