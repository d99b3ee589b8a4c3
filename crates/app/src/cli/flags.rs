//! The flags of the settings, made from the registry.

use crate::config::registry;
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};
use std::collections::BTreeMap;

/// The settings that were given as flags, by the name of the setting.
#[derive(Debug, Clone, Default)]
pub struct SettingFlags(BTreeMap<&'static str, String>);

impl SettingFlags {
    /// Returns the values by the name of the setting.
    #[must_use]
    pub fn into_values(self) -> BTreeMap<&'static str, String> {
        self.0
    }
}

impl Args for SettingFlags {
    fn augment_args(command: Command) -> Command {
        command.args(registry::all().filter_map(|setting| {
            let flag = setting.flag?;
            let shown = match setting.default {
                "" => format!("{} [{}]", setting.doc, setting.name),
                default => format!("{} [{}, default {default}]", setting.doc, setting.name),
            };
            // Short help would drown in them.
            let argument = Arg::new(flag).long(flag).global(true).value_name("VALUE").help(shown);
            Some(argument.hide_short_help(true).help_heading("Settings"))
        }))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for SettingFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut flags = Self::default();
        flags.update_from_arg_matches(matches)?;
        Ok(flags)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        for setting in registry::all() {
            let value = setting.flag.and_then(|flag| matches.get_one::<String>(flag));
            if let Some(value) = value {
                self.0.insert(setting.name, value.clone());
            }
        }
        Ok(())
    }
}
