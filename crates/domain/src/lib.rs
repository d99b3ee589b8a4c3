//! What an invoice is: the values, rules and claims that everything else is about.
//!
//! Pure: no I/O, clock, randomness, floats, database or vendor. Whatever comes from outside (a
//! file, a model, a person) arrives as a claim ([`reading::Reading`], [`draft::Draft`],
//! [`correction::Correction`], [`question::QueryPlan`]) and becomes a trusted value only through
//! the checks in this crate.

pub mod conversation;
pub mod correction;
pub mod dates;
pub mod document;
pub mod draft;
pub mod ids;
pub mod intent;
pub mod invoice;
pub mod message;
pub mod money;
pub mod names;
pub mod outcome;
pub mod party;
pub mod question;
pub mod reading;
pub mod table;
pub mod tenant;
pub mod vendor_memory;
