//! `--model`: which model a verb asks, whatever the settings choose.

use super::failure::Failure;
use crate::config::{ModelSettings, Provider};
use std::{fmt, str::FromStr};

/// A model as it is named on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModelChoice {
    /// The built-in one.
    Offline,
    /// The server of the settings, with its model or with the one named here.
    OpenAi(Option<String>),
}

impl ModelChoice {
    /// Returns the settings with this model in the place of theirs.
    ///
    /// # Errors
    ///
    /// A failure of usage where the server is asked for and no key and no server is set.
    pub fn applied_to(&self, settings: &ModelSettings) -> Result<ModelSettings, Failure> {
        let mut chosen = settings.clone();
        match self {
            Self::Offline => chosen.provider = Provider::Offline,
            Self::OpenAi(name) => {
                let elsewhere = !settings.openai_base_url.contains("://api.openai.com");
                if settings.openai_api_key.is_none() && !elsewhere {
                    return Err(Failure::usage(
                        format!("--model {self} needs a key"),
                        "set OPENAI_API_KEY, or OPENAI_BASE_URL to a server that needs none",
                    ));
                }
                chosen.provider = Provider::OpenAi;
                if let Some(name) = name {
                    chosen.openai_model.clone_from(name);
                }
            }
        }
        Ok(chosen)
    }
}

/// Neither of the two words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a model is `offline`, `openai` or `openai:NAME`")]
pub struct NotAModel;

impl FromStr for ModelChoice {
    type Err = NotAModel;
    fn from_str(text: &str) -> Result<Self, NotAModel> {
        match text.split_once(':') {
            None if text == "offline" => Ok(Self::Offline),
            None if text == "openai" => Ok(Self::OpenAi(None)),
            Some(("openai", name)) if !name.trim().is_empty() => {
                Ok(Self::OpenAi(Some(name.trim().to_owned())))
            }
            _ => Err(NotAModel),
        }
    }
}

impl fmt::Display for ModelChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Offline => f.write_str("offline"),
            Self::OpenAi(None) => f.write_str("openai"),
            Self::OpenAi(Some(name)) => write!(f, "openai:{name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Sources};

    fn settings(environment: &[(&str, &str)]) -> ModelSettings {
        Config::load(&Sources::of_environment(environment)).unwrap().model
    }

    #[test]
    fn a_model_is_named_by_a_word_and_perhaps_a_name() {
        for text in ["offline", "openai", "openai:gpt-4o-mini", "openai:qwen2:7b"] {
            assert_eq!(text.parse::<ModelChoice>().unwrap().to_string(), text);
        }
        for text in ["", "gpt", "openai:", "offline:x"] {
            assert_eq!(text.parse::<ModelChoice>(), Err(NotAModel), "{text}");
        }
    }

    #[test]
    fn the_choice_wins_over_the_settings() {
        let with_key = settings(&[("OPENAI_API_KEY", "k"), ("OPENAI_MODEL", "a")]);
        let named = ModelChoice::OpenAi(Some("b".to_owned())).applied_to(&with_key).unwrap();
        assert_eq!((named.provider, named.openai_model.as_str()), (Provider::OpenAi, "b"));
        let offline = ModelChoice::Offline.applied_to(&with_key).unwrap();
        assert_eq!(offline.provider, Provider::Offline);
    }

    #[test]
    fn a_server_without_a_key_is_wrong_usage_unless_it_is_ones_own() {
        let openai = ModelChoice::OpenAi(None);
        assert!(openai.applied_to(&settings(&[])).is_err());
        let own = settings(&[("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")]);
        assert!(openai.applied_to(&own).is_ok());
    }
}
