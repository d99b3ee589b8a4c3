//! What a text can be about.

use serde::{Deserialize, Serialize};

/// What a person wants with a text message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    /// Hello, in any way.
    Greeting,
    /// Help, thanks, who are you, how does this work.
    General,
    /// A question about stored invoices.
    InvoiceQuery,
    /// A new invoice to be made.
    InvoiceCreator,
    /// A change of a stored invoice.
    InvoiceUpdate,
    /// Anything that Billhook is not for.
    OffTopic,
}
