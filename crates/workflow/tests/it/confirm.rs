//! Yes and no: exactly the action that waits, once, while it waits (F49).

use crate::{
    create::{draft, stage},
    stage::{Stage, text},
};

async fn with_draft() -> (Stage, String) {
    let mut stage = stage(draft(Some("Bob"), Some(80)));
    let shown = stage.say("invoice Bob 3 hours at 80").await;
    let yes = shown.replies.last().unwrap().buttons[0].id.clone();
    (stage, yes)
}

#[tokio::test]
async fn f49_a_second_yes_does_nothing() {
    let (mut stage, yes) = with_draft().await;
    assert_eq!(stage.press(&yes).await.changes.len(), 1);
    assert!(stage.press(&yes).await.changes.is_empty());
    assert!(stage.say("yes").await.changes.is_empty());
}

#[tokio::test]
async fn f49_a_yes_after_ten_minutes_does_nothing_and_says_so() {
    let (mut stage, _) = with_draft().await;
    stage.wait(11);
    let late = stage.say("yes").await;
    assert!(late.changes.is_empty());
    assert!(text(&late).contains("expired"));
}

#[tokio::test]
async fn f49_the_button_of_an_older_question_does_nothing() {
    let (mut stage, old) = with_draft().await;
    stage.say("invoice Bob 3 hours at 80").await;
    assert!(stage.press(&old).await.changes.is_empty());
    assert_eq!(stage.say("ok").await.changes.len(), 1);
}

#[tokio::test]
async fn a_yes_with_more_words_is_no_yes() {
    let (mut stage, _) = with_draft().await;
    assert!(stage.say("yes but make it 4 hours").await.changes.is_empty());
}

#[tokio::test]
async fn a_yes_out_of_the_blue_does_nothing() {
    let mut stage = Stage::new();
    let answered = stage.say("sí").await;
    assert!(answered.changes.is_empty());
    assert!(text(&answered).contains("nothing waiting"));
}
