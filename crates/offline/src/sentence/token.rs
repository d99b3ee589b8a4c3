//! Cuts a text into words, numbers, codes, dates, addresses and marks, each with its place.
//!
//! Digits of other scripts become ASCII first; accents stay in the text and go in the folded form.

use unicode_normalization::char::is_combining_mark;

/// The most characters of a text that is read at all: half of an order must not become an invoice.
/// WhatsApp ends a message at 4,096.
const LONGEST: usize = 4_096;
const CURRENCY_SIGNS: &str = "€$£₹¥₽₪₩₫₺₴₦₱฿";

/// What a token is by its letters alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters.
    Word,
    /// Digits with separators.
    Number,
    /// Letters and digits together, such as an invoice number.
    Code,
    /// Digits in the shape of a date.
    Date,
    /// An e-mail address.
    Email,
    /// A currency sign, with the letters that belong to it.
    Sign,
    /// Punctuation.
    Mark,
}

/// A token and its place, in bytes of the plain text.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) text: String,
    pub(super) folded: String,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) kind: Kind,
}

/// Returns whether a text is too long to be read.
pub(super) fn is_too_long(text: &str) -> bool {
    text.chars().nth(LONGEST).is_some()
}

/// Returns the text with ASCII digits and separators, bounded in length.
pub(super) fn plain(text: &str) -> String {
    text.chars().take(LONGEST).map(plain_char).collect()
}

fn plain_char(c: char) -> char {
    let digit_from = |zero: char| {
        u32::from(c)
            .checked_sub(u32::from(zero))
            .filter(|digit| *digit < 10)
            .and_then(|digit| char::from_digit(digit, 10))
    };
    match c {
        '\u{66b}' => '.',
        '\u{66c}' | '\u{60c}' => ',',
        '\u{2019}' | '\u{2bc}' => '\'',
        '\u{2013}' | '\u{2014}' | '\u{2212}' => '-',
        _ => ['\u{660}', '\u{6f0}', '\u{966}'].into_iter().find_map(digit_from).unwrap_or(c),
    }
}

/// Returns the tokens of a plain text, in order.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    tokens_in(text, false)
}

/// Returns the tokens of a text; where a comma parts the decimals, "15.12." at its end is a day.
pub(super) fn tokens_in(text: &str, comma: bool) -> Vec<Token> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some(first) = rest.chars().next() {
        let start = text.len().saturating_sub(rest.len());
        let (length, kind) = if first.is_whitespace() {
            (first.len_utf8(), None)
        } else {
            head(rest, start > 0 && text.get(..start).is_some_and(ends_in_letter), comma)
        };
        let (piece, tail) = rest.split_at_checked(length.max(1)).unwrap_or((rest, ""));
        if let Some(kind) = kind {
            found.push(Token {
                text: piece.to_owned(),
                folded: folded(piece, kind),
                start,
                end: start.saturating_add(piece.len()),
                kind,
            });
        }
        rest = tail;
    }
    found
}

/// Joins thousands that a space parts, such as "2 000": French writes them so, and elsewhere a
/// number that begins with a nought is no number of its own.
pub(super) fn spaced_thousands(tokens: Vec<Token>, plain: &str, locale: &str) -> Vec<Token> {
    let french = locale.to_ascii_lowercase().starts_with("fr");
    let mut joined: Vec<Token> = Vec::new();
    let mut rest = tokens.into_iter().peekable();
    while let Some(token) = rest.next() {
        let is_money = |token: Option<&Token>| {
            token.is_some_and(|token| {
                token.kind == Kind::Sign
                    || ["euro", "euros", "eur"].contains(&token.folded.as_str())
            })
        };
        let tail = token.text.split([',', '.']).next().unwrap_or_default();
        let three = token.kind == Kind::Number && tail.len() == 3;
        let head = joined.last_mut().filter(|last| {
            let head = last.text.rsplit(' ').next().unwrap_or_default();
            let plain_head = head.len() <= 3 && head.bytes().all(|b| b.is_ascii_digit());
            last.kind == Kind::Number
                && plain_head
                && !head.starts_with('0')
                && last.end.saturating_add(1) == token.start
        });
        match head {
            Some(head) if three && (tail.starts_with('0') || french && is_money(rest.peek())) => {
                head.end = token.end;
                head.text = plain.get(head.start..head.end).unwrap_or_default().to_owned();
                head.folded.clone_from(&head.text);
            }
            _ => joined.push(token),
        }
    }
    joined
}

fn folded(piece: &str, kind: Kind) -> String {
    match kind {
        Kind::Word => domain::names::fold(piece),
        _ => piece.to_lowercase(),
    }
}

fn ends_in_letter(text: &str) -> bool {
    text.chars().next_back().is_some_and(is_letter)
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() || is_combining_mark(c) || matches!(c, '\u{200c}' | '\u{200d}' | '²' | '³')
}

/// Returns the length and kind of the token that a text begins with; no kind for what only joins.
fn head(rest: &str, after_letter: bool, comma: bool) -> (usize, Option<Kind>) {
    let found = email(rest)
        .map(|length| (length, Kind::Email))
        .or_else(|| date(rest, comma).map(|length| (length, Kind::Date)))
        .or_else(|| number(rest))
        .or_else(|| sign(rest).map(|length| (length, Kind::Sign)))
        .or_else(|| word(rest));
    if let Some((length, kind)) = found {
        return (length, Some(kind));
    }
    let mut chars = rest.chars();
    let mark = chars.next().unwrap_or(' ');
    let joins = after_letter && matches!(mark, '-' | '\'' | '.' | '_');
    let kind = if joins && chars.next().is_some_and(is_letter) { None } else { Some(Kind::Mark) };
    (mark.len_utf8(), kind)
}

fn run(rest: &str, keep: impl Fn(char) -> bool) -> &str {
    let end = rest.find(|c| !keep(c)).unwrap_or(rest.len());
    rest.get(..end).unwrap_or(rest)
}

fn email(rest: &str) -> Option<usize> {
    let piece = run(rest, |c| !c.is_whitespace() && !",;()<>:".contains(c));
    let piece = piece.trim_end_matches(['.', '!', '?']);
    let (user, host) = piece.split_once('@')?;
    (!user.is_empty() && host.contains('.') && !host.starts_with('.')).then_some(piece.len())
}

/// Recognises `2025-09-24`, `24.09.2025`, `24/9/25`, `24/09`, `09/2025` and `24.9.` before more.
fn date(rest: &str, comma: bool) -> Option<usize> {
    let whole = run(rest, |c| c.is_ascii_digit() || "-/.".contains(c));
    let piece = whole.trim_end_matches(['-', '/', '.']);
    let separator = piece.chars().find(|c| !c.is_ascii_digit())?;
    let parts: Vec<&str> = piece.split(separator).collect();
    if parts.iter().any(|part| part.is_empty() || !part.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let value = |at: usize| parts.get(at).and_then(|part| part.parse::<u32>().ok()).unwrap_or(0);
    let fits = match lengths.as_slice() {
        [4, 1 | 2, 1 | 2] => value(1) <= 12 && value(2) <= 31,
        [1 | 2, 1 | 2, 2 | 4] => value(0) <= 31 && value(1) <= 31,
        [1 | 2, 4] => separator != '.' && (1..=12).contains(&value(0)) && value(1) > 1900,
        [1 | 2, 1 | 2] if separator == '/' => {
            (1..=31).contains(&value(0)) && (1..=31).contains(&value(1))
        }
        [1 | 2, 1 | 2] if separator == '.' => {
            let tail = rest.get(whole.len()..).unwrap_or_default().trim();
            let more = comma || !tail.is_empty();
            whole.len() > piece.len() && more && (1..=12).contains(&value(1)) && value(0) <= 31
        }
        _ => false,
    };
    let with_dot = lengths.len() == 2 && separator == '.';
    fits.then(|| piece.len().saturating_add(usize::from(with_dot)))
}

fn number(rest: &str) -> Option<(usize, Kind)> {
    rest.chars().next().filter(char::is_ascii_digit)?;
    if let Some(length) = brand(rest) {
        return Some((length, Kind::Code));
    }
    let run = run(rest, |c| c.is_ascii_digit() || ".,'-/\u{a0}\u{202f}".contains(c));
    let whole = run.trim_end_matches(|c: char| !c.is_ascii_digit());
    if !whole.contains(['-', '/']) {
        let piece = whole.split(['\u{a0}', '\u{202f}']).collect::<Vec<_>>();
        let grouped = piece.iter().skip(1).all(|part| part.len() >= 3);
        let length = if grouped { whole.len() } else { piece.first().map_or(1, |part| part.len()) };
        return Some((length, Kind::Number));
    }
    if whole.contains([',', '\u{a0}', '\u{202f}']) {
        let length = whole.find(['-', '/']).unwrap_or(whole.len());
        return Some((length, Kind::Number));
    }
    Some((whole.len(), Kind::Code))
}

/// "1&1", "7-Eleven": digits that a mark joins to letters, or an "&" to anything, are a name.
fn brand(rest: &str) -> Option<usize> {
    let whole = run(rest, |c| is_letter(c) || c.is_ascii_digit() || "&-".contains(c));
    let whole = whole.trim_end_matches(['&', '-']);
    let digits = run(rest, |c| c.is_ascii_digit());
    let tail = whole.get(digits.len()..)?;
    let word = tail.strip_prefix('-').unwrap_or_default();
    let named = word.chars().count() >= 3 && word.chars().all(is_letter);
    (tail.starts_with('&') || named && digits.len() < 4).then_some(whole.len())
}

fn sign(rest: &str) -> Option<usize> {
    let letters = run(rest, |c| c.is_ascii_alphabetic());
    let next = rest.get(letters.len()..)?.chars().next()?;
    let fits =
        CURRENCY_SIGNS.contains(next) && (letters.is_empty() || (next == '$' && letters.len() < 4));
    fits.then(|| letters.len().saturating_add(next.len_utf8()))
}

fn word(rest: &str) -> Option<(usize, Kind)> {
    rest.chars().next().filter(|c| is_letter(*c) || *c == '#')?;
    let code = run(rest, |c| is_letter(c) || c.is_ascii_digit() || "-/_.#".contains(c));
    let code = code.trim_end_matches(|c: char| !is_letter(c) && !c.is_ascii_digit());
    let letters = run(rest, is_letter);
    let mixed = code.chars().any(|c| c.is_ascii_digit()) && !code.contains("--");
    // "Ltd.3" and "no.5" are a word and a number, "INV-31" and "A7" are one code
    let glued_dot = code.get(letters.len()..).is_some_and(|tail| tail.starts_with('.'));
    if mixed && !glued_dot && code.len() > letters.len() {
        return Some((code.len(), Kind::Code));
    }
    (!letters.is_empty()).then_some((letters.len(), Kind::Word))
}
