//! What every database must do, one case a function: `store_contract!` makes a test of each.
//!
//! A case gets a store of its own and the clock that the store runs on. What only one database
//! can do (open a locked file, migrate twice) is tested beside it.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a case fails by panicking"
)]

pub mod adhoc;
pub mod book;
pub mod changes;
pub mod chores;
pub mod crowd;
pub mod erasing;
pub mod evaluate;
pub mod inbox;
pub mod ledger;
pub mod outbox;
pub mod questions;
pub mod queue;
pub mod reminders;
pub mod retention;
pub mod spending;
pub mod vendor_memory;

use crate::clock::FakeClock;
use domain::{
    ids::TenantId,
    invoice::Invoice,
    message::{ChannelKind, NewInbound, NewOutbound},
    outcome::{Change, Outcome},
    tenant::Habits,
};
use ports::store::{Accepted, Claim, Room, Store, StoreResult};
use std::{any::Any, sync::Arc, time::Duration};

/// How long the leases of the cases last.
pub const LEASE: Duration = Duration::from_secs(30);

/// A store that nobody else uses, and its clock.
pub struct Fresh {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The clock that it runs on.
    pub clock: Arc<FakeClock>,
    /// What must outlive the store, such as its folder.
    pub place: Option<Box<dyn Any + Send + Sync>>,
}

/// Makes a test of every case that holds for a database which one process has for itself.
#[macro_export]
macro_rules! lone_store_contract {
    ($fresh:path) => {
        $crate::store_contract!(@cases $fresh, queue: a_lone_process_takes_all_work_back,);
    };
}

/// Makes a test of every case; the argument is a path to `async fn() -> Fresh`.
#[macro_export]
macro_rules! store_contract {
    (maybe $fresh:path) => {
        $crate::store_contract!(@all maybe $fresh);
    };
    ($fresh:path) => {
        $crate::store_contract!(@all $fresh);
    };
    (@all $($fresh:tt)*) => {
        $crate::store_contract!(@cases $($fresh)*,
            inbox: a_second_delivery_changes_nothing,
            inbox: fifty_deliveries_at_once_make_one_row,
            inbox: a_flood_of_one_sender_is_kept_whole_and_handed_out_one_by_one,
            inbox: a_sender_keeps_his_book_and_the_owner_s_channels_share_one,
            inbox: a_message_comes_out_as_it_went_in,
            inbox: messages_are_known_by_the_ids_of_their_provider,
            chores: a_chore_is_begun_by_one_and_remembers_how_far_it_got,
            reminders: people_who_want_it_are_reminded_once,
            reminders: who_wants_to_hear_nothing_is_not_reminded,
            retention: s86_what_is_old_and_over_loses_its_content,
            retention: s86_what_still_waits_is_not_touched,
            retention: s86_files_go_unless_an_invoice_has_them,
            queue: a_conversation_is_answered_in_order_and_others_beside_it,
            queue: words_are_handed_out_beside_files_that_there_is_no_room_for,
            queue: f44_a_text_right_behind_files_belongs_to_them,
            queue: an_expired_lease_passes_on_and_fences_the_first_worker,
            queue: a_heartbeat_keeps_the_lease,
            queue: the_third_crash_comes_back_to_be_buried,
            queue: a_released_job_waits_its_time_and_holds_its_juniors,
            queue: a_postponed_job_keeps_its_attempts_and_its_place,
            queue: memory_and_habits_reach_the_next_turn,
            changes: a_finish_writes_all_or_nothing,
            changes: the_same_document_twice_is_a_conflict,
            changes: numbers_are_taken_in_order_and_once,
            changes: a_chosen_number_is_taken_once,
            changes: imported_numbers_are_not_given_again,
            changes: a_patch_of_a_changed_invoice_is_a_conflict,
            changes: a_change_can_be_taken_back_once,
            changes: every_field_of_an_invoice_is_kept,
            outbox: the_oldest_is_known_and_a_trace_goes_on,
            outbox: connections_are_counted,
            outbox: replies_leave_one_after_the_other_in_a_conversation,
            outbox: a_crash_in_mid_send_is_marked_unclear,
            outbox: a_deferred_reply_waits_and_keeps_its_mark_only_if_unclear,
            outbox: an_unclear_mark_reaches_back_to_the_first_try,
            outbox: a_reply_that_cannot_leave_lets_the_next_go,
            outbox: replies_that_nobody_delivers_are_readable_at_once,
            outbox: a_file_is_found_by_its_conversation_or_its_link,
            outbox: the_first_word_about_the_arrival_of_a_reply_stands,
            outbox: what_did_not_arrive_is_counted_by_the_provider_s_code,
            outbox: a_reply_to_a_message_that_was_missed_is_looked_for_before_it_is_sent,
            ledger: no_call_sees_another_tenant,
            ledger: targets_find_what_they_name_and_newest_first,
            ledger: answers_of_models_are_remembered_once_and_by_tenant,
            ledger: an_import_skips_what_is_there_and_pages_return_it_in_order,
            questions: answers_equal_a_plain_evaluation_of_the_book,
            questions: names_match_without_accents_and_case,
            questions: things_are_found_by_words,
            questions: numbers_match_as_people_type_them,
            questions: credit_notes_count_negative_and_currencies_stay_apart,
            questions: a_sum_beyond_64_bits_is_too_large_and_not_wrong,
            crowd: two_conversations_of_a_book_never_take_one_number_twice,
            crowd: a_crowd_is_answered_once_in_order_and_nobody_is_forgotten,
            erasing: s84_what_is_deleted_is_gone_and_nobody_else_misses_anything,
            erasing: s84_a_tombstone_keeps_messages_from_coming_back,
            erasing: s84_files_go_with_the_last_one_who_has_them,
            erasing: s85_a_turn_under_way_comes_to_nothing,
            erasing: s85_nothing_reappears_whatever_is_under_way,
            erasing: the_owner_s_book_is_emptied_and_goes_on,
            crowd: turns_that_end_at_once_end_once,
            adhoc: s20_a_statement_sees_one_book,
            adhoc: statements_equal_plans_and_follow_changes,
            adhoc: s28_a_crowd_asks_and_nobody_sees_another,
            adhoc: a_refused_statement_says_why,
            spending: money_is_put_aside_before_a_call_and_settled_after_it,
            spending: a_hundred_calls_at_once_stay_within_the_cap,
            spending: a_new_day_and_a_new_month_begin_at_nothing,
            spending: what_was_spent_is_known_by_tenant_and_document,
            vendor_memory: what_a_document_showed_is_kept_for_its_tenant,
            vendor_memory: pictures_that_look_alike_are_found_in_one_s_own_book,
            vendor_memory: what_was_taught_is_replaced_by_its_first_key_and_forgotten_whole,
        );
    };
    (@cases maybe $fresh:path, $($module:ident: $case:ident,)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                if let Some(fresh) = $fresh().await {
                    $crate::contracts::store::$module::$case(&fresh).await;
                }
            }
        )*
    };
    (@cases $fresh:path, $($module:ident: $case:ident,)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                $crate::contracts::store::$module::$case(&$fresh().await).await;
            }
        )*
    };
}

/// Makes a message; its provider id must differ for each.
#[must_use]
pub fn message(channel: ChannelKind, from: &str, provider_id: &str) -> NewInbound {
    NewInbound {
        channel,
        provider_id: provider_id.to_owned(),
        from: from.to_owned(),
        to: "whatsapp:+15550000000".to_owned(),
        profile_name: String::new(),
        text: format!("text of {provider_id}"),
        button: None,
        attachments: Vec::new(),
        locale: None,
        trace: None,
        missed_since: None,
    }
}

/// Makes room for so many jobs of each kind.
#[must_use]
pub const fn room(jobs: u32) -> Room {
    Room { words: jobs, files: jobs, again: jobs }
}

/// Makes an outcome of replies alone.
#[must_use]
pub fn replies(texts: &[&str]) -> Outcome {
    Outcome {
        replies: texts.iter().copied().map(NewOutbound::text).collect(),
        ..Outcome::default()
    }
}

impl Fresh {
    /// Accepts a message by Twilio and returns whether it was new.
    pub async fn accept(&self, from: &str, provider_id: &str) -> Accepted {
        let message = message(ChannelKind::Twilio, from, provider_id);
        self.store.accept(&message, &Habits::default()).await.unwrap()
    }

    /// Claims everything that is due.
    pub async fn claim(&self) -> Vec<Claim> {
        self.store.claim(room(100), LEASE).await.unwrap()
    }

    /// Claims the one job that is due.
    pub async fn claim_one(&self) -> Claim {
        let mut claims = self.claim().await;
        assert_eq!(claims.len(), 1, "exactly one job is due");
        claims.pop().unwrap()
    }

    /// Has a sender write, and commits these changes as what came of it.
    pub async fn commit(&self, from: &str, changes: Vec<Change>) -> StoreResult<()> {
        let id = ports::clock::Clock::new_id(&*self.clock).to_string();
        self.accept(from, &id).await;
        let claim = self.claim_one().await;
        let outcome = Outcome { changes, ..Outcome::default() };
        let result = self.store.finish(&claim.lease, &outcome).await;
        if result.is_err() {
            self.store.finish(&claim.lease, &Outcome::default()).await.unwrap();
        }
        result
    }

    /// Returns the tenant of a sender by Twilio.
    pub async fn tenant(&self, from: &str) -> TenantId {
        let sender = self.store.sender(ChannelKind::Twilio, from, &Habits::default()).await;
        sender.unwrap().tenant
    }

    /// Stores received invoices for a sender.
    pub async fn save(&self, from: &str, invoices: Vec<Invoice>) {
        let changes = invoices.into_iter().map(Box::new).map(Change::SaveInvoice).collect();
        self.commit(from, changes).await.unwrap();
    }
}
