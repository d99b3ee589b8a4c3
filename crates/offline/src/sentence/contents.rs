//! "What's in INV-11?", "was steht auf Rechnung 12?": the lines of one invoice, and not its total.

use super::piece::Parsed;
use domain::{
    names::fold,
    question::{Entity, Field, Metric, QueryPlan},
};

/// Phrases that ask what is on a paper.
const ASKS: [&str; 44] = [
    "what s in",
    "what is in",
    "what was in",
    "what s on",
    "what is on",
    "what was on",
    "whats in",
    "whats on",
    "lines of",
    "lines on",
    "line items of",
    "items of",
    "items on",
    "items in",
    "que hay en",
    "que contiene",
    "que trae",
    "que lleva",
    "lineas de",
    "o que ha na",
    "o que tem na",
    "o que tem a",
    "o que contem",
    "linhas da",
    "qu y a t il dans",
    "qu y a t il sur",
    "qu est ce qu il y a dans",
    "qu est ce qu il y a sur",
    "que contient",
    "lignes de",
    "was steht auf",
    "was steht in",
    "was ist auf",
    "was ist in",
    "positionen",
    "cosa c e",
    "cosa contiene",
    "righe della",
    "wat staat er op",
    "wat staat op",
    "wat zit er in",
    "ماذا في",
    "ماذا تحتوي",
    "में क्या",
];

/// Returns the plan that shows the lines of one invoice where they are asked for.
pub(super) fn lines(parsed: &Parsed, plan: QueryPlan) -> QueryPlan {
    let said = format!(" {} ", fold(&parsed.plain));
    let is_one = plan.filters.number.is_some()
        && (plan.entity, plan.metric) == (Entity::Invoice, Metric::List);
    if !is_one || !ASKS.iter().any(|phrase| said.contains(&format!(" {phrase} "))) {
        return plan;
    }
    QueryPlan { entity: Entity::Item, field: Field::Item, order: None, limit: None, ..plan }
}

#[cfg(test)]
mod tests {
    use crate::sentence::{classify, plan_question};
    use domain::{dates::date, money::Currency, question::Entity, tenant::Language};
    use ports::model::{Claimed, Names, Sentence};

    fn sentence(text: &str) -> Sentence {
        Sentence {
            text: text.to_owned(),
            today: date(2026, 11, 30),
            currency: Currency::EUR,
            locale: "en".to_owned(),
            context: Vec::new(),
            last_plan: None,
            names: Names::default(),
        }
    }

    #[test]
    fn the_lines_of_one_invoice_are_asked_for_by_what_is_on_it() {
        for (text, entity) in [
            ("what's in INV-2026-011?", Entity::Item),
            ("what is on invoice INV-2026-011?", Entity::Item),
            ("¿qué hay en la factura INV-2026-011?", Entity::Item),
            ("o que tem na fatura INV-2026-011?", Entity::Item),
            ("qu'est-ce qu'il y a dans la facture INV-2026-011 ?", Entity::Item),
            ("was steht auf Rechnung INV-2026-011?", Entity::Item),
            ("cosa c'è nella fattura INV-2026-011?", Entity::Item),
            ("wat staat er op factuur INV-2026-011?", Entity::Item),
            ("who is INV-2026-011 for?", Entity::Invoice),
        ] {
            let Claimed::Plan(plan) = plan_question(&sentence(text)) else { panic!("{text}") };
            assert_eq!(plan.filters.number.as_deref(), Some("INV-2026-011"), "{text}");
            assert_eq!(plan.entity, entity, "{text}");
        }
    }

    #[test]
    fn one_word_of_another_language_is_not_that_language() {
        let language = |text: &str| match classify(&sentence(text)) {
            Claimed::Classified(found) => found.language,
            _ => None,
        };
        assert_eq!(language("time zone Mars/Phobos"), None);
        assert_eq!(language("Rechnungen von Zorbington"), Some(Language::De));
    }
}
