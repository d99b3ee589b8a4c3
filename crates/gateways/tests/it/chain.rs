//! One model behind another.

use crate::openai::{classify, sentence};
use domain::intent::Intent;
use gateways::model::Chain;
use ports::model::{Claimed, Classified, LanguageModel, ModelError, Task, Topic};
use std::sync::Arc;
use testkit::model::ScriptedModel;

fn greeting() -> Claimed {
    Claimed::Classified(Classified {
        intent: Intent::Greeting,
        topic: Topic::Hello,
        language: None,
        sure: true,
    })
}

#[tokio::test]
async fn the_second_model_is_asked_only_when_the_first_fails() {
    let (first, second) = (Arc::new(ScriptedModel::new()), Arc::new(ScriptedModel::new()));
    let chain = Chain::new(first.clone(), second.clone());
    first.will(Ok(greeting()));
    assert_eq!(chain.answer(&classify("hi")).await.unwrap().claimed, greeting());
    assert!(second.asked().is_empty());
    first.will(Err(ModelError::Misconfigured { status: 401 }));
    second.will(Ok(greeting()));
    assert_eq!(chain.answer(&classify("hi")).await.unwrap().claimed, greeting());
    assert_eq!(second.asked(), vec![Task::Classify(sentence("hi"))]);
}

#[tokio::test]
async fn when_both_fail_the_first_one_says_why() {
    let (first, second) = (Arc::new(ScriptedModel::new()), Arc::new(ScriptedModel::new()));
    let chain = Chain::new(first.clone(), second.clone());
    first.will(Err(ModelError::OverBudget));
    second.will(Err(ModelError::Malformed));
    assert!(matches!(chain.answer(&classify("hi")).await, Err(ModelError::OverBudget)));
}
