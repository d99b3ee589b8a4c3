//! From words to typed claims. A model is asked in one place only (`ask.rs`); what it claims is
//! checked here before a node sees it.

pub mod amend;
mod amend_things;
pub mod ask;
pub mod bind;
pub mod classify;
pub mod correct;
pub mod cut_off;
pub mod doubt;
pub mod draft;
pub mod harmless;
pub mod paper;
pub mod plan_question;
pub mod pointing;
pub mod printed;
pub mod read_invoice;
pub mod second_opinion;
pub mod sure;
pub mod write_sql;
