//! Messages in and out, the same for every channel.

use crate::{
    document::ContentHash,
    ids::{ConversationId, InboundId, OutboundId},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The address, in the channels that the owner of this installation is authenticated in (web chat,
/// API, command line), that shares the owner's book. Every other sender has a book of his own.
pub const OWNER: &str = "owner";

/// Which way a message came. The word is stored and must stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelKind {
    /// WhatsApp by Twilio.
    Twilio,
    /// The page built into the executable.
    WebChat,
    /// Programs, by HTTP.
    Api,
    /// The command line.
    Cli,
}

impl ChannelKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Twilio, Self::WebChat, Self::Api, Self::Cli];

    /// Returns the word it is stored as.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Twilio => "twilio",
            Self::WebChat => "web_chat",
            Self::Api => "api",
            Self::Cli => "cli",
        }
    }

    /// Returns the channel of a stored word, or nothing.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// A file that came with a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Where its bytes are.
    pub source: AttachmentSource,
    /// The name its sender gave it; never trusted, may be empty.
    pub name: String,
    /// The media type its sender gave it; never trusted, may be empty.
    pub claimed_type: String,
}

/// Where the bytes of an attachment are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttachmentSource {
    /// At the provider, to be fetched.
    Remote(String),
    /// Already in the blob store.
    Stored(ContentHash),
}

/// A message as its channel has authenticated it, before it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInbound {
    /// The channel.
    pub channel: ChannelKind,
    /// The provider's id of this message: unique for ever within the channel.
    pub provider_id: String,
    /// The sender's address in the channel, opaque.
    pub from: String,
    /// The address it was sent to, which replies come from; may be empty.
    pub to: String,
    /// The sender's name by his own choice; never trusted, may be empty.
    pub profile_name: String,
    /// The text, without NUL; may be empty.
    pub text: String,
    /// The id of the button that was pressed.
    pub button: Option<String>,
    /// Files, at most ten.
    pub attachments: Vec<Attachment>,
    /// A language the channel knows of, such as the browser's; a hint only.
    pub locale: Option<String>,
    /// The trace that its way through Billhook belongs to, as a W3C `traceparent` of our own; never
    /// the sender's.
    pub trace: Option<String>,
    /// When it was sent, if it did not come by itself but was found at the provider, where a reply to
    /// it may be found too.
    pub missed_since: Option<Timestamp>,
}

/// A stored message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbound {
    /// Our identifier.
    pub id: InboundId,
    /// The message.
    pub message: NewInbound,
}

/// A file that goes with a reply, still in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// The name to download it under.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its SHA-256.
    pub hash: ContentHash,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A file that goes with a reply, stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentFile {
    /// The name to download it under.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its SHA-256: where its bytes are.
    pub hash: ContentHash,
    /// An unguessable word for the public link that a provider fetches it by.
    pub link_token: String,
}

/// A button under a reply. Channels without buttons show the label as a word to type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// Comes back when it is pressed.
    pub id: String,
    /// What the user sees, at most 20 characters.
    pub label: String,
}

/// A reply that has been written and not stored yet; one message for the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOutbound {
    /// The text, at most 1,600 characters; may be empty if there is a file.
    pub text: String,
    /// Buttons, at most three.
    pub buttons: Vec<Button>,
    /// A file.
    pub file: Option<NewFile>,
}

impl NewOutbound {
    /// Makes a reply of text alone.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), buttons: Vec::new(), file: None }
    }
}

/// A stored reply on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outbound {
    /// Our identifier.
    pub id: OutboundId,
    /// The thread.
    pub conversation: ConversationId,
    /// The channel.
    pub channel: ChannelKind,
    /// The recipient's address in the channel.
    pub to: String,
    /// Our address in the channel; may be empty.
    pub from: String,
    /// The text; may be empty if there is a file.
    pub text: String,
    /// Buttons.
    pub buttons: Vec<Button>,
    /// A file.
    pub file: Option<SentFile>,
}
