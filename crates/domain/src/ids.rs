//! Identifiers, one type each, so that they can never be interchanged.
//!
//! They are made by `ports::clock`; this crate only carries them.

use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

id!(
    /// One book of invoices; everything stored belongs to exactly one.
    TenantId
);
id!(
    /// A person in a channel, by an opaque identity that need not be a phone number.
    MemberId
);
id!(
    /// One thread of messages between a member and Billhook.
    ConversationId
);
id!(
    /// An accepted message.
    InboundId
);
id!(
    /// A unit of work in the queue.
    JobId
);
id!(
    /// A reply on its way out.
    OutboundId
);
id!(
    /// A stored invoice, receipt or credit note.
    InvoiceId
);
id!(
    /// The one action that waits for a yes.
    PendingId
);
id!(
    /// One entry of the audit trail.
    EventId
);
