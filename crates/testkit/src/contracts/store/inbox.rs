//! Messages are taken in once.

use super::{Fresh, message};
use domain::{
    document::ContentHash,
    message::{Attachment, AttachmentSource, ChannelKind, NewInbound, OWNER},
    money::Currency,
    tenant::{Habits, Language},
};
use ports::store::{Accepted, JobState};

/// A provider delivers again, even with another text: the first one stands.
pub async fn a_second_delivery_changes_nothing(fresh: &Fresh) {
    let Accepted::New(id) = fresh.accept("ana", "SM1").await else { panic!("not new") };
    let again = NewInbound {
        text: "something else".to_owned(),
        ..message(ChannelKind::Twilio, "ana", "SM1")
    };
    let accepted = fresh.store.accept(&again, &Habits::default()).await.unwrap();
    assert_eq!(accepted, Accepted::Contradicted(id));
    assert_eq!(fresh.accept("ana", "SM1").await, Accepted::Duplicate(id));
    let other_channel = message(ChannelKind::Api, "ana", "SM1");
    let accepted = fresh.store.accept(&other_channel, &Habits::default()).await.unwrap();
    assert!(matches!(accepted, Accepted::New(_)), "ids of another channel are others");

    let claims = fresh.claim().await;
    let first = claims.iter().find(|claim| claim.work.inbound.id == id).unwrap();
    assert_eq!(first.work.inbound.message.text, "text of SM1");
    fresh.store.finish(&first.lease, &super::replies(&["done"])).await.unwrap();
    assert_eq!(fresh.accept("ana", "SM1").await, Accepted::Duplicate(id), "for ever");
    assert_eq!(fresh.store.state_of(id).await.unwrap(), Some(JobState::Done));
    assert_eq!(fresh.store.replies_to(id).await.unwrap().len(), 1);
}

/// F40: fifty deliveries of one message, side by side.
pub async fn fifty_deliveries_at_once_make_one_row(fresh: &Fresh) {
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let store = fresh.store.clone();
            tokio::spawn(async move {
                let message = message(ChannelKind::Twilio, "ana", "SM1");
                store.accept(&message, &Habits::default()).await.unwrap()
            })
        })
        .collect();
    let mut new = 0;
    for task in tasks {
        new += u32::from(matches!(task.await.unwrap(), Accepted::New(_)));
    }
    assert_eq!(new, 1);
    assert_eq!(fresh.store.counts().await.unwrap().open, 1);
    assert_eq!(fresh.store.tenants().await.unwrap().len(), 1);
}

/// F63: a flood of somebody new, and one message of somebody else, side by side: all are kept, in an
/// order without gaps in what is handed out, one at a time.
pub async fn a_flood_of_one_sender_is_kept_whole_and_handed_out_one_by_one(fresh: &Fresh) {
    let mut tasks: Vec<_> = (0..60)
        .map(|number| {
            let (store, from) = (fresh.store.clone(), if number == 30 { "ana" } else { "noisy" });
            // Each third is delivered twice.
            let message =
                message(ChannelKind::Twilio, from, &format!("SM{}", number - number % 3 / 2));
            tokio::spawn(async move { store.accept(&message, &Habits::default()).await.unwrap() })
        })
        .collect();
    let mut new = 0;
    for task in tasks.drain(..) {
        new += usize::from(matches!(task.await.unwrap(), Accepted::New(_)));
    }
    assert_eq!(new, 40);
    assert_eq!(fresh.store.counts().await.unwrap().open, 40);
    let mut answered = Vec::new();
    loop {
        let claims = fresh.claim().await;
        if claims.is_empty() {
            break;
        }
        let due = if answered.is_empty() { 2 } else { 1 };
        assert_eq!(claims.len(), due, "one of each sender");
        for claim in claims {
            fresh.store.finish(&claim.lease, &super::replies(&["done"])).await.unwrap();
            answered.push(claim.work.inbound.message.provider_id);
        }
    }
    assert_eq!(answered.len(), 40);
    answered.sort();
    answered.dedup();
    assert_eq!(answered.len(), 40, "each once");
}

/// Every address has a book of its own, except that the owner has one for all his channels.
pub async fn a_sender_keeps_his_book_and_the_owner_s_channels_share_one(fresh: &Fresh) {
    let habits = Habits { language: Some(Language::De), ..Habits::default() };
    let sender = async |channel, from| fresh.store.sender(channel, from, &habits).await.unwrap();
    let web = sender(ChannelKind::WebChat, OWNER).await;
    let api = sender(ChannelKind::Api, OWNER).await;
    let cli = sender(ChannelKind::Cli, OWNER).await;
    assert_eq!((web.tenant, web.tenant), (api.tenant, cli.tenant));
    assert_ne!(web.member, api.member);
    assert_ne!(web.conversation, cli.conversation);
    assert_eq!(web.habits.language, Some(Language::De));
    assert_eq!(sender(ChannelKind::WebChat, OWNER).await, web, "seen before");

    let impostor = sender(ChannelKind::Twilio, OWNER).await;
    let visitor = sender(ChannelKind::WebChat, "visitor").await;
    assert_ne!(impostor.tenant, web.tenant);
    assert_ne!(visitor.tenant, web.tenant);
    let later = Habits { currency: Currency::parse("USD").unwrap(), ..Habits::default() };
    let known = fresh.store.sender(ChannelKind::Api, OWNER, &later).await.unwrap();
    assert_eq!(known.habits, habits, "habits are for a new tenant only");

    let tenants = fresh.store.tenants().await.unwrap();
    assert_eq!(tenants.len(), 3);
    assert_eq!(tenants[0], (web.tenant, ChannelKind::WebChat, OWNER.to_owned()));
    assert_eq!(fresh.store.habits(web.tenant).await.unwrap(), Some(habits));
}

/// Nothing is trimmed, cut or translated on the way.
pub async fn a_message_comes_out_as_it_went_in(fresh: &Fresh) {
    let sent = NewInbound {
        channel: ChannelKind::Twilio,
        provider_id: "MM 1'; --".to_owned(),
        from: "whatsapp:+34600000000".to_owned(),
        to: "whatsapp:+15550000000".to_owned(),
        profile_name: "Ana 🦜".to_owned(),
        text: "  ¿cuánto?\n\t漢字 \u{202e}x ".to_owned(),
        button: Some("yes:1".to_owned()),
        attachments: vec![
            Attachment {
                source: AttachmentSource::Remote("https://example.org/a?b=c".to_owned()),
                name: "../x.pdf".to_owned(),
                claimed_type: "application/pdf".to_owned(),
            },
            Attachment {
                source: AttachmentSource::Stored(ContentHash([9; 32])),
                name: String::new(),
                claimed_type: String::new(),
            },
        ],
        locale: Some("es-ES".to_owned()),
        trace: Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned()),
        missed_since: Some(jiff::Timestamp::UNIX_EPOCH),
    };
    fresh.store.accept(&sent, &Habits::default()).await.unwrap();
    let claim = fresh.claim_one().await;
    assert_eq!(claim.work.inbound.message, sent);
    assert_eq!(claim.attempts, 1);
    assert_eq!(claim.work.received_at, ports::clock::Clock::now(&*fresh.clock));
    let seen = fresh.store.sender(sent.channel, &sent.from, &Habits::default()).await.unwrap();
    assert_eq!(claim.work.sender, seen);
}

/// Those of another channel are not meant, and any number can be asked for.
pub async fn messages_are_known_by_the_ids_of_their_provider(fresh: &Fresh) {
    fresh.accept("ana", "SM1").await;
    fresh.accept("bob", "SM2").await;
    let mut asked: Vec<String> = (0..1_200).map(|number| format!("SM{number}")).collect();
    asked.push("'; DROP TABLE inbound; --".to_owned());
    let known = fresh.store.known(ChannelKind::Twilio, &asked).await.unwrap();
    assert_eq!(known, ["SM1".to_owned(), "SM2".to_owned()].into());
    assert!(fresh.store.known(ChannelKind::Api, &asked).await.unwrap().is_empty());
    assert!(fresh.store.known(ChannelKind::Twilio, &[]).await.unwrap().is_empty());
}
