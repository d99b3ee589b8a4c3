//! Functions that others may call.

use super::{
    days::function_name,
    guard::{shortened, text_of},
    speech::{Refusal, Speech, nothing, unsupported},
};
use sqlparser::ast::{
    DuplicateTreatment, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments,
    WindowFrame, WindowFrameBound, WindowFrameUnits, WindowSpec, WindowType,
};

/// What may be called by which name, and what it is called here.
const SCALARS: [(&str, &str); 31] = [
    ("abs", "ABS"),
    ("ceil", "CEIL"),
    ("ceiling", "CEIL"),
    ("char_length", "LENGTH"),
    ("character_length", "LENGTH"),
    ("coalesce", "COALESCE"),
    ("concat", "CONCAT"),
    ("date_trunc", "DATE_TRUNC"),
    ("floor", "FLOOR"),
    ("greatest", "MAX"),
    ("ifnull", "IFNULL"),
    ("iif", "IIF"),
    ("instr", "INSTR"),
    ("least", "MIN"),
    ("length", "LENGTH"),
    ("lower", "LOWER"),
    ("ltrim", "LTRIM"),
    ("max", "MAX"),
    ("min", "MIN"),
    ("mod", "MOD"),
    ("nullif", "NULLIF"),
    ("replace", "REPLACE"),
    ("round", "ROUND"),
    ("rtrim", "RTRIM"),
    ("sign", "SIGN"),
    ("strpos", "INSTR"),
    ("substr", "SUBSTR"),
    ("substring", "SUBSTR"),
    ("to_char", "TO_CHAR"),
    ("trim", "TRIM"),
    ("upper", "UPPER"),
];
/// Functions of many rows.
const AGGREGATES: [(&str, &str); 8] = [
    ("avg", "AVG"),
    ("count", "COUNT"),
    ("group_concat", "GROUP_CONCAT"),
    ("max", "MAX"),
    ("min", "MIN"),
    ("string_agg", "GROUP_CONCAT"),
    ("sum", "SUM"),
    ("total", "TOTAL"),
];
/// Functions that only a window has.
const WINDOWS: [&str; 11] = [
    "row_number",
    "rank",
    "dense_rank",
    "percent_rank",
    "cume_dist",
    "ntile",
    "lag",
    "lead",
    "first_value",
    "last_value",
    "nth_value",
];
/// Functions of SQLite's calendar.
const CALENDAR: [(&str, &str); 4] = [
    ("date", "DATE"),
    ("datetime", "DATETIME"),
    ("julianday", "JULIANDAY"),
    ("strftime", "STRFTIME"),
];

/// Returns every function that the private database may be asked for, in small letters.
pub fn callable(name: &str) -> bool {
    let pairs = SCALARS.iter().chain(&AGGREGATES).chain(&CALENDAR);
    let ours = pairs.map(|(_, called)| *called).chain(WINDOWS).chain(["LIKE"]);
    ours.into_iter().any(|called| called.eq_ignore_ascii_case(name))
}

fn called(names: &[(&str, &'static str)], name: &str) -> Option<&'static str> {
    names.iter().find(|(known, _)| *known == name).map(|(_, called)| *called)
}

impl Speech {
    /// Says a call.
    ///
    /// # Errors
    ///
    /// [`Refusal`] for a function that is not on the list.
    pub fn call(&mut self, call: &Function) -> Result<(), Refusal> {
        let Function {
            name: _,
            uses_odbc_syntax,
            parameters,
            args,
            within_group,
            filter,
            null_treatment,
            over,
        } = call;
        let is_plain = !uses_odbc_syntax
            && matches!(parameters, FunctionArguments::None)
            && within_group.is_empty()
            && null_treatment.is_none();
        nothing(is_plain, "this kind of call")?;
        let name = function_name(call);
        if let Some(said) = self.today_by(&name, args) {
            return said;
        }
        let list = arguments(args)?;
        if over.is_none() && filter.is_none() && self.scalar(&name, &list)? {
            return Ok(());
        }
        let aggregate = called(&AGGREGATES, &name);
        let window = WINDOWS.iter().find(|window| **window == name && over.is_some()).copied();
        let Some(called) = aggregate.or(window) else {
            return Err(Refusal::new(format!("the function {} is not allowed", shortened(&name))));
        };
        if matches!(called, "SUM" | "AVG" | "TOTAL") {
            self.adds_up();
        }
        self.takes_from_rows();
        self.put(called);
        self.aggregated(args, &list)?;
        if let Some(condition) = filter {
            self.put(" FILTER (WHERE ");
            self.expression(condition)?;
            self.put(")");
        }
        over.as_ref().map_or(Ok(()), |over| self.window(over))
    }

    /// Says the user's date for the functions that ask a clock.
    fn today_by(&mut self, name: &str, args: &FunctionArguments) -> Option<Result<(), Refusal>> {
        let is_empty = match args {
            FunctionArguments::None => true,
            FunctionArguments::List(list) => list.args.is_empty(),
            FunctionArguments::Subquery(_) => false,
        };
        let asks = matches!(name, "current_date" | "current_timestamp" | "now" | "date");
        (asks && is_empty).then(|| {
            self.bind_today();
            Ok(())
        })
    }

    /// Says a function of one row; no if the name is of no such function.
    fn scalar(&mut self, name: &str, list: &[&FunctionArgExpr]) -> Result<bool, Refusal> {
        let is_of_rows = matches!(name, "min" | "max") && list.len() < 2;
        if let Some(called) = called(&SCALARS, name).filter(|_| !is_of_rows) {
            self.calling(called, &plain(list)?)?;
            return Ok(true);
        }
        if let Some(called) = called(&CALENDAR, name) {
            self.calendar(called, &plain(list)?)?;
            return Ok(true);
        }
        match (name, plain(list).unwrap_or_default().as_slice()) {
            ("left", [text, length]) => {
                self.put("SUBSTR(");
                self.expression(text)?;
                self.put(", 1, ");
                self.expression(length)?;
                self.put(")");
            }
            ("date_part", [Expr::Value(field), day]) => {
                let field = text_of(&field.value).ok_or_else(|| unsupported("this date_part"))?;
                self.part(field, day)?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Says a function of the calendar, in which "now" is the user's day.
    fn calendar(&mut self, name: &str, arguments: &[&Expr]) -> Result<(), Refusal> {
        self.put(name);
        self.put("(");
        let kept = arguments.iter().filter(|argument| !is_word(argument, &["localtime", "utc"]));
        self.list(&kept.collect::<Vec<_>>(), |speech, argument| {
            if is_word(argument, &["now"]) {
                speech.bind_today();
                return Ok(());
            }
            speech.expression(argument)
        })?;
        self.put(")");
        Ok(())
    }

    fn aggregated(
        &mut self,
        args: &FunctionArguments,
        list: &[&FunctionArgExpr],
    ) -> Result<(), Refusal> {
        let is_distinct = matches!(args, FunctionArguments::List(list)
            if list.duplicate_treatment == Some(DuplicateTreatment::Distinct));
        self.put(if is_distinct { "(DISTINCT " } else { "(" });
        match list {
            [FunctionArgExpr::Wildcard] => self.put("*"),
            _ => self.list(&plain(list)?, |speech, argument| speech.expression(argument))?,
        }
        self.put(")");
        Ok(())
    }

    fn window(&mut self, window: &WindowType) -> Result<(), Refusal> {
        let WindowType::WindowSpec(WindowSpec {
            window_name: None,
            partition_by,
            order_by,
            window_frame,
        }) = window
        else {
            return Err(unsupported("a named window"));
        };
        self.put(" OVER (");
        if !partition_by.is_empty() {
            self.put("PARTITION BY ");
            self.list(partition_by, Self::expression)?;
        }
        if !order_by.is_empty() {
            self.put(" ORDER BY ");
            self.ordered(order_by)?;
        }
        if let Some(frame) = window_frame {
            self.frame(frame)?;
        }
        self.put(")");
        Ok(())
    }

    fn frame(&mut self, frame: &WindowFrame) -> Result<(), Refusal> {
        let WindowFrame { units, start_bound, end_bound } = frame;
        self.put(match units {
            WindowFrameUnits::Rows => " ROWS ",
            WindowFrameUnits::Range => " RANGE ",
            WindowFrameUnits::Groups => " GROUPS ",
        });
        let Some(end) = end_bound else { return self.bound(start_bound) };
        self.put("BETWEEN ");
        self.bound(start_bound)?;
        self.put(" AND ");
        self.bound(end)
    }

    fn bound(&mut self, bound: &WindowFrameBound) -> Result<(), Refusal> {
        let (number, words) = match bound {
            WindowFrameBound::CurrentRow => {
                self.put("CURRENT ROW");
                return Ok(());
            }
            WindowFrameBound::Preceding(number) => (number, " PRECEDING"),
            WindowFrameBound::Following(number) => (number, " FOLLOWING"),
        };
        match number {
            Some(number) => self.expression(number)?,
            None => self.put("UNBOUNDED"),
        }
        self.put(words);
        Ok(())
    }
}

fn arguments(args: &FunctionArguments) -> Result<Vec<&FunctionArgExpr>, Refusal> {
    let FunctionArguments::List(list) = args else {
        return Err(unsupported("a call without brackets"));
    };
    nothing(list.clauses.is_empty(), "this kind of argument")?;
    let all = list.args.iter().map(|argument| match argument {
        FunctionArg::Unnamed(argument) => Ok(argument),
        FunctionArg::Named { .. } | FunctionArg::ExprNamed { .. } => {
            Err(unsupported("an argument with a name"))
        }
    });
    all.collect()
}

fn plain<'a>(list: &[&'a FunctionArgExpr]) -> Result<Vec<&'a Expr>, Refusal> {
    let all = list.iter().map(|argument| match argument {
        FunctionArgExpr::Expr(expression) => Ok(expression),
        _ => Err(unsupported("* in a call")),
    });
    all.collect()
}

fn is_word(argument: &Expr, words: &[&str]) -> bool {
    let Expr::Value(value) = argument else { return false };
    let text = text_of(&value.value).unwrap_or_default();
    words.iter().any(|word| text.trim().eq_ignore_ascii_case(word))
}
