//! The one way replies become text: templates, filled with values.

use super::{Reply, direction, format, layout};
use domain::{
    message::NewOutbound,
    question::QueryPlan,
    tenant::{Habits, Language},
};
use minijinja::{
    Environment, context,
    syntax::SyntaxConfig,
    value::{Serde, Value},
};
use rust_embed::RustEmbed;
use std::sync::LazyLock;

#[derive(RustEmbed)]
#[folder = "templates/replies/"]
pub struct Templates;

pub static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_fuel(Some(100_000));
    let blocks = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(blocks.unwrap_or_default());
    format::register(&mut environment);
    for name in Templates::iter() {
        let source = Templates::get(&name).map(|file| file.data.into_owned());
        if let Some(source) = source.and_then(|bytes| String::from_utf8(bytes).ok()) {
            // A template that does not parse is caught by the test that renders every sample.
            let _ = environment.add_template_owned(name.trim_end_matches(".j2").to_owned(), source);
        }
    }
    environment
});

/// Writes replies as messages: one message of text for all of them where that is possible, files
/// as messages of their own. Never empty for a non-empty list.
pub fn render(language: Language, habits: &Habits, replies: Vec<Reply>) -> Vec<NewOutbound> {
    layout::lay_out(
        replies
            .into_iter()
            .map(|mut reply| {
                let text = write(language, habits, &reply);
                let files = reply.take_files();
                let file_first =
                    matches!(reply, Reply::DraftShown { .. } | Reply::PleaseCheck { .. });
                layout::Part { text, buttons: reply.buttons(language), files, file_first }
            })
            .collect(),
    )
}

/// Returns what a plan asks, as the heading of its answer.
pub fn heading(plan: &QueryPlan, language: Language, habits: &Habits) -> String {
    let heading = ENVIRONMENT.get_template("any/_heading").and_then(|template| {
        let (lang, currency) = (language.code(), habits.currency.code());
        template.render(context! { lang, currency, plan => Value::from(Serde(plan)) })
    });
    heading.unwrap_or_default().trim().to_owned()
}

/// Writes one reply.
pub fn write(language: Language, habits: &Habits, reply: &Reply) -> String {
    let value = Value::from(Serde(reply));
    let name = value.get_attr("reply").ok().map(|name| name.to_string()).unwrap_or_default();
    // Replies that are mostly structure are one template for all languages, their words apart.
    let places = [(language.code(), language), ("any", language), ("en", Language::En)];
    let rendered = places.into_iter().find_map(|(folder, language)| {
        let template = ENVIRONMENT.get_template(&format!("{folder}/{name}")).ok()?;
        let context = context! {
            lang => language.code(),
            currency => habits.currency.code(),
            ..value.clone()
        };
        template.render(context).ok()
    });
    direction::directed(rendered.unwrap_or_default().trim(), language)
}
