//! Greetings, thanks, help, and what Billhook is not for.

use super::Step;
use crate::{replies::Reply, scene::Scene};
use ports::model::Topic;

/// Replies to talk that is no business.
pub fn run(scene: &Scene<'_>, topic: Topic) -> Step {
    let reply = match topic {
        Topic::Hello => Reply::Greeting,
        Topic::Capability | Topic::Help => Reply::Menu,
        Topic::Thanks => Reply::Thanks,
        Topic::Goodbye => Reply::Goodbye,
        Topic::Identity => Reply::Identity,
        Topic::EraseRequest => Reply::EraseHow,
        Topic::Other => Reply::OffTopic,
    };
    Step::reply(scene, reply)
}
