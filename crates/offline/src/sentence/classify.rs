//! What a text wants: its pieces are read first, the intent follows from them.

use super::{
    business, correct, filters,
    leaning::{self, LEANS, LEANS_CLEARLY, LEANS_FOR_SURE},
    no_such_day,
    piece::{Parsed, Piece, has, parse},
    question, statement,
    talk::is_small,
    telling,
    token::Kind,
    word::{Role, Word},
};
use domain::{
    correction::{Correction, Target},
    intent::Intent,
    question::{Filters, QueryPlan},
    tenant::Language,
};
use ports::model::{Classified, Sentence, Topic};

/// Returns the intent of a text.
pub(super) fn classify(sentence: &Sentence) -> Classified {
    let parsed = parse(sentence);
    let signs = Signs::of(&parsed, sentence);
    let (intent, topic, sure) = signs.weigh(signs.decide());
    let language = parsed.recognised.then(|| Language::parse(parsed.code)).flatten();
    Classified { intent, topic, language, sure }
}

/// What speaks for one intent or another.
pub(super) struct Signs<'a> {
    pub(super) pieces: &'a [Piece],
    pub(super) sentence: &'a Sentence,
    pub(super) parsed: &'a Parsed,
    /// The first piece that says something.
    pub(super) first: Option<&'a Piece>,
    pub(super) asks: bool,
    pub(super) priced: bool,
}

pub(super) type Verdict = (Intent, Topic, bool);

/// Words that speak of invoices or of money.
const BUSINESS: [Word; 16] = [
    Word::Document,
    Word::Spend,
    Word::Income,
    Word::OweMe,
    Word::Owe,
    Word::Unpaid,
    Word::Overdue,
    Word::Vendor,
    Word::Customer,
    Word::Bought,
    Word::Bill,
    Word::Due,
    Word::Tax,
    Word::Draft,
    Word::Cancelled,
    Word::BilledBehind,
];

/// Returns whether a plan says more of its invoices than which way the money goes.
fn narrows(plan: &QueryPlan) -> bool {
    !filters::is_empty(&Filters { direction: None, ..plan.filters.clone() })
}

/// Words that ask for a figure.
const FIGURES: [Word; 4] = [Word::HowMuch, Word::HowMany, Word::Total, Word::Average];

impl<'a> Signs<'a> {
    fn of(parsed: &'a Parsed, sentence: &'a Sentence) -> Self {
        let pieces = &parsed.pieces;
        let filler = |piece: &&Piece| {
            piece.kind == Kind::Mark
                || piece.is_any(&[Word::Hello, Word::Thanks, Word::Please])
                    && !piece.is_any(&[Word::Create, Word::Bill])
        };
        let first = pieces.iter().find(|piece| !filler(piece));
        let mark = pieces.iter().any(|piece| piece.is_mark("?؟¿"));
        let lead = first.is_some_and(|piece| {
            piece.is_any(&[
                Word::HowMuch,
                Word::HowMany,
                Word::Which,
                Word::What,
                Word::Who,
                Word::When,
                Word::Show,
                Word::Is,
                Word::Do,
            ])
        });
        Self {
            pieces,
            sentence,
            parsed,
            first,
            asks: mark || lead || has(pieces, &[Word::HowMuch, Word::HowMany, Word::Show]),
            priced: pieces.iter().enumerate().any(|(at, piece)| {
                piece.value.is_some()
                    && [at.checked_sub(1), Some(at.saturating_add(1)), Some(at.saturating_add(2))]
                        .into_iter()
                        .flatten()
                        .any(|near| {
                            pieces.get(near).is_some_and(|piece| {
                                piece.currency().is_some() || piece.is(Word::Each)
                            })
                        })
            }),
        }
    }

    pub(super) fn says(&self, words: &[Word]) -> bool {
        has(self.pieces, words)
    }

    pub(super) fn first_is(&self, words: &[Word]) -> bool {
        self.first.is_some_and(|piece| piece.is_any(words))
    }

    pub(super) fn first_is_same(&self, piece: &Piece) -> bool {
        self.first.is_some_and(|first| first.start == piece.start)
    }

    /// Returns what the grammar says, unless the words lean clearly to something else. What was said
    /// so is never sure: it is asked about, or shown before it is done.
    fn weigh(&self, verdict: Verdict) -> Verdict {
        let (intent, topic, sure) = verdict;
        let worded = self.pieces.iter().any(|piece| piece.kind == Kind::Word);
        if !worded || topic == Topic::EraseRequest || statement::of(self.sentence).is_some() {
            return verdict;
        }
        let leaning = leaning::of(self.parsed, self.sentence);
        if leaning.intent == intent {
            return verdict;
        }
        let plan = || question::plan(self.parsed, self.sentence);
        let plan =
            Some(intent).filter(|intent| *intent == Intent::InvoiceQuery).and_then(|_| plan());
        let needed = match (intent, plan) {
            (Intent::OffTopic, _) | (Intent::InvoiceQuery, None) => LEANS,
            // "totl paid to hetzner": a word of figures asks, whatever else is said
            (Intent::InvoiceQuery, Some(plan)) if self.says(&FIGURES) && narrows(&plan) => {
                return verdict;
            }
            (Intent::InvoiceQuery, Some(_)) if sure => LEANS_CLEARLY,
            (Intent::InvoiceQuery, Some(_)) => LEANS,
            _ => LEANS_FOR_SURE,
        };
        if leaning.share < needed { verdict } else { (leaning.intent, leaning.topic, false) }
    }

    fn decide(&self) -> Verdict {
        let erases = self.says(&[Word::Cancel, Word::Forget]) && self.says(&[Word::MyData]);
        if (self.says(&[Word::Erase]) || erases) && !self.says(&[Word::Document]) {
            return (Intent::General, Topic::EraseRequest, true);
        }
        let business = self.says(&BUSINESS);
        if statement::of(self.sentence).is_some() {
            return (Intent::InvoiceUpdate, Topic::Other, true);
        }
        if let Some(talk) = self.talk(business) {
            return talk;
        }
        let follows = !self.sentence.context.is_empty() || self.sentence.last_plan.is_some();
        if self.is_update() && !self.is_rather_a_question() {
            return (Intent::InvoiceUpdate, Topic::Other, true);
        }
        if self.is_news_of_a_payment() {
            return (Intent::InvoiceUpdate, Topic::Other, false);
        }
        if self.wants_a_field_changed() {
            return (Intent::InvoiceUpdate, Topic::Other, false);
        }
        if self.is_creation() {
            return (Intent::InvoiceCreator, Topic::Other, true);
        }
        // "total on 31 November": the day is named
        if no_such_day::of(self.parsed, self.sentence).is_some() && !self.says(&[Word::OffTopic]) {
            return (Intent::InvoiceQuery, Topic::Other, false);
        }
        // "Quick Taxi paid me yesterday" tells something, though not of whom
        let tells = self.says(&[Word::PaidUs])
            && !self.asks
            && !self.says(&[Word::Document, Word::Total, Word::Who, Word::Which, Word::Average]);
        if tells || telling::states_a_payment(self.parsed) && !self.asks {
            return (Intent::InvoiceUpdate, Topic::Other, false);
        }
        let plan = question::plan(self.parsed, self.sentence);
        // "conta uma piada": a word that can be a bill beside one that is about something else
        let strange = self.says(&[Word::OffTopic])
            && plan.as_ref().is_some_and(|plan| filters::is_empty(&plan.filters));
        if plan.is_some() && !strange && (business || !self.says(&[Word::OffTopic])) {
            return (Intent::InvoiceQuery, Topic::Other, true);
        }
        if self.is_stranger_alone() {
            return (Intent::InvoiceQuery, Topic::Other, false);
        }
        let bound = filters::bind(self.parsed, self.sentence);
        if business
            && business::is_business(self.parsed, self.sentence, &bound)
            && !self.says(&[Word::OffTopic])
        {
            return (Intent::InvoiceQuery, Topic::Other, follows || self.asks);
        }
        self.small_rest()
    }

    /// "Zorbington", "اتصالات": one word that may be a name, as far as its letters tell.
    fn is_stranger_alone(&self) -> bool {
        let mut words = self.pieces.iter().filter(|piece| piece.kind != Kind::Mark);
        let may_be_name = |piece: &Piece| {
            let first = piece.text.chars().next();
            let caseless = |c: char| matches!(c, '\u{600}'..='\u{6ff}' | '\u{900}'..='\u{97f}');
            piece.is_unknown() && (piece.is_capital() || first.is_some_and(caseless))
        };
        words.next().is_some_and(may_be_name) && words.next().is_none()
    }

    /// Words that ask, that make, or that speak of what was paid: "all we paid Argos".
    fn looks_for_some(&self) -> bool {
        let all = self.pieces.windows(2).any(|pair| {
            matches!(pair, [all, paid] if all.is(Word::All) && paid.is(Word::WePaid)
                && !paid.is(Word::Paid))
        });
        all || self.says(&[Word::HowMuch, Word::HowMany, Word::When])
            || self.first_is(&[Word::Show, Word::Which, Word::What, Word::Who, Word::Is, Word::Do])
                && !self.first_is(&[Word::Mark, Word::It])
            || self.first_is(&[Word::Create])
                && !self.first_is(&[Word::Mark])
                && self.says(&[Word::Document])
    }

    fn is_update(&self) -> bool {
        if self.looks_for_some()
            || self.is_paid_by_somebody()
            || business::looks_for_paid_papers(self.parsed)
        {
            return false;
        }
        let Some(correction) = correct::attempt(self.parsed, self.sentence) else {
            return false;
        };
        let ordered = self.orders(&correction.target);
        let pointed = matches!(correction.target, Target::Number(_) | Target::Numbers(_));
        let pronoun = correction.target == Target::Context
            || correction.target == Target::Unsaid && self.says_it();
        let stated = self.says(&[
            Word::Is,
            Word::Paid,
            Word::Reopen,
            Word::Cancel,
            Word::DueDate,
            Word::Category,
        ]);
        let stands = stated || self.says(&[Word::Unpaid, Word::Note]);
        if self.asks_with_a_mark() || self.creates(&correction, pointed) {
            return false;
        }
        let names_one = matches!(correction.target, Target::Latest(_) | Target::Filter(_));
        // "paid invoices" are no "I paid invoice 5"
        let second = self.pieces.iter().skip_while(|piece| !self.first_is_same(piece)).nth(1);
        let adjective = self.first_is(&[Word::Paid])
            && second.is_some_and(|piece| piece.is(Word::Document))
            && !pointed;
        let verb_first =
            self.first_is(&[Word::Mark, Word::Cancel, Word::Reopen, Word::WePaid]) && !adjective;
        let states = self.states_payment();
        let many = matches!(correction.target, Target::Filter(_));
        let settled = names_one
            && (ordered && !self.says(&[Word::Total, Word::Show])
                || (states || !many && (self.says(&[Word::Is]) || self.is_one_paper()))
                    && self.says(&[Word::Document, Word::All])
                    && self.says(&[Word::Paid])
                || states && !many);
        let amount = (correction.set.gross.is_some() || correction.set.tax_rate.is_some())
            && (ordered || pointed || self.says_it() || self.says(&[Word::Is]));
        let affirmed = correction.target == Target::Context
            && self.first_is(&[Word::Yes])
            && correction.set.status.is_some();
        let told = pointed && self.tells(&correction);
        verb_first
            || affirmed
            || told
            || (names_one || pointed) && self.files(&correction)
            || amount
            || settled && !self.first_is(&[Word::Total])
            || pointed && (ordered || stands)
            || pronoun && (ordered || stated && self.says_it())
    }

    /// "Correct the VAT of 45": which field of which invoice, and not to what.
    fn wants_a_field_changed(&self) -> bool {
        const FIELDS: [Word; 9] = [
            Word::Tax,
            Word::Total,
            Word::Amount,
            Word::DueDate,
            Word::Category,
            Word::Vendor,
            Word::Customer,
            Word::Dated,
            Word::CurrencyNoun,
        ];
        let numbered = |piece: &Piece| piece.value.is_some() || piece.kind == Kind::Code;
        self.first_is(&[Word::Mark])
            && !self.first_is(&[Word::Create, Word::Show])
            && !self.asks_with_a_mark()
            && self.says(&FIELDS)
            && (self.pieces.iter().any(numbered) || self.says(&[Word::Document, Word::It]))
            && !self.says(&[Word::HowMuch, Word::HowMany])
    }

    fn asks_with_a_mark(&self) -> bool {
        self.asks && self.pieces.iter().any(|piece| piece.is_mark("?؟"))
    }

    /// Returns whether a new invoice is rather asked for than the change of one.
    fn creates(&self, correction: &Correction, pointed: bool) -> bool {
        let set = &correction.set;
        let priced = self.priced && set.gross.is_none() && set.currency.is_none();
        if self.bills_somebody() && set.due_date.is_some() {
            return true;
        }
        priced && self.says(&[Word::Bill, Word::Create]) && !self.says(&[Word::Total, Word::Amount])
            || priced && set.status.is_none()
            || set.category.is_some() && !pointed && self.sells()
    }

    /// Whatever it sets of an invoice by its number, if each word has its place in that.
    fn tells(&self, correction: &Correction) -> bool {
        !self.asks
            && correction.set.status.is_none()
            && correct::correction(self.parsed, self.sentence).is_some()
    }

    /// "Bills over 250 not paid", "la TVA que j'ai payée": led by papers or a figure, and each word has its
    /// place in a question where it has none in a change.
    fn is_rather_a_question(&self) -> bool {
        let papers = |piece: &Piece| {
            piece.is(Word::Document) && piece.is_plural(self.parsed.code) || piece.is(Word::Tax)
        };
        let leads = self.pieces.iter().find(|piece| !is_small(piece)).is_some_and(papers);
        let plan = || question::plan(self.parsed, self.sentence);
        let orders = [Word::Mark, Word::Cancel, Word::Reopen, Word::Is, Word::WePaid];
        leads
            && correct::correction(self.parsed, self.sentence).is_none()
            && plan().map_or(!self.says(&orders) || self.says(&[Word::Relative]), |plan| {
                plan.filters.number.is_none()
            })
    }

    /// "Make an invoice for Tom, boiler repair 240": what is sold may be a kind of expense too.
    fn sells(&self) -> bool {
        self.first_is(&[Word::Create])
            && self.says(&[Word::Document])
            && !self.says(&[Word::Category, Word::All])
            && self.pieces.iter().any(|piece| piece.value.is_some())
    }

    /// "All Lidl bills are groceries".
    fn files(&self, correction: &Correction) -> bool {
        correction.set.category.is_some() && correct::states_category(self.parsed, self.sentence)
    }

    /// Returns whether a verb asks for a change; in "just the paid ones" there is none.
    fn orders(&self, target: &Target) -> bool {
        let verbs = [Word::Mark, Word::Cancel, Word::Reopen, Word::PaidUs];
        let adjective = |piece: &Piece| piece.is(Word::Paid) && !piece.text.contains(' ');
        let mut paid = self.pieces.iter().filter(|piece| piece.is(Word::WePaid));
        let papers = |piece: &Piece| {
            piece.is(Word::Document) && piece.is_plural(self.parsed.code) || piece.is(Word::Tax)
        };
        let one = !matches!(target, Target::Context | Target::Filter(_))
            && !self.pieces.iter().any(papers);
        self.says(&verbs)
            || self.says(&[Word::WePaid]) && (one || self.says(&[Word::We]) || !paid.all(adjective))
    }

    /// "It" and "this", but not the one of "this year".
    fn says_it(&self) -> bool {
        self.pieces.iter().enumerate().any(|(at, piece)| {
            let of_time = piece.is(Word::This)
                && self.pieces.get(at.saturating_add(1)).is_some_and(|next| {
                    next.roles.iter().any(|role| !matches!(role, Role::Word(_)))
                });
            // "bills that were due" are no "that was due"
            let relative = piece.is(Word::Relative)
                && at
                    .checked_sub(1)
                    .and_then(|at| self.pieces.get(at))
                    .is_some_and(|before| before.is_any(&[Word::Document, Word::Item, Word::All]));
            piece.is(Word::It) && !of_time && !relative
        })
    }
}
