//! The settings of models.

use super::Reader;
use crate::config::{
    ModelSettings, Problem, Provider, registry,
    values::{self, Choice},
};
use ports::model::{Allowance, Caps, Price};

impl Reader<'_> {
    pub(super) fn model(&mut self) -> Option<ModelSettings> {
        let choice = self.required("LLM_PROVIDER", values::provider);
        let key = self.optional("OPENAI_API_KEY", |text| values::secret(text, 1));
        let base_url = self.required("OPENAI_BASE_URL", values::base_url);
        let model = self.required("OPENAI_MODEL", values::word);
        let price = self.price();
        let allowance = self.allowance();
        let (choice, openai_base_url) = (choice?, base_url?);
        let default = registry::find("OPENAI_BASE_URL").map_or("", |setting| setting.default);
        let is_set_up = self.is_said("OPENAI_API_KEY") || openai_base_url != default;
        if choice == Choice::OpenAi && !is_set_up {
            self.problems.push(Problem::new(
                "OPENAI_API_KEY",
                "LLM_PROVIDER is openai, but OPENAI_API_KEY is not set".to_owned(),
                "set the key, or OPENAI_BASE_URL for a server that needs none".to_owned(),
            ));
        }
        let provider = match choice {
            Choice::OpenAi => Provider::OpenAi,
            Choice::Auto if is_set_up => Provider::OpenAi,
            Choice::Auto | Choice::Offline => Provider::Offline,
        };
        let settings = ModelSettings {
            provider,
            openai_api_key: key,
            openai_base_url,
            openai_model: model?,
            price,
            allowance: allowance?,
        };
        self.demand_a_price(&settings);
        Some(settings)
    }

    fn price(&mut self) -> Option<Price> {
        const NAMES: [&str; 2] = ["BILLHOOK_PRICE_INPUT", "BILLHOOK_PRICE_OUTPUT"];
        let [input, output] = NAMES.map(|name| self.optional(name, values::dollars));
        for (name, other) in [(NAMES[0], NAMES[1]), (NAMES[1], NAMES[0])] {
            if self.is_said(name) && !self.is_said(other) {
                self.problems.push(Problem::new(
                    other,
                    format!("{other} is not set, but {name} is"),
                    format!("set both, in US dollars for a million tokens, or leave {name} out"),
                ));
            }
        }
        let input = input?;
        Some(Price { input, cached: input, output: output? })
    }

    fn allowance(&mut self) -> Option<Allowance> {
        let vision = self.required("BILLHOOK_VISION", values::vision);
        let listening = self.required("BILLHOOK_LANGUAGE", values::listening);
        let daily = self.optional("BILLHOOK_MODEL_DAILY_CAP", values::dollars);
        let monthly = self.optional("BILLHOOK_MODEL_MONTHLY_CAP", values::dollars);
        Some(Allowance { vision: vision?, listening: listening?, caps: Caps { daily, monthly } })
    }

    /// A cap can only be kept where it is known what a call costs.
    fn demand_a_price(&mut self, settings: &ModelSettings) {
        let capped = settings.allowance.caps != Caps::default();
        let model = &settings.openai_model;
        let said = self.is_said("BILLHOOK_PRICE_INPUT") || self.is_said("BILLHOOK_PRICE_OUTPUT");
        let known = said || gateways::model::price_of(model).is_some();
        if settings.provider == Provider::OpenAi && capped && !known {
            self.problems.push(Problem::new(
                "BILLHOOK_PRICE_INPUT",
                format!("spending has a cap, but what {model} costs is not known"),
                "set BILLHOOK_PRICE_INPUT and BILLHOOK_PRICE_OUTPUT, in US dollars for a million \
                 tokens (0 for a model of your own)"
                    .to_owned(),
            ));
        }
    }
}
