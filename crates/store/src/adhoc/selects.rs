//! One SELECT: its columns, where they come from, and its groups.

use super::{
    guard::single,
    speech::{Refusal, Speech, nothing, unsupported},
};
use sqlparser::ast::{
    Distinct, Expr, GroupByExpr, Join, JoinConstraint, JoinOperator, Select, SelectFlavor,
    SelectItem, SelectItemQualifiedWildcardKind, TableAlias, TableFactor, TableWithJoins,
    WildcardAdditionalOptions,
};

/// The most relations of a statement, counted as often as they are named.
const MAX_RELATIONS: usize = 12;

impl Speech {
    /// Says one SELECT.
    pub fn select(&mut self, select: &Select) -> Result<(), Refusal> {
        let Select {
            select_token: _,
            optimizer_hints: _,
            distinct,
            select_modifiers,
            top,
            top_before_distinct: _,
            projection,
            exclude,
            into,
            from,
            lateral_views,
            prewhere,
            selection,
            connect_by,
            group_by,
            cluster_by,
            distribute_by,
            sort_by,
            having,
            named_window,
            qualify,
            window_before_qualify: _,
            value_table_mode,
            flavor,
        } = select;
        nothing(into.is_none(), "SELECT INTO")?;
        let is_plain = select_modifiers.is_none()
            && top.is_none()
            && exclude.is_none()
            && lateral_views.is_empty()
            && prewhere.is_none()
            && connect_by.is_empty()
            && cluster_by.is_empty()
            && distribute_by.is_empty()
            && sort_by.is_empty()
            && qualify.is_none()
            && value_table_mode.is_none()
            && named_window.is_empty()
            && *flavor == SelectFlavor::Standard;
        nothing(is_plain, "this kind of SELECT")?;
        self.put("SELECT ");
        match distinct {
            None | Some(Distinct::All) => {}
            Some(Distinct::Distinct) => self.put("DISTINCT "),
            Some(Distinct::On(_)) => return Err(unsupported("DISTINCT ON")),
        }
        self.list(projection, Self::item)?;
        self.beside_columns(|speech| {
            speech.from(from)?;
            speech.condition_after(" WHERE ", selection.as_ref())?;
            speech.group(group_by)?;
            speech.condition_after(" HAVING ", having.as_ref())
        })
    }

    fn condition_after(&mut self, word: &str, condition: Option<&Expr>) -> Result<(), Refusal> {
        let Some(condition) = condition else { return Ok(()) };
        self.put(word);
        self.expression(condition)
    }

    fn item(&mut self, item: &SelectItem) -> Result<(), Refusal> {
        match item {
            SelectItem::UnnamedExpr(expression) => {
                self.column(|speech| speech.expression(expression))
            }
            SelectItem::ExprWithAlias { expr, alias } => {
                self.column(|speech| speech.expression(expr))?;
                self.put(" AS ");
                self.name(alias)
            }
            SelectItem::Wildcard(options) => {
                is_bare(options)?;
                self.names_currency();
                self.put("*");
                Ok(())
            }
            SelectItem::QualifiedWildcard(
                SelectItemQualifiedWildcardKind::ObjectName(name),
                options,
            ) => {
                is_bare(options)?;
                self.names_currency();
                self.name(single(name)?)?;
                self.put(".*");
                Ok(())
            }
            SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::Expr(_), _)
            | SelectItem::ExprWithAliases { .. } => Err(unsupported("this kind of column")),
        }
    }

    fn from(&mut self, from: &[TableWithJoins]) -> Result<(), Refusal> {
        if from.is_empty() {
            return Ok(());
        }
        self.put(" FROM ");
        for _ in from.iter().skip(1) {
            self.joins_everything()?;
        }
        self.list(from, Self::joined)
    }

    fn joined(&mut self, joined: &TableWithJoins) -> Result<(), Refusal> {
        let TableWithJoins { relation, joins } = joined;
        self.relation(relation)?;
        joins.iter().try_for_each(|join| self.join(join))
    }

    fn join(&mut self, join: &Join) -> Result<(), Refusal> {
        let Join { relation, global, join_operator } = join;
        nothing(!global, "GLOBAL JOIN")?;
        let (words, constraint) = match join_operator {
            JoinOperator::Join(constraint) | JoinOperator::Inner(constraint) => {
                (" JOIN ", constraint)
            }
            JoinOperator::Left(constraint) | JoinOperator::LeftOuter(constraint) => {
                (" LEFT JOIN ", constraint)
            }
            JoinOperator::Right(constraint) | JoinOperator::RightOuter(constraint) => {
                (" RIGHT JOIN ", constraint)
            }
            JoinOperator::FullOuter(constraint) => (" FULL JOIN ", constraint),
            JoinOperator::CrossJoin(constraint) => (" CROSS JOIN ", constraint),
            _ => return Err(unsupported("this kind of JOIN")),
        };
        self.put(words);
        self.relation(relation)?;
        match constraint {
            JoinConstraint::On(condition) => {
                self.put(" ON ");
                self.expression(condition)
            }
            JoinConstraint::Using(columns) => {
                self.put(" USING (");
                self.list(columns, |speech, column| speech.name(single(column)?))?;
                self.put(")");
                Ok(())
            }
            JoinConstraint::None => self.joins_everything(),
            JoinConstraint::Natural | JoinConstraint::UsingAlias(..) => {
                Err(unsupported("this kind of JOIN"))
            }
        }
    }

    fn relation(&mut self, relation: &TableFactor) -> Result<(), Refusal> {
        match relation {
            TableFactor::Table {
                name,
                alias,
                args: None,
                with_hints,
                version: None,
                with_ordinality: false,
                partitions,
                json_path: None,
                sample: None,
                index_directives,
                inheritance: None,
            } if with_hints.is_empty() && partitions.is_empty() && index_directives.is_empty() => {
                self.reads(single(name)?, MAX_RELATIONS)?;
                alias.iter().try_for_each(|alias| self.aliased(alias))
            }
            TableFactor::Derived { lateral: false, subquery, alias, sample: None } => {
                self.put("(");
                self.query(subquery)?;
                self.put(")");
                alias.iter().try_for_each(|alias| self.aliased(alias))
            }
            TableFactor::NestedJoin { table_with_joins, alias: None } => {
                self.put("(");
                self.joined(table_with_joins)?;
                self.put(")");
                Ok(())
            }
            _ => Err(unsupported("a relation that is no table")),
        }
    }

    fn aliased(&mut self, alias: &TableAlias) -> Result<(), Refusal> {
        nothing(alias.columns.is_empty(), "names of columns behind a table")?;
        self.put(" AS ");
        self.alias(alias)
    }

    fn group(&mut self, group: &GroupByExpr) -> Result<(), Refusal> {
        let GroupByExpr::Expressions(expressions, modifiers) = group else {
            return Err(unsupported("GROUP BY ALL"));
        };
        nothing(modifiers.is_empty(), "this kind of GROUP BY")?;
        if expressions.is_empty() {
            return Ok(());
        }
        self.put(" GROUP BY ");
        self.list(expressions, Self::expression)
    }
}

fn is_bare(options: &WildcardAdditionalOptions) -> Result<(), Refusal> {
    let WildcardAdditionalOptions {
        wildcard_token: _,
        opt_ilike,
        opt_exclude,
        opt_except,
        opt_replace,
        opt_rename,
        opt_alias,
    } = options;
    let is_bare = opt_ilike.is_none()
        && opt_exclude.is_none()
        && opt_except.is_none()
        && opt_replace.is_none()
        && opt_rename.is_none()
        && opt_alias.is_none();
    nothing(is_bare, "this kind of *")
}
