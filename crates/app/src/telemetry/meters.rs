//! What is counted and timed, each name once.
//!
//! Labels take few values and never personal data: no tenant, address or identifier.

use domain::message::ChannelKind;
use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, histogram};
use ports::{
    model::{Cost, Usage},
    store::{Accepted, StoreResult},
};
use std::time::Duration;

const REQUESTS: &str = "billhook_http_requests_total";
const REQUEST_SECONDS: &str = "billhook_http_request_seconds";
const MESSAGES: &str = "billhook_messages_received_total";
const ACKNOWLEDGEMENT_SECONDS: &str = "billhook_acknowledgement_seconds";
const TURNS: &str = "billhook_turns_total";
const TURN_SECONDS: &str = "billhook_turn_seconds";
const ANSWER_SECONDS: &str = "billhook_answer_seconds";
const TURN_FAILURES: &str = "billhook_turn_failures_total";
const DEAD_LETTERS: &str = "billhook_dead_letters_total";
const DELIVERIES: &str = "billhook_deliveries_total";
const ARRIVALS: &str = "billhook_replies_arrived_total";
const DELIVERY_SECONDS: &str = "billhook_delivery_seconds";
const MODEL_CALLS: &str = "billhook_model_calls_total";
const MODEL_SECONDS: &str = "billhook_model_call_seconds";
const MODEL_TOKENS: &str = "billhook_model_tokens_total";
const MODEL_COST: &str = "billhook_model_cost_microdollars_total";
const FILE_CALLS: &str = "billhook_file_calls_total";
const FILE_SECONDS: &str = "billhook_file_call_seconds";
const READINGS: &str = "billhook_documents_read_total";
const READING_SECONDS: &str = "billhook_document_reading_seconds";

/// Gauges, set at each scrape.
pub const QUEUE_MESSAGES: &str = "billhook_queue_messages";
/// Since when the oldest message waits.
pub const QUEUE_OLDEST: &str = "billhook_queue_oldest_seconds";
/// Dead letters in the database.
pub const QUEUE_DEAD: &str = "billhook_queue_dead_letters";
/// Replies that wait.
pub const OUTBOX_REPLIES: &str = "billhook_outbox_replies";
/// Since when the oldest reply waits.
pub const OUTBOX_OLDEST: &str = "billhook_outbox_oldest_seconds";
/// Connections to the database.
pub const CONNECTIONS: &str = "billhook_database_connections";
/// The most connections to the database.
pub const CONNECTIONS_MOST: &str = "billhook_database_connections_most";
/// What this process has begun and not ended: connections, turns, chores.
pub const TASKS: &str = "billhook_tasks";
/// Whether the database answers.
pub const DATABASE_UP: &str = "billhook_database_up";
/// Whether wake-ups reach other processes.
pub const WAKE_UPS_SHARED: &str = "billhook_wake_ups_shared";
/// What models have cost lately.
pub const MODEL_SPENT: &str = "billhook_model_spent_microdollars";
/// Processes that read a file now.
pub const READERS: &str = "billhook_document_readers";
/// Turns that run now.
pub const TURNS_RUNNING: &str = "billhook_turns_running";

/// Says what everything means, for whoever reads the scrape, and starts what may stay at zero for
/// long: a rate needs a zero to begin from.
pub fn describe() {
    describe_counter!(REQUESTS, "HTTP requests by route, method and status.");
    describe_histogram!(REQUEST_SECONDS, Unit::Seconds, "Time to answer an HTTP request.");
    describe_counter!(MESSAGES, "Messages taken in, by channel and result.");
    describe_histogram!(ACKNOWLEDGEMENT_SECONDS, Unit::Seconds, "Time to store a message.");
    describe_counter!(TURNS, "Turns on messages, by how they ended.");
    describe_histogram!(TURN_SECONDS, Unit::Seconds, "Time of one turn.");
    describe_histogram!(ANSWER_SECONDS, Unit::Seconds, "Time from a message to its reply.");
    describe_counter!(TURN_FAILURES, "Turns that failed, by step and class of error.");
    describe_counter!(DEAD_LETTERS, "Messages given up, by step and class of error.");
    describe_counter!(DELIVERIES, "Tries to send a reply, by channel and result.");
    describe_counter!(ARRIVALS, "Replies that the provider has handed over, or lost, by result.");
    describe_histogram!(DELIVERY_SECONDS, Unit::Seconds, "Time of one try to send a reply.");
    describe_counter!(MODEL_CALLS, "Calls to a language model, by task and outcome.");
    describe_histogram!(MODEL_SECONDS, Unit::Seconds, "Time of a call to a language model.");
    describe_counter!(MODEL_TOKENS, "Tokens of language models, by kind.");
    describe_counter!(MODEL_COST, "Cost of language models, in millionths of a US dollar.");
    describe_counter!(FILE_CALLS, "Calls to the store of files, by call and result.");
    describe_histogram!(FILE_SECONDS, Unit::Seconds, "Time of a call to the store of files.");
    describe_counter!(READINGS, "Documents handed to a reading process, by errand and result.");
    describe_histogram!(READING_SECONDS, Unit::Seconds, "Time of a reading process.");
    describe_gauge!(QUEUE_MESSAGES, "Messages that wait or are worked on; of the database.");
    describe_gauge!(QUEUE_OLDEST, Unit::Seconds, "Age of the oldest message not answered.");
    describe_gauge!(QUEUE_DEAD, "Dead letters; of the database.");
    describe_gauge!(OUTBOX_REPLIES, "Replies that have not left; of the database.");
    describe_gauge!(OUTBOX_OLDEST, Unit::Seconds, "Age of the oldest reply that has not left.");
    describe_gauge!(CONNECTIONS, "Connections to the database, by purpose and state.");
    describe_gauge!(CONNECTIONS_MOST, "The most connections to the database, by purpose.");
    describe_gauge!(DATABASE_UP, "Whether the database reads and writes: 1 or 0.");
    describe_gauge!(WAKE_UPS_SHARED, "Whether wake-ups reach other processes: 1 or 0.");
    describe_gauge!(MODEL_SPENT, "Cost of language models in this day and month, UTC.");
    describe_gauge!(READERS, "Processes that read a document now.");
    describe_gauge!(TURNS_RUNNING, "Turns that run now.");
    describe_gauge!(TASKS, "Tasks of this process: connections, turns, chores.");
    describe_gauge!("billhook_build", "The version that runs, as a label; always 1.");
    describe_gauge!("process_resident_memory_bytes", Unit::Bytes, "Memory of this process.");
    describe_gauge!("process_open_fds", "Open files and connections of this process.");
    describe_counter!(
        "process_cpu_seconds_total",
        Unit::Seconds,
        "Processor time of this process."
    );
    metrics::gauge!(READERS).set(0.0);
    metrics::gauge!(TURNS_RUNNING).set(0.0);
    wake_ups_shared(false);
    for call in ["put", "get"] {
        for result in ["done", "absent", "damaged", "refused", "unavailable"] {
            counter!(FILE_CALLS, "call" => call, "result" => result).increment(0);
        }
    }
    for channel in ChannelKind::ALL {
        counter!(MESSAGES, "channel" => channel.word(), "result" => "contradicted").increment(0);
    }
    for outcome in ["done", "repeated", "given_up", "left"] {
        counter!(TURNS, "outcome" => outcome).increment(0);
    }
}

/// Notes a call to the store of files: `done`, `absent`, `damaged`, `refused` or `unavailable`.
pub fn file_call(call: &'static str, result: &'static str, took: Duration) {
    counter!(FILE_CALLS, "call" => call, "result" => result).increment(1);
    histogram!(FILE_SECONDS, "call" => call).record(took.as_secs_f64());
}

/// Notes whether wake-ups reach other processes.
pub fn wake_ups_shared(are: bool) {
    metrics::gauge!(WAKE_UPS_SHARED).set(if are { 1.0 } else { 0.0 });
}

/// Notes an answered HTTP request; the route is a pattern, never a path.
pub fn request(method: &'static str, route: &str, status: u16, took: Duration) {
    counter!(REQUESTS, "method" => method, "route" => route.to_owned(), "status" => status.to_string())
        .increment(1);
    histogram!(REQUEST_SECONDS, "route" => route.to_owned()).record(took.as_secs_f64());
}

/// Notes what became of a message that was handed in.
pub fn accepted(channel: &'static str, result: &StoreResult<Accepted>, took: Duration) {
    let result = match result {
        Ok(Accepted::New(_)) => "new",
        Ok(Accepted::Duplicate(_)) => "duplicate",
        Ok(Accepted::Contradicted(_)) => "contradicted",
        Err(_) => "not_stored",
    };
    counter!(MESSAGES, "channel" => channel, "result" => result).increment(1);
    histogram!(ACKNOWLEDGEMENT_SECONDS, "channel" => channel).record(took.as_secs_f64());
}

/// Notes a message that was found at the provider and had not come by itself.
pub fn missed(channel: &'static str) {
    counter!(MESSAGES, "channel" => channel, "result" => "missed").increment(1);
}

/// Notes whether a reply that had left has arrived: `delivered` or `lost`.
pub fn arrived(channel: &'static str, result: &'static str) {
    counter!(ARRIVALS, "channel" => channel, "result" => result).increment(1);
}

/// Notes how a turn has ended: `done`, `repeated`, `given_up` or `left` to another worker.
pub fn turn(outcome: &'static str, took: Duration) {
    counter!(TURNS, "outcome" => outcome).increment(1);
    histogram!(TURN_SECONDS, "outcome" => outcome).record(took.as_secs_f64());
}

/// Notes how long somebody has waited for a reply to be committed.
pub fn answered(waited: Duration) {
    histogram!(ANSWER_SECONDS).record(waited.as_secs_f64());
}

/// Notes a failure of a turn, and whether it was the last.
pub fn turn_failed(step: &'static str, class: &'static str, is_last: bool) {
    counter!(TURN_FAILURES, "step" => step, "class" => class).increment(1);
    if is_last {
        counter!(DEAD_LETTERS, "step" => step, "class" => class).increment(1);
    }
}

/// Notes a try to send a reply: `sent`, `later`, `unclear` or `refused`.
pub fn delivery(channel: &'static str, result: &'static str, took: Duration) {
    counter!(DELIVERIES, "channel" => channel, "result" => result).increment(1);
    histogram!(DELIVERY_SECONDS, "channel" => channel).record(took.as_secs_f64());
}

/// Notes a call to a model.
pub fn model_call(task: &'static str, outcome: &'static str, took: Duration) {
    counter!(MODEL_CALLS, "task" => task, "outcome" => outcome).increment(1);
    histogram!(MODEL_SECONDS, "task" => task).record(took.as_secs_f64());
}

/// Notes what a call to a model has taken, whatever came of it.
pub fn model_usage(usage: Usage, cost: Option<Cost>) {
    for (kind, tokens) in [
        ("input", usage.input_tokens.saturating_sub(usage.cached_tokens)),
        ("cached", usage.cached_tokens),
        ("output", usage.output_tokens),
    ] {
        counter!(MODEL_TOKENS, "kind" => kind).increment(tokens);
    }
    counter!(MODEL_COST).increment(cost.map_or(0, |cost| cost.0));
}

/// Notes a visit to a reading process: `read`, `too_hard` or `unavailable`.
pub fn reading(errand: &'static str, result: &'static str, took: Duration) {
    counter!(READINGS, "errand" => errand, "result" => result).increment(1);
    histogram!(READING_SECONDS, "errand" => errand).record(took.as_secs_f64());
}

/// Counts something that runs now, until it is dropped.
pub struct Running(&'static str);

impl Running {
    /// Counts one more.
    #[must_use]
    pub fn one(gauge: &'static str) -> Self {
        metrics::gauge!(gauge).increment(1.0);
        Self(gauge)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        metrics::gauge!(self.0).decrement(1.0);
    }
}
