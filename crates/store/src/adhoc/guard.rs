//! What others may say in SQL: a list of what is allowed, and our own words for it.
//!
//! The text that came in is never run. It is parsed, every node is compared with the list, and the
//! statement that runs is written anew from the tree: names in quotes, texts as bound values. A
//! kind of node that is not named here is refused, so what the parser learns later is refused too.

use super::speech::{Refusal, Speech, nothing, unsupported};
use domain::dates::Date;
use sqlparser::{
    ast::{
        Cte, Ident, LimitClause, ObjectName, ObjectNamePart, OrderBy, OrderByExpr, OrderByKind,
        OrderByOptions, OrderBySort, Query, SelectItem, SetExpr, SetOperator, SetQuantifier,
        Statement, TableAlias, Value, With,
    },
    dialect::PostgreSqlDialect,
    parser::Parser,
    tokenizer::Tokenizer,
};
use std::collections::BTreeSet;

/// The relations there are.
pub const RELATIONS: [&str; 5] =
    ["users", "conversations", "messages", "invoices", "invoice_items"];
/// The longest statement, in bytes.
const MAX_LENGTH: usize = 10_000;
/// The most words of a statement.
const MAX_TOKENS: usize = 2_000;
/// How deep the parser descends. Its frames are large: at sixty, queries within queries overflow the
/// two megabytes of a thread in a debug build.
const MAX_NESTING: usize = 30;

/// A statement that may run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed {
    /// The statement, in our words.
    pub sql: String,
    /// The values of its `?1`, `?2`, …
    pub texts: Vec<String>,
    /// The relations it reads.
    pub reads: BTreeSet<&'static str>,
    /// The headings of its columns; nothing where only the database knows them.
    pub headings: Option<Vec<String>>,
    /// Whether it adds up or averages.
    pub adds_up: bool,
    /// Whether it names a currency anywhere.
    pub names_currency: bool,
    /// Numbers that its columns show or reckon with and that come from no row.
    pub own_numbers: Vec<String>,
}

/// Returns the statement that may be run for the one that was given.
///
/// # Errors
///
/// [`Refusal`] with a sentence that says what is not allowed.
pub fn allow(sql: &str, today: Date) -> Result<Allowed, Refusal> {
    let query = parse(sql)?;
    let mut speech = Speech::new(today);
    speech.query(&query)?;
    let headings = headings(&query.body);
    Ok(speech.spoken(headings))
}

fn parse(sql: &str) -> Result<Box<Query>, Refusal> {
    if sql.len() > MAX_LENGTH {
        return Err(Refusal::new(format!("the statement is longer than {MAX_LENGTH} bytes")));
    }
    let dialect = PostgreSqlDialect {};
    let tokens = Tokenizer::new(&dialect, sql).tokenize_with_location();
    let tokens = tokens.map_err(|error| Refusal::new(error.to_string()))?;
    if tokens.len() > MAX_TOKENS {
        return Err(Refusal::new(format!("the statement has more than {MAX_TOKENS} words")));
    }
    let mut parser =
        Parser::new(&dialect).with_recursion_limit(MAX_NESTING).with_tokens_with_locations(tokens);
    let statements = parser.parse_statements().map_err(|error| Refusal::new(error.to_string()))?;
    let mut statements = statements.into_iter();
    match (statements.next(), statements.next()) {
        (Some(Statement::Query(query)), None) => Ok(query),
        (Some(_), None) => Err(Refusal::new("only SELECT is allowed")),
        (None, _) => Err(Refusal::new("there is no statement")),
        (_, Some(_)) => Err(Refusal::new("only one statement is allowed")),
    }
}

/// Returns what the columns are called; nothing if a `*` stands for some of them.
fn headings(body: &SetExpr) -> Option<Vec<String>> {
    match body {
        SetExpr::Select(select) => select.projection.iter().map(heading).collect(),
        SetExpr::SetOperation { left, .. } => headings(left),
        SetExpr::Query(query) => headings(&query.body),
        _ => None,
    }
}

fn heading(item: &SelectItem) -> Option<String> {
    match item {
        SelectItem::ExprWithAlias { alias, .. } => Some(alias.value.clone()),
        SelectItem::UnnamedExpr(expression) => {
            Some(expression.to_string().chars().take(60).collect())
        }
        _ => None,
    }
}

impl Speech {
    /// Says a whole query.
    pub fn query(&mut self, query: &Query) -> Result<(), Refusal> {
        let Query {
            with,
            body,
            order_by,
            limit_clause,
            fetch,
            locks,
            for_clause,
            settings,
            format_clause,
            pipe_operators,
        } = query;
        nothing(fetch.is_none(), "FETCH")?;
        nothing(locks.is_empty(), "FOR UPDATE")?;
        nothing(for_clause.is_none(), "FOR")?;
        nothing(settings.is_none(), "SETTINGS")?;
        nothing(format_clause.is_none(), "FORMAT")?;
        nothing(pipe_operators.is_empty(), "|>")?;
        self.deeper(|speech| {
            speech.open_names();
            if let Some(with) = with {
                speech.with(with)?;
            }
            speech.body(body)?;
            if let Some(order) = order_by {
                speech.order(order)?;
            }
            if let Some(limit) = limit_clause {
                speech.limit(limit)?;
            }
            speech.close_names();
            Ok(())
        })
    }

    fn with(&mut self, with: &With) -> Result<(), Refusal> {
        let With { with_token: _, recursive, cte_tables } = with;
        nothing(!recursive, "WITH RECURSIVE")?;
        self.put("WITH ");
        self.list(cte_tables, |speech, cte| {
            let Cte { alias, query, from, materialized: _, closing_paren_token: _ } = cte;
            nothing(from.is_none(), "FROM after WITH")?;
            speech.alias(alias)?;
            speech.put(" AS (");
            speech.query(query)?;
            speech.put(")");
            speech.name_relation(&alias.name);
            Ok(())
        })?;
        self.put(" ");
        Ok(())
    }

    fn body(&mut self, body: &SetExpr) -> Result<(), Refusal> {
        match body {
            SetExpr::Select(select) => self.select(select),
            SetExpr::Query(query) => {
                self.put("SELECT * FROM (");
                self.query(query)?;
                self.put(")");
                Ok(())
            }
            SetExpr::SetOperation { left, op, set_quantifier, right } => {
                self.deeper(|speech| {
                    speech.body(left)?;
                    speech.put(combination(*op, *set_quantifier)?);
                    // SQLite reads from left to right; whatever was to be read first is put apart.
                    if matches!(**right, SetExpr::Select(_)) {
                        return speech.body(right);
                    }
                    speech.put("SELECT * FROM (");
                    speech.body(right)?;
                    speech.put(")");
                    Ok(())
                })
            }
            SetExpr::Values(_)
            | SetExpr::Insert(_)
            | SetExpr::Update(_)
            | SetExpr::Delete(_)
            | SetExpr::Merge(_)
            | SetExpr::Table(_) => Err(Refusal::new("only SELECT is allowed")),
        }
    }

    /// Says what a relation is called, and its columns.
    pub fn alias(&mut self, alias: &TableAlias) -> Result<(), Refusal> {
        let TableAlias { explicit: _, name, columns, at } = alias;
        nothing(at.is_none(), "AT")?;
        self.name(name)?;
        if columns.is_empty() {
            return Ok(());
        }
        self.put("(");
        self.list(columns, |speech, column| {
            nothing(column.data_type.is_none(), "types of columns")?;
            speech.name(&column.name)
        })?;
        self.put(")");
        Ok(())
    }

    fn order(&mut self, order: &OrderBy) -> Result<(), Refusal> {
        let OrderBy { kind: OrderByKind::Expressions(expressions), interpolate: None } = order
        else {
            return Err(unsupported("this kind of ORDER BY"));
        };
        self.put(" ORDER BY ");
        self.ordered(expressions)
    }

    /// Says what rows are ordered by.
    pub fn ordered(&mut self, expressions: &[OrderByExpr]) -> Result<(), Refusal> {
        self.list(expressions, |speech, ordered| {
            let OrderByExpr { expr, options: OrderByOptions { sort, nulls_first }, with_fill } =
                ordered;
            nothing(with_fill.is_none(), "WITH FILL")?;
            speech.expression(expr)?;
            speech.put(match sort {
                None => "",
                Some(OrderBySort::Asc) => " ASC",
                Some(OrderBySort::Desc) => " DESC",
                Some(OrderBySort::Using(_)) => return Err(unsupported("ORDER BY … USING")),
            });
            speech.put(match nulls_first {
                None => "",
                Some(true) => " NULLS FIRST",
                Some(false) => " NULLS LAST",
            });
            Ok(())
        })
    }

    fn limit(&mut self, limit: &LimitClause) -> Result<(), Refusal> {
        let (limit, offset) = match limit {
            LimitClause::LimitOffset { limit, offset, limit_by } => {
                nothing(limit_by.is_empty(), "LIMIT BY")?;
                (limit.as_ref(), offset.as_ref().map(|offset| &offset.value))
            }
            LimitClause::OffsetCommaLimit { offset, limit } => (Some(limit), Some(offset)),
        };
        // Without a limit SQLite has no word for an offset alone.
        self.put(" LIMIT ");
        match limit {
            Some(limit) => self.expression(limit)?,
            None => self.put("-1"),
        }
        if let Some(offset) = offset {
            self.put(" OFFSET ");
            self.expression(offset)?;
        }
        Ok(())
    }
}

fn combination(operator: SetOperator, quantifier: SetQuantifier) -> Result<&'static str, Refusal> {
    match (operator, quantifier) {
        (SetOperator::Union, SetQuantifier::All) => Ok(" UNION ALL "),
        (SetOperator::Union, SetQuantifier::None | SetQuantifier::Distinct) => Ok(" UNION "),
        (SetOperator::Except, SetQuantifier::None | SetQuantifier::Distinct) => Ok(" EXCEPT "),
        (SetOperator::Intersect, SetQuantifier::None | SetQuantifier::Distinct) => {
            Ok(" INTERSECT ")
        }
        _ => Err(unsupported("this kind of UNION")),
    }
}

/// Returns the one word of a name.
pub fn single(name: &ObjectName) -> Result<&Ident, Refusal> {
    match name.0.as_slice() {
        [ObjectNamePart::Identifier(name)] => Ok(name),
        _ => Err(Refusal::new(format!(
            "{} is not allowed; name a relation without its schema",
            shortened(&name.to_string())
        ))),
    }
}

/// Returns the words of a refusal without more of what was written than helps.
pub fn shortened(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}

/// Returns a text if the value is one.
pub fn text_of(value: &Value) -> Option<&str> {
    match value {
        Value::SingleQuotedString(text)
        | Value::EscapedStringLiteral(text)
        | Value::UnicodeStringLiteral(text)
        | Value::NationalStringLiteral(text) => Some(text),
        Value::DollarQuotedString(quoted) => Some(&quoted.value),
        _ => None,
    }
}
