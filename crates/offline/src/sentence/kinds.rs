//! Words for a kind of expense, beside what the book holds: names and words of the book go first.
//!
//! "Was hat mich die Bahn gekostet" means Deutsche Bahn where the book has no transport, "Strom" the lines
//! that say so where it has no electricity, "phone bills" what it calls Telecom.

use super::{
    filters::Binder,
    lexicon::{self, Lexicon},
    piece::{Parsed, Piece, has},
    word::{Role, Word},
};
use domain::{invoice::Direction, names::fold, question::QueryPlan};
use ports::model::{Names, Sentence, Unfiled};
use serde::Deserialize;
use std::{collections::HashMap, sync::OnceLock};

/// The data file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kinds {
    single: Vec<String>,
    near: HashMap<String, Vec<String>>,
    wide: HashMap<String, Vec<String>>,
}

fn kinds() -> &'static Kinds {
    static KINDS: OnceLock<Kinds> = OnceLock::new();
    const FILE: &str = include_str!("../lexicons/sentences/kinds.toml");
    KINDS.get_or_init(|| toml::from_str(FILE).unwrap_or_default())
}

/// Returns what has to be looked up on bills before a question can be answered: a word for a kind that the
/// book does not have, or for one thing of a kind.
pub(super) fn unfiled(parsed: &Parsed, sentence: &Sentence, plan: &QueryPlan) -> Option<Unfiled> {
    let names = &sentence.names;
    if names.vendors.is_empty() && names.customers.is_empty() {
        return None;
    }
    let asked = |kind: &str| plan.filters.category.iter().any(|asked| asked == kind);
    let mut said = parsed.pieces.iter().enumerate().filter_map(|(at, piece)| {
        let kind = kind_of(piece).filter(|kind| asked(kind))?;
        Some((at, piece, kind))
    });
    let (at, piece, kind) = said.next().filter(|_| said.next().is_none())?;
    let word = bare(piece, kind, parsed.code);
    let is_single = kinds().single.contains(&word);
    // "car wash", "office chairs": what stands right beside it belongs to it
    let beside = at.saturating_add(1);
    let whole = parsed
        .pieces
        .get(beside)
        .filter(|next| plan.filters.item.contains(&next.text) && next.is_unknown());
    if is_filed(kind, names) && !is_single && whole.is_none() {
        return None;
    }
    let typed = match whole {
        Some(next) => format!("{} {}", piece.folded, next.folded),
        None => word,
    };
    let own = match whole {
        Some(_) => one_of(&typed).into_iter().collect(),
        None => others(kind, &typed),
    };
    let known = |list: &[String]| {
        list.iter().map(|one| fold(one)).any(|one| one == typed || own.contains(&one))
    };
    if known(&names.absent) || known(&names.things) {
        return None;
    }
    let others = if is_single || whole.is_none() && !near(kind, names).is_empty() {
        Vec::new()
    } else {
        own
    };
    Some(Unfiled { typed, others })
}

impl Binder<'_> {
    /// Binds words for a kind that the book does not have to what it does have.
    pub(super) fn kinds(&mut self) {
        // "put it under travel" files something
        if has(self.pieces, &[Word::Mark, Word::Category, Word::Create]) {
            return;
        }
        let names = &self.sentence.names;
        for at in 0..self.pieces.len() {
            let Some(piece) = self.piece(at).filter(|_| !self.is_used(at)) else { continue };
            let Some(kind) = kind_of(piece) else { continue };
            let word = bare(piece, kind, self.code);
            let next = at.saturating_add(1);
            let two = self.pieces.get(next).map(|next| format!("{} {}", piece.folded, next.folded));
            let is_thing = |typed: &str| names.things.iter().any(|thing| fold(thing) == typed);
            let one = two.as_deref().and_then(one_of).filter(|one| is_thing(one));
            if let Some(two) = two.filter(|two| is_thing(two)).or(one) {
                self.bound.filters.item.push(two);
                self.bound.is_of_bills = true;
                self.take(at, next.saturating_add(1));
            } else if let Some(called) = other_name(kind, names) {
                self.bound.filters.category.extend(called);
                self.take(at, next);
            } else if let Some(name) = self.somebody(&word, kind) {
                let issued = self.bound.filters.direction == Some(Direction::Issued);
                let filters = &mut self.bound.filters;
                let list = if issued { &mut filters.customer } else { &mut filters.vendor };
                list.push(name);
                self.take(at, next);
            } else if is_thing(&word) || others(kind, &word).iter().any(|other| is_thing(other)) {
                let things = names.things.iter().map(|thing| fold(thing));
                let own = others(kind, &word);
                let things = things.filter(|thing| *thing == word || own.contains(thing));
                self.bound.filters.item.extend(things);
                self.bound.is_of_bills = true;
                self.take(at, next);
            } else if names.absent.iter().any(|absent| fold(absent) == word)
                && !is_filed(kind, names)
            {
                let found = Some(near(kind, names)).filter(|found| !found.is_empty());
                let found = found.unwrap_or_else(|| held(&kinds().wide, kind, names));
                if !found.is_empty() {
                    self.bound.filters.category.extend(found);
                    self.take(at, next);
                }
            }
        }
    }

    /// Binds the words for kinds that are left.
    pub(super) fn categories(&mut self) {
        let categories: Vec<(usize, String)> = self
            .free()
            .filter_map(|(at, piece)| kind_of(piece).map(|name| (at, name.to_owned())))
            .collect();
        let apart = categories.windows(2).any(|two| match two {
            [(one, _), (other, _)] => !self.is_joined(one.saturating_add(1), *other),
            _ => false,
        });
        // "more on travel than on food" is no sum of both
        let tells = categories.iter().any(|(at, _)| self.is_subject_of_a_clause(*at));
        self.bound.is_unclear |= apart || tells;
        // "the price of diesel": prices are of things
        let priced = has(self.pieces, &[Word::Price]) && !has(self.pieces, &[Word::Document]);
        for (at, name) in categories {
            match self.piece(at).filter(|_| priced) {
                Some(thing) => self.bound.filters.item.push(thing.text.clone()),
                None => self.bound.filters.category.push(name),
            }
            self.take(at, at.saturating_add(1));
        }
    }

    /// "Die Bahn" is Deutsche Bahn: the one vendor whose name has that word, where the book has no such kind.
    fn somebody(&self, word: &str, kind: &str) -> Option<String> {
        let names = &self.sentence.names;
        if is_filed(kind, names) || word.chars().count() < 3 {
            return None;
        }
        let list = match self.bound.filters.direction {
            Some(Direction::Issued) => &names.customers,
            _ => &names.vendors,
        };
        let holds = |name: &&String| fold(name).split(' ').any(|part| part == word);
        let mut held = list.iter().filter(holds);
        held.next().filter(|_| held.next().is_none()).cloned()
    }
}

/// "Office chairs" stand on bills as "office chair".
fn one_of(things: &str) -> Option<String> {
    let one = things.strip_suffix('s').filter(|one| !one.ends_with('s') && one.len() > 3)?;
    Some(one.to_owned())
}

pub(super) fn kind_of(piece: &Piece) -> Option<&'static str> {
    piece.roles.iter().find_map(|role| match role {
        Role::Category(name) => Some(*name),
        _ => None,
    })
}

/// Returns the word for a kind without what is joined to it: "Stromkosten" speaks of "strom".
fn bare(piece: &Piece, kind: &str, code: &str) -> String {
    let single = !piece.folded.contains(' ');
    let lexicon = lexicon::of(code).filter(|_| single);
    let head = lexicon.and_then(|lexicon| lexicon.head_of(&piece.folded, kind));
    head.unwrap_or(&piece.folded).to_owned()
}

/// Returns whether the book has a category of this kind, in whatever language it is called.
fn is_filed(kind: &str, names: &Names) -> bool {
    names.categories.iter().any(|stored| is_called(stored, kind))
        || other_name(kind, names).is_some()
}

/// Returns what the book calls a kind in another language or by another name for it, where it does.
fn other_name(kind: &str, names: &Names) -> Option<Vec<String>> {
    if names.categories.iter().any(|stored| is_called(stored, kind)) {
        return None;
    }
    let same = |name: &&String| {
        let name = fold(name);
        lexicon::all().iter().any(|lexicon| lexicon.names_of(kind).contains(&name))
    };
    let mut found: Vec<String> = names.categories.iter().filter(same).cloned().collect();
    if found.is_empty() {
        return None;
    }
    // "food" where the book has meals and groceries
    for part in near(kind, names) {
        if !found.contains(&part) {
            found.push(part);
        }
    }
    Some(found)
}

fn is_called(stored: &str, kind: &str) -> bool {
    fold(stored) == fold(kind)
}

/// Returns the categories of the book that say the same as a kind, or are a part of it.
fn near(kind: &str, names: &Names) -> Vec<String> {
    held(&kinds().near, kind, names)
}

/// Returns those categories of the book that a table names for a kind.
fn held(table: &HashMap<String, Vec<String>>, kind: &str, names: &Names) -> Vec<String> {
    let listed = table.get(kind).map_or(&[][..], Vec::as_slice);
    let is_listed = |stored: &&String| listed.iter().any(|name| is_called(stored, name));
    names.categories.iter().filter(is_listed).cloned().collect()
}

/// Returns what a kind is called in each language, a word of three letters or less left out.
fn others(kind: &str, typed: &str) -> Vec<String> {
    let called = lexicon::all().iter().filter_map(|lexicon| lexicon.name_of(kind));
    let mut called: Vec<String> = called
        .filter(|name| name.chars().count() > 3 && *name != typed)
        .map(str::to_owned)
        .collect();
    called.sort();
    called.dedup();
    called
}

impl Lexicon {
    /// Returns the word for a kind that a compound begins with, the shortest one.
    fn head_of(&self, compound: &str, kind: &str) -> Option<&str> {
        let named = self.names_of(kind).iter().map(String::as_str);
        let begins = named.filter(|name| name.chars().count() > 3 && compound.starts_with(name));
        begins.min_by_key(|name| name.len())
    }

    /// Returns what a kind is mostly called.
    fn name_of(&self, kind: &str) -> Option<&str> {
        self.names_of(kind).first().map(String::as_str)
    }
}
