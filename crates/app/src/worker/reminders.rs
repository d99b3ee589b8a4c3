//! Tells people who want it of invoices that are due soon or overdue: at most once a day, by one process
//! for all.

use super::{
    Ties,
    chores::{Chore, Undone},
};
use async_trait::async_trait;
use domain::message::ChannelKind;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use ports::{Ports, store::Reminded};
use std::time::Duration;

/// How often it is looked for somebody to tell.
const EVERY: Duration = Duration::from_secs(5 * 60);
/// The same when a process starts, and after a failure.
const SOON: Duration = Duration::from_secs(5);
/// The name of the chore in the database.
const NAME: &str = "reminders";
/// How many people are looked at together.
const AT_ONCE: u32 = 200;
/// The hours of a person's day in which he is told.
const HOURS: std::ops::Range<i8> = 8..21;
/// WhatsApp lets nobody write first who was not written to within a day, less a little for the way.
const WINDOW: SignedDuration = SignedDuration::from_mins(24 * 60 - 15);

/// Reminds people.
pub(super) struct Reminding {
    ports: Ports,
    ties: Ties,
    every: Duration,
}

impl Reminding {
    pub(super) const fn of(ports: Ports, ties: Ties) -> Self {
        Self { ports, ties, every: SOON }
    }

    /// Returns whether people were reminded now, and not a moment ago by somebody else.
    async fn remind_all(&self) -> Result<bool, Undone> {
        let store = &self.ports.store;
        if store.claim_chore(NAME, self.every).await?.is_none() {
            return Ok(false);
        }
        let mut after = None;
        loop {
            let people = store.reminded(after, AT_ONCE).await?;
            let Some(last) = people.last() else { return Ok(true) };
            after = Some(last.sender.conversation);
            for person in &people {
                self.remind(person).await?;
            }
        }
    }

    async fn remind(&self, person: &Reminded) -> Result<(), Undone> {
        let now = self.ports.clock.now();
        if !may_be_told(person, now) {
            return Ok(());
        }
        let (store, sender) = (&*self.ports.store, &person.sender);
        let reminder = workflow::reminders::due(store, sender, person.last, now).await?;
        if store.remind(person, now, reminder.as_ref()).await? && reminder.is_some() {
            self.ties.wake.ring();
        }
        Ok(())
    }
}

#[async_trait]
impl Chore for Reminding {
    const COMPLAINT: &'static str = "people could not be reminded yet";
    const LOOK: Duration = Duration::from_secs(15);

    async fn run(&mut self) -> Result<(), Undone> {
        let done = self.remind_all().await;
        // Whoever had begun it when this process started may have ended in the middle of it.
        match done {
            Ok(true) => self.every = EVERY,
            Ok(false) => {}
            Err(_) => self.every = SOON,
        }
        done.map(|_| ())
    }
}

/// Returns whether it is day where somebody is, he was not told today, and his channel lets us write.
fn may_be_told(person: &Reminded, now: Timestamp) -> bool {
    let zone = TimeZone::get(&person.sender.habits.time_zone).unwrap_or(TimeZone::UTC);
    let (here, last) = (now.to_zoned(zone.clone()), person.last.map(|last| last.to_zoned(zone)));
    let is_open =
        person.channel != ChannelKind::Twilio || now.duration_since(person.heard_at) < WINDOW;
    is_open && HOURS.contains(&here.hour()) && last.is_none_or(|last| last.date() < here.date())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        ids::{ConversationId, MemberId, TenantId},
        tenant::{Habits, Sender},
    };
    use uuid::Uuid;

    fn person(zone: &str, channel: ChannelKind, heard_at: &str, last: Option<&str>) -> Reminded {
        let habits = Habits { time_zone: zone.into(), ..Habits::default() };
        let id = Uuid::nil();
        Reminded {
            sender: Sender {
                tenant: TenantId(id),
                member: MemberId(id),
                conversation: ConversationId(id),
                habits,
            },
            channel,
            to: String::new(),
            from: String::new(),
            heard_at: heard_at.parse().unwrap(),
            last: last.map(|last| last.parse().unwrap()),
        }
    }

    #[test]
    fn people_are_told_by_day_once_a_day_and_where_the_channel_lets_us() {
        let now: Timestamp = "2026-03-02T11:30:00Z".parse().unwrap();
        let heard = "2026-03-02T07:00:00Z";
        let told = |zone, last| may_be_told(&person(zone, ChannelKind::Twilio, heard, last), now);
        assert!(told("Europe/Berlin", None));
        assert!(!told("Pacific/Auckland", None), "it is after midnight there");
        assert!(!told("Pacific/Honolulu", None), "and half past one here");
        assert!(!told("Europe/Berlin", Some("2026-03-02T07:30:00Z")), "he was told today");
        assert!(told("Europe/Berlin", Some("2026-03-01T19:00:00Z")));
        let yesterday = "2026-03-01T11:00:00Z";
        let silent = |channel| may_be_told(&person("UTC", channel, yesterday, None), now);
        assert!(!silent(ChannelKind::Twilio), "the window is closed");
        assert!(silent(ChannelKind::WebChat), "nobody is written to there, it is only shown");
    }
}
