//! Tokens that are two in one: "Oktoberwoche", "3x50", "ومايو".

use super::{
    lexicon,
    token::{Kind, Token},
    word::{Role, Word},
};

/// "Oktoberwoche" is the month and the week.
pub(super) fn weeks(tokens: Vec<Token>) -> Vec<Token> {
    let is_month = |word: &str| {
        let roles = lexicon::of("de").map_or(&[][..], |lexicon| lexicon.roles(word));
        roles.iter().any(|role| matches!(role, Role::Month(_)))
    };
    let apart = |token: Token| {
        let month = token.folded.strip_suffix("woche").filter(|month| is_month(month));
        let Some(length) = month.map(str::len).filter(|_| token.kind == Kind::Word) else {
            return vec![token];
        };
        let split =
            |text: &str| text.split_at_checked(length).map(|(a, b)| (a.to_owned(), b.to_owned()));
        let (Some((text, week)), Some((folded, week_folded))) =
            (split(&token.text), split(&token.folded))
        else {
            return vec![token];
        };
        let middle = token.start.saturating_add(length);
        let head = Token { text, folded, end: middle, ..token.clone() };
        vec![head, Token { text: week, folded: week_folded, start: middle, ..token }]
    };
    tokens.into_iter().flat_map(apart).collect()
}

/// "ومايو" is "and May": Arabic writes the small word as the first letter of the next one.
pub(super) fn ands(tokens: Vec<Token>) -> Vec<Token> {
    const AND: char = 'و';
    let is_known = |word: &str| lexicon::of("ar").is_some_and(|ar| !ar.roles(word).is_empty());
    let apart = |token: Token| {
        let rest = token.folded.strip_prefix(AND).filter(|rest| is_known(rest));
        let length = AND.len_utf8();
        let whole = is_known(&token.folded);
        let Some((rest, text)) = rest.zip(token.text.get(length..)).filter(|_| !whole) else {
            return vec![token];
        };
        let middle = token.start.saturating_add(length);
        let tail = Token {
            text: text.to_owned(),
            folded: rest.to_owned(),
            start: middle,
            ..token.clone()
        };
        let and = AND.to_string();
        vec![Token { text: and.clone(), folded: and, end: middle, ..token }, tail]
    };
    tokens.into_iter().flat_map(apart).collect()
}

/// "Desglósalo", "mettila": Spanish and Italian write the pronoun as the end of the verb.
pub(super) fn pronouns(tokens: Vec<Token>) -> Vec<Token> {
    const THEM: [&str; 8] = ["lo", "la", "los", "las", "li", "le", "me", "mi"];
    let verbs = [
        Word::Show,
        Word::Sort,
        Word::Split,
        Word::Mark,
        Word::Cancel,
        Word::Reopen,
        Word::Postpone,
    ];
    let lexicons = || ["es", "it"].into_iter().filter_map(lexicon::of);
    let is_verb = |word: &str| {
        let mut roles = lexicons().flat_map(|lexicon| lexicon.roles(word));
        roles.any(|role| verbs.map(Role::Word).contains(role))
    };
    let apart = |token: Token| {
        let known = lexicons().any(|lexicon| lexicon.is_everyday(&token.folded));
        let split = THEM.into_iter().find_map(|them| {
            let verb = token.folded.strip_suffix(them).filter(|verb| is_verb(verb))?;
            let text = token.text.strip_suffix(them)?;
            Some((verb.to_owned(), text.to_owned(), them.to_owned()))
        });
        let Some((folded, text, them)) = split.filter(|_| !known && token.kind == Kind::Word)
        else {
            return vec![token];
        };
        let middle = token.start.saturating_add(text.len());
        let verb = Token { text, folded, end: middle, ..token.clone() };
        vec![verb, Token { text: them.clone(), folded: them, start: middle, ..token }]
    };
    tokens.into_iter().flat_map(apart).collect()
}

/// "C/u", "p/": what a stroke shortens is one word.
pub(super) fn strokes(tokens: Vec<Token>) -> Vec<Token> {
    let mut joined: Vec<Token> = Vec::new();
    for token in tokens {
        let short = |last: &Token| last.kind == Kind::Word && last.text.chars().count() == 1;
        let last = joined.last_mut().filter(|last| last.end == token.start);
        match last {
            Some(last) if token.text == "/" && short(last) => {
                last.text.push('/');
                last.end = token.end;
                if last.folded == "p" {
                    last.folded = "para".to_owned();
                }
            }
            Some(last) if last.text.ends_with('/') && last.kind == Kind::Word && short(&token) => {
                last.folded = format!("{} {}", last.folded, token.folded);
                last.text.push_str(&token.text);
                last.end = token.end;
            }
            _ => joined.push(token),
        }
    }
    joined
}

/// "3x50": how many, and at which price.
pub(super) fn times(tokens: Vec<Token>) -> Vec<Token> {
    let mut apart: Vec<Token> = Vec::new();
    for token in tokens {
        let glued =
            apart.last().is_some_and(|last| last.kind == Kind::Number && last.end == token.start);
        let price = token.text.strip_prefix(['x', 'X']).filter(|price| {
            glued && !price.is_empty() && price.chars().all(|c| c.is_ascii_digit())
        });
        let Some(price) = price.map(str::to_owned) else {
            apart.push(token);
            continue;
        };
        let start = token.start.saturating_add(1);
        let times = Token {
            text: "x".to_owned(),
            folded: "x".to_owned(),
            end: start,
            kind: Kind::Word,
            ..token.clone()
        };
        apart.push(times);
        apart.push(Token {
            folded: price.clone(),
            text: price,
            start,
            kind: Kind::Number,
            ..token
        });
    }
    apart
}
