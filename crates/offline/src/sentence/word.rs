//! What a word of the lexicons can mean, without its language.

use domain::{dates::Unit, money::Currency};
use serde::Deserialize;

/// Words that keep others company, in a question as in an order, and change nothing.
pub(super) const COMPANY: [Word; 27] = [
    Word::Stop,
    Word::Please,
    Word::Hello,
    Word::Thanks,
    Word::We,
    Word::Me,
    Word::It,
    Word::All,
    Word::Show,
    Word::Which,
    Word::Is,
    Word::Do,
    Word::And,
    Word::WhatAbout,
    Word::Only,
    Word::From,
    Word::To,
    Word::For,
    Word::At,
    Word::Of,
    Word::Document,
    Word::Bill,
    Word::Times,
    Word::Has,
    Word::Yes,
    Word::Relative,
    Word::About,
];

/// The role of a word or phrase in a sentence. The lexicons use the same names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Word {
    /// Talk that is no business.
    Hello,
    Yes,
    Thanks,
    Bye,
    Help,
    Capability,
    Identity,
    Erase,
    /// What is stored about the person who writes.
    MyData,
    Forget,
    OffTopic,
    /// Question words.
    HowMuch,
    HowMany,
    Which,
    What,
    Who,
    When,
    Show,
    /// Persons and pronouns.
    We,
    Me,
    It,
    All,
    /// What is computed.
    Total,
    Average,
    Largest,
    Smallest,
    Most,
    Least,
    Top,
    /// "Rank", "ranking of": in the order of what each comes to.
    Rank,
    /// "Sort by amount": the order of what is shown.
    Sort,
    /// "Break it down": by what follows.
    Split,
    Latest,
    Oldest,
    BeforeLast,
    /// Nouns.
    Document,
    Item,
    Vendor,
    Customer,
    Category,
    Status,
    CurrencyNoun,
    Amount,
    Price,
    Quantity,
    Tax,
    Net,
    /// Which way the money went.
    Spend,
    /// "Costs": what a thing takes, now and for anybody.
    Costs,
    Received,
    Bought,
    Income,
    /// "Was I paid", "cobré": money that came, and not only what was billed.
    Collected,
    Sent,
    OweMe,
    Owe,
    /// "I have to": where a sentence begins so, it tells something.
    WeMust,
    /// Where an invoice stands.
    Paid,
    Unpaid,
    Overdue,
    Draft,
    Cancelled,
    /// Dates.
    Due,
    This,
    Last,
    Next,
    Today,
    Yesterday,
    Tomorrow,
    DayBefore,
    SoFar,
    /// "Will", "might", "if": not so yet.
    Later,
    Since,
    /// "Da marzo": from then on until now, where "from March" can be the month alone.
    EverSince,
    Until,
    Before,
    After,
    Between,
    Compare,
    And,
    /// "But": what follows is not what went before.
    But,
    Or,
    Ago,
    EndOf,
    StartOf,
    Ordinal,
    /// Prepositions and small words.
    From,
    To,
    For,
    /// Before things and names alike: "en", "für".
    About,
    At,
    Per,
    Of,
    Is,
    Do,
    Only,
    WhatAbout,
    /// "About 200": no amount to bill or to look for.
    Roughly,
    /// "More", where nothing says than what.
    More,
    /// "Back" and "off" of "set back to", "tick off".
    Particle,
    /// "How many different suppliers": names are counted once anyway.
    Distinct,
    /// "Of them", "davon": of what was asked about before.
    OfThem,
    Except,
    Not,
    Please,
    /// "That" in "bills that are paid".
    Relative,
    Stop,
    /// "Mate", "listen": whom or how one addresses, at either end of a sentence.
    Address,
    /// Comparison and order.
    Over,
    Under,
    AtLeast,
    AtMost,
    Ascending,
    Descending,
    /// Creation.
    Create,
    Bill,
    /// "In Rechnung", which ends an order to bill somebody.
    BilledBehind,
    Each,
    Times,
    Included,
    Excluded,
    NoTax,
    Discount,
    NumberLabel,
    Note,
    Dated,
    Email,
    Container,
    NamedBefore,
    /// Updates.
    Mark,
    /// "Extend invoice 20 to": its due date.
    Postpone,
    Cancel,
    Reopen,
    DueDate,
    PaidUs,
    WePaid,
    /// The first half of "hat … bezahlt".
    Has,
    /// What no plan can say: "weekend", "profit", "per person", "my sister", "by card".
    Beyond,
    /// Papers that are no invoices: "quote", "credit note".
    OtherPaper,
}

/// One meaning of a piece of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A plain role.
    Word(Word),
    /// A calendar unit.
    Unit(Unit),
    /// "Monthly": grouped by a calendar unit.
    Every(Unit),
    /// A month, from 1.
    Month(i8),
    /// A weekday, Monday is 1.
    Weekday(i8),
    /// A number word.
    Number(u32),
    /// "First", "second".
    Ordinal(u32),
    /// A season: its first month.
    Season(i8),
    /// A category by its English name.
    Category(&'static str),
    /// A currency by its ISO code.
    Currency(Currency),
}
