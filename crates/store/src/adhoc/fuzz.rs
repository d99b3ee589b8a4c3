//! S22: statements by dice, from a grammar wider than the list and from broken text.
//!
//! Five thousand by default; built with `BILLHOOK_FUZZ=1000000` it is a million.

#![expect(clippy::arithmetic_side_effects, reason = "the numbers of a test are small")]

use super::{
    guard::{RELATIONS, allow},
    tests::{TODAY, private},
};
use domain::table::Cell;
use testkit::contracts::store::book::Dice;

/// What nearly always stands for a value.
const TAME: [&str; 14] = [
    "total",
    "vendor",
    "issue_date",
    "i.number",
    "\"due_date\"",
    "i.user_id",
    "'x'",
    "'it''s'",
    "'\\'",
    "1",
    "2.5",
    "NULL",
    "CURRENT_DATE",
    "DATE '2025-01-01'",
];
/// What seldom does.
const WILD: [&str; 26] = [
    "*",
    "rowid",
    "E'\\''",
    "$$a$$",
    "1e3",
    "TRUE",
    "INTERVAL '1 month'",
    "sqlite_master",
    "?",
    "?1",
    ":a",
    "$1",
    "@x",
    "x'00'",
    "U&'\\0041'",
    "/* c */ 1",
    "-- c\n1",
    "[a]",
    "`a`",
    "\"\"",
    "now()",
    "random()",
    "count(*)",
    "pg_sleep(1)",
    "(VALUES (1))",
    "'a'::date",
];
const FUNCTIONS: [&str; 9] =
    ["round", "lower", "upper", "date", "coalesce", "abs", "trim", "length", "floor"];
const WILD_FUNCTIONS: [&str; 8] =
    ["sum", "avg", "max", "strftime", "date_trunc", "to_char", "printf", "load_extension"];
const OPERATORS: [&str; 14] =
    ["+", "-", "*", "/", "||", "=", "<>", "<", ">=", "AND", "OR", "LIKE", "ILIKE", "%"];

fn word(dice: &mut Dice) -> &'static str {
    if dice.chance(96) { dice.one_of(&TAME) } else { dice.one_of(&WILD) }
}

fn function(dice: &mut Dice) -> &'static str {
    if dice.chance(85) { dice.one_of(&FUNCTIONS) } else { dice.one_of(&WILD_FUNCTIONS) }
}

fn expression(dice: &mut Dice, depth: u64) -> String {
    let one = |dice: &mut Dice| expression(dice, depth + 1);
    match dice.below(if depth > 3 { 4 } else { 12 }) {
        0..=2 => word(dice).to_owned(),
        3 | 4 => format!("{} {} {}", one(dice), dice.one_of(&OPERATORS), one(dice)),
        5 => format!("{}({})", function(dice), one(dice)),
        6 => format!("coalesce({}, {})", one(dice), one(dice)),
        7 => format!("CASE WHEN {} THEN {} ELSE {} END", one(dice), one(dice), one(dice)),
        8 => format!("({})", select(dice, depth + 2)),
        9 => format!("{} IN ({}, {})", one(dice), one(dice), one(dice)),
        10 => format!("extract(month FROM {})", one(dice)),
        _ => format!("sum({}) OVER (PARTITION BY {} ORDER BY {})", one(dice), one(dice), one(dice)),
    }
}

fn select(dice: &mut Dice, depth: u64) -> String {
    let mut sql = format!("SELECT {} FROM {} i", expression(dice, depth), dice.one_of(&RELATIONS));
    if dice.chance(20) {
        sql.push_str(&format!(" JOIN invoice_items t ON {}", expression(dice, depth + 1)));
    }
    if dice.chance(50) {
        sql.push_str(&format!(" WHERE {}", expression(dice, depth + 1)));
    }
    if dice.chance(30) {
        sql.push_str(&format!(" GROUP BY {}", expression(dice, depth + 2)));
    }
    if dice.chance(30) {
        sql.push_str(&format!(" ORDER BY {} DESC", expression(dice, depth + 2)));
    }
    if depth < 3 && dice.chance(15) {
        sql = format!("{sql} UNION ALL {}", select(dice, depth + 2));
    }
    if depth == 0 && dice.chance(15) {
        sql = format!("WITH w AS ({}) {sql}", select(dice, 2));
    }
    sql
}

/// Breaks a statement: a piece is cut out, doubled, or replaced by a sign.
fn broken(dice: &mut Dice, sql: &str) -> String {
    let mut letters: Vec<char> = sql.chars().collect();
    for _ in 0..=dice.below(3) {
        let length = u64::try_from(letters.len()).unwrap();
        let at = usize::try_from(dice.below(length.max(1))).unwrap();
        let end = letters.len().min(at + 1 + usize::try_from(dice.below(6)).unwrap());
        match dice.below(3) {
            0 => drop(letters.drain(at..end)),
            1 => {
                let piece = letters[at..end].to_vec();
                letters.splice(at..at, piece);
            }
            _ => letters
                .splice(at..at, [dice.one_of(&['\'', '"', ';', '\\', '(', ')', '$', '\0', 'é'])])
                .for_each(drop),
        }
    }
    letters.into_iter().collect()
}

#[test]
fn s22_statements_by_dice_never_panic_never_change_and_can_be_read_back() {
    let wanted = option_env!("BILLHOOK_FUZZ").and_then(|text| text.parse::<u64>().ok());
    let wanted = wanted.unwrap_or(5_000);
    let (private, mut ran) = (private(), 0_u64);
    for seed in 0..wanted {
        let mut dice = Dice::new(seed);
        let mut sql = select(&mut dice, 0);
        if dice.chance(30) {
            sql = broken(&mut dice, &sql);
        }
        let Ok(allowed) = allow(&sql, TODAY) else { continue };
        let Ok(table) = private.run(&allowed) else { continue };
        ran += 1;
        // What is shown to people is what ran: it means the same when it is read again.
        let again = match allow(&table.sql, TODAY) {
            Ok(again) => again,
            // Our brackets count as depth.
            Err(refusal) if refusal.to_string().contains("recursion limit") => continue,
            Err(refusal) => panic!("{sql}\n{}\n{refusal}", table.sql),
        };
        let rows = private.run(&again).map(|again| again.rows);
        assert_eq!(rows.ok().as_ref(), Some(&table.rows), "seed {seed}: {sql}\n{}", table.sql);
    }
    assert!(ran * 20 > wanted, "only {ran} of {wanted} ran");
    let left = private.run(&allow("SELECT count(*), sum(total) FROM invoices", TODAY).unwrap());
    let three = Cell::Number(3.into());
    assert_eq!(left.unwrap().rows[0][0], three);
}
