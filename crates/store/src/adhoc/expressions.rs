//! Expressions that others may use.

use super::{
    days,
    guard::{shortened, text_of},
    speech::{Refusal, Speech, nothing, unsupported},
};
use sqlparser::ast::{
    BinaryOperator, CaseWhen, CastKind, CeilFloorKind, DataType, Expr, InTarget, TrimWhereField,
    UnaryOperator, Value,
};

impl Speech {
    /// Says an expression.
    ///
    /// # Errors
    ///
    /// [`Refusal`] for what is not on the list.
    pub fn expression(&mut self, expression: &Expr) -> Result<(), Refusal> {
        self.deeper(|speech| speech.say(expression))
    }

    fn say(&mut self, expression: &Expr) -> Result<(), Refusal> {
        match expression {
            Expr::Identifier(name) => {
                self.takes_from_rows();
                self.name(name)
            }
            Expr::CompoundIdentifier(names) => match names.as_slice() {
                [relation, column] => {
                    self.takes_from_rows();
                    self.name(relation)?;
                    self.put(".");
                    self.name(column)
                }
                _ => Err(unsupported("a column of a schema")),
            },
            Expr::Value(value) => self.value(&value.value),
            Expr::Nested(inner) => self.expression(inner),
            Expr::BinaryOp { left, op, right } => self.operation(left, op, right),
            Expr::UnaryOp { op, expr } => self.sign(*op, expr),
            Expr::Function(call) => self.call(call),
            Expr::TypedString(_) | Expr::Interval(_) | Expr::Extract { .. } => {
                self.of_calendar(expression)
            }
            Expr::Cast { kind, expr, data_type, format: None } => {
                nothing(*kind != CastKind::TryCast, "TRY_CAST")?;
                self.cast(expr, data_type)
            }
            Expr::Case { .. } => self.case(expression),
            Expr::In { .. }
            | Expr::Between { .. }
            | Expr::Like { .. }
            | Expr::ILike { .. }
            | Expr::Exists { .. }
            | Expr::Subquery(_) => self.condition(expression),
            Expr::IsNull(_)
            | Expr::IsNotNull(_)
            | Expr::IsTrue(_)
            | Expr::IsNotTrue(_)
            | Expr::IsFalse(_)
            | Expr::IsNotFalse(_)
            | Expr::IsDistinctFrom(..)
            | Expr::IsNotDistinctFrom(..) => self.is(expression),
            Expr::Ceil { .. }
            | Expr::Floor { .. }
            | Expr::Substring { .. }
            | Expr::Trim { .. }
            | Expr::Position { .. } => self.special(expression),
            other => Err(unsupported(&shortened(&other.to_string()))),
        }
    }

    fn value(&mut self, value: &Value) -> Result<(), Refusal> {
        match value {
            Value::Number(digits, false) => {
                let is_number = digits.len() <= 30
                    && digits.chars().all(|c| matches!(c, '0'..='9' | '.' | 'e' | 'E' | '+' | '-'));
                nothing(is_number, "this number")?;
                self.brings(digits, false);
                self.put(digits);
                Ok(())
            }
            Value::Boolean(flag) => {
                self.put(if *flag { "TRUE" } else { "FALSE" });
                Ok(())
            }
            Value::Null => {
                self.put("NULL");
                Ok(())
            }
            value => {
                let text = text_of(value).ok_or_else(|| unsupported("this kind of value"))?;
                nothing(!text.contains('\0'), "a text with NUL")?;
                self.brings(text, true);
                self.bind(text);
                Ok(())
            }
        }
    }

    fn operation(
        &mut self,
        left: &Expr,
        operator: &BinaryOperator,
        right: &Expr,
    ) -> Result<(), Refusal> {
        if days::is_about_days(left, operator, right) {
            return self.days(left, operator, right);
        }
        let words = match operator {
            BinaryOperator::Plus => " + ",
            BinaryOperator::Minus => " - ",
            BinaryOperator::Multiply => " * ",
            BinaryOperator::Divide => " / ",
            BinaryOperator::Modulo => " % ",
            BinaryOperator::StringConcat => " || ",
            BinaryOperator::Gt => " > ",
            BinaryOperator::Lt => " < ",
            BinaryOperator::GtEq => " >= ",
            BinaryOperator::LtEq => " <= ",
            BinaryOperator::Eq => " = ",
            BinaryOperator::NotEq => " <> ",
            BinaryOperator::And => " AND ",
            BinaryOperator::Or => " OR ",
            other => return Err(unsupported(&format!("the operator {other}"))),
        };
        self.put("(");
        self.expression(left)?;
        self.put(words);
        self.expression(right)?;
        self.put(")");
        Ok(())
    }

    fn sign(&mut self, operator: UnaryOperator, expression: &Expr) -> Result<(), Refusal> {
        // A space keeps two signs from becoming a comment.
        self.put(match operator {
            UnaryOperator::Plus => "(+ ",
            UnaryOperator::Minus => "(- ",
            UnaryOperator::Not => "(NOT ",
            _ => return Err(unsupported("this operator")),
        });
        self.expression(expression)?;
        self.put(")");
        Ok(())
    }

    fn cast(&mut self, expression: &Expr, to: &DataType) -> Result<(), Refusal> {
        let words = match to {
            DataType::Date => return self.calling("DATE", &[expression]),
            DataType::Timestamp(..) | DataType::Datetime(_) => {
                return self.calling("DATETIME", &[expression]);
            }
            DataType::Int(_)
            | DataType::Integer(_)
            | DataType::BigInt(_)
            | DataType::SmallInt(_) => "INTEGER",
            DataType::Text | DataType::Varchar(_) | DataType::Char(_) => "TEXT",
            DataType::Numeric(_)
            | DataType::Decimal(_)
            | DataType::Real
            | DataType::Float(_)
            | DataType::Double(_)
            | DataType::DoublePrecision => "REAL",
            other => {
                return Err(unsupported(&format!("the type {}", shortened(&other.to_string()))));
            }
        };
        self.put("CAST(");
        self.expression(expression)?;
        self.put(" AS ");
        self.put(words);
        self.put(")");
        Ok(())
    }

    fn case(&mut self, expression: &Expr) -> Result<(), Refusal> {
        let Expr::Case { case_token: _, end_token: _, operand, conditions, else_result } =
            expression
        else {
            return Err(unsupported("CASE"));
        };
        self.put("CASE");
        if let Some(operand) = operand {
            self.put(" ");
            self.expression(operand)?;
        }
        for CaseWhen { condition, result } in conditions {
            self.put(" WHEN ");
            self.expression(condition)?;
            self.put(" THEN ");
            self.expression(result)?;
        }
        if let Some(result) = else_result {
            self.put(" ELSE ");
            self.expression(result)?;
        }
        self.put(" END");
        Ok(())
    }

    fn condition(&mut self, expression: &Expr) -> Result<(), Refusal> {
        match expression {
            Expr::In { expr, target, negated, global } => {
                nothing(!global, "GLOBAL IN")?;
                self.put("(");
                self.expression(expr)?;
                self.put(if *negated { " NOT IN (" } else { " IN (" });
                match target {
                    InTarget::List(all) => self.list(all, Self::expression)?,
                    InTarget::Subquery(query) => self.query(query)?,
                    InTarget::Unnest(_) | InTarget::Table { .. } => {
                        return Err(unsupported("this kind of IN"));
                    }
                }
                self.put("))");
                Ok(())
            }
            Expr::Between { expr, negated, low, high } => {
                self.put("(");
                self.expression(expr)?;
                self.put(if *negated { " NOT BETWEEN " } else { " BETWEEN " });
                self.expression(low)?;
                self.put(" AND ");
                self.expression(high)?;
                self.put(")");
                Ok(())
            }
            Expr::Like { negated, any: false, expr, pattern, escape_char: None }
            | Expr::ILike { negated, any: false, expr, pattern, escape_char: None } => {
                self.put("(LOWER(");
                self.expression(expr)?;
                self.put(if *negated { ") NOT LIKE LOWER(" } else { ") LIKE LOWER(" });
                self.expression(pattern)?;
                self.put("))");
                Ok(())
            }
            Expr::Exists { subquery, negated } => {
                self.put(if *negated { "(NOT EXISTS (" } else { "(EXISTS (" });
                self.query(subquery)?;
                self.put("))");
                Ok(())
            }
            Expr::Subquery(query) => {
                self.put("(");
                self.query(query)?;
                self.put(")");
                Ok(())
            }
            _ => Err(unsupported("LIKE with ANY or ESCAPE")),
        }
    }

    fn is(&mut self, expression: &Expr) -> Result<(), Refusal> {
        let (inner, words) = match expression {
            Expr::IsNull(inner) => (inner, " IS NULL"),
            Expr::IsNotNull(inner) => (inner, " IS NOT NULL"),
            Expr::IsTrue(inner) => (inner, " IS TRUE"),
            Expr::IsNotTrue(inner) => (inner, " IS NOT TRUE"),
            Expr::IsFalse(inner) => (inner, " IS FALSE"),
            Expr::IsNotFalse(inner) => (inner, " IS NOT FALSE"),
            Expr::IsDistinctFrom(left, right) => return self.differs(left, " IS NOT ", right),
            Expr::IsNotDistinctFrom(left, right) => return self.differs(left, " IS ", right),
            _ => return Err(unsupported("this kind of IS")),
        };
        self.put("(");
        self.expression(inner)?;
        self.put(words);
        self.put(")");
        Ok(())
    }

    fn differs(&mut self, left: &Expr, words: &str, right: &Expr) -> Result<(), Refusal> {
        self.put("(");
        self.expression(left)?;
        self.put(words);
        self.expression(right)?;
        self.put(")");
        Ok(())
    }

    /// Says what SQL has a grammar of its own for.
    fn special(&mut self, expression: &Expr) -> Result<(), Refusal> {
        match expression {
            Expr::Ceil { expr, field: CeilFloorKind::DateTimeField(field) }
            | Expr::Floor { expr, field: CeilFloorKind::DateTimeField(field) } => {
                let has_field = *field != sqlparser::ast::DateTimeField::NoDateTime;
                nothing(!has_field, "rounding a date")?;
                let is_up = matches!(expression, Expr::Ceil { .. });
                self.calling(if is_up { "CEIL" } else { "FLOOR" }, &[expr])
            }
            Expr::Substring { expr, substring_from: Some(from), substring_for, .. } => {
                let mut all: Vec<&Expr> = vec![expr, from];
                all.extend(substring_for.as_deref());
                self.calling("SUBSTR", &all)
            }
            Expr::Trim { trim_where, trim_what, expr, trim_characters: None } => {
                let name = match trim_where {
                    None | Some(TrimWhereField::Both) => "TRIM",
                    Some(TrimWhereField::Leading) => "LTRIM",
                    Some(TrimWhereField::Trailing) => "RTRIM",
                };
                let mut all: Vec<&Expr> = vec![expr];
                all.extend(trim_what.as_deref());
                self.calling(name, &all)
            }
            Expr::Position { expr, r#in } => self.calling("INSTR", &[r#in, expr]),
            other => Err(unsupported(&shortened(&other.to_string()))),
        }
    }

    /// Says a call of a function of the private database.
    ///
    /// # Errors
    ///
    /// [`Refusal`] of its arguments.
    pub fn calling(&mut self, name: &str, arguments: &[&Expr]) -> Result<(), Refusal> {
        self.put(name);
        self.put("(");
        self.list(arguments, |speech, argument| speech.expression(argument))?;
        self.put(")");
        Ok(())
    }
}
