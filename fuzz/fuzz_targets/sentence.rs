//! Any text as a message: the built-in model says something to every task, and always the same.
#![no_main]

use domain::{dates::date, money::Currency};
use libfuzzer_sys::fuzz_target;
use offline::Offline;
use ports::model::{Ask, LanguageModel, Names, Sentence, Task};

fuzz_target!(|text: &str| {
    let names = || Names {
        vendors: vec!["Café Azul".to_owned(), "Shell".to_owned()],
        customers: vec!["Bob".to_owned()],
        categories: vec!["Travel".to_owned()],
    };
    let sentence = || Sentence {
        text: text.to_owned(),
        today: date(2025, 9, 10),
        currency: Currency::EUR,
        locale: "en-GB".to_owned(),
        context: Vec::new(),
        last_plan: None,
        names: names(),
    };
    for task in [Task::Classify, Task::PlanQuestion, Task::Draft, Task::Correct] {
        let said = || {
            let ask = Ask { task: task(sentence()), instructions: "" };
            futures::executor::block_on(Offline.answer(&ask)).map(|answered| answered.claimed).ok()
        };
        assert_eq!(said(), said());
    }
});
