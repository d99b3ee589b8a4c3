//! Greetings, thanks, help, and what Billhook is not for.

use super::Step;
use crate::{
    replies::{Reply, Strangeness},
    scene::Scene,
    words,
};
use domain::names::fold;
use ports::model::Topic;

/// Replies to talk that is no business.
pub fn run(scene: &Scene<'_>, topic: Topic) -> Step {
    let reply = match topic {
        Topic::Hello => Reply::Greeting,
        Topic::Capability | Topic::Help => Reply::Menu,
        Topic::Thanks => Reply::Thanks,
        Topic::Goodbye => Reply::Goodbye,
        Topic::Identity => Reply::Identity,
        // A wish to be forgotten is a command; it does not come here.
        Topic::EraseRequest | Topic::Other => stranger(scene.text()),
    };
    Step::reply(scene, reply)
}

/// Returns whether a text has no words at all, or was said in anger.
pub fn is_outburst(text: &str) -> bool {
    matches!(stranger(text), Reply::Strange { how: Strangeness::Wordless | Strangeness::Hurt })
}

/// Replies to what is no business of ours: without words, in letters that nobody here reads, in anger,
/// or about something else.
fn stranger(text: &str) -> Reply {
    let strange = |how| Reply::Strange { how };
    let letters: Vec<char> = text.chars().filter(|c| c.is_alphabetic()).collect();
    if letters.is_empty() && !text.chars().any(char::is_numeric) {
        return strange(Strangeness::Wordless);
    }
    let known = letters.iter().filter(|c| is_known(**c)).count();
    if known.saturating_mul(2) < letters.len() {
        return strange(Strangeness::OtherTongue);
    }
    let said = format!(" {} ", fold(text));
    let is_angry = words::all()
        .iter()
        .flat_map(|words| &words.insults)
        .any(|insult| said.contains(&format!(" {insult} ")));
    if is_angry { strange(Strangeness::Hurt) } else { Reply::OffTopic }
}

/// Returns whether a letter is of a script that one of our languages is written in: Latin, Arabic or
/// Devanagari.
const fn is_known(c: char) -> bool {
    matches!(c,
        '\u{41}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' | '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}'
        | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{900}'..='\u{97f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_gets_an_answer_of_his_kind() {
        let kind = |text: &str| {
            let reply = serde_json::to_value(stranger(text)).unwrap();
            reply.get("how").unwrap_or(&reply["reply"]).clone()
        };
        for (text, reply) in [
            ("🙂🙂", "wordless"),
            ("?!", "wordless"),
            ("今月いくら使いましたか", "other_tongue"),
            ("сколько я потратил?", "other_tongue"),
            ("Du bist so dumm!", "hurt"),
            ("you are USELESS", "hurt"),
            ("what is the weather like?", "off_topic"),
            ("42", "off_topic"),
            ("احك لي نكتة", "off_topic"),
        ] {
            assert_eq!(kind(text), reply, "{text}");
        }
    }
}
