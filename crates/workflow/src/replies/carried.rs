//! What goes with a reply besides its text: files and buttons.

use super::{Reply, Unplaced, layout};
use crate::words::Placing;
use domain::{
    message::{Button, NewFile},
    tenant::Language,
};

impl Reply {
    /// Takes out the files that go with it.
    pub(super) fn take_files(&mut self) -> Vec<NewFile> {
        match self {
            Self::DraftShown { file, .. }
            | Self::Issued { file, .. }
            | Self::PleaseCheck { file, .. } => file.take().into_iter().collect(),
            Self::SheetMade { file, .. } | Self::Exported { file, .. } => vec![file.clone()],
            Self::Answered { files, .. } | Self::Rows { files, .. } | Self::ChartMade { files } => {
                std::mem::take(files)
            }
            _ => Vec::new(),
        }
    }

    /// Returns the buttons under it.
    pub(super) fn buttons(&self, language: Language) -> Vec<Button> {
        match self {
            Self::LooksLikeDuplicate { pending, .. } => {
                let id = Some(*pending);
                layout::buttons(language, &[("keep", id), ("replace", id), ("skip", id)])
            }
            Self::SeveralReceipts { pending, .. }
            | Self::ListOffered { pending, .. }
            | Self::DraftShown { pending, .. }
            | Self::ForgetPreview { pending, .. }
            | Self::ErasePreview { pending, .. }
            | Self::ChangePreview { pending, .. } => {
                layout::buttons(language, &[("yes", Some(*pending)), ("no", Some(*pending))])
            }
            Self::StillWaits(waiting) => {
                let id = Some(waiting.pending);
                layout::buttons(language, &[("yes", id), ("no", id)])
            }
            Self::Changed { .. } | Self::Replaced { .. } => {
                layout::buttons(language, &[("undo", None)])
            }
            Self::UnknownWord(Unplaced { suggestions, choice: Some(id), .. }) => {
                if suggestions.is_empty() {
                    let id = Some(*id);
                    let [vendor, customer, thing, _] = Placing::BUTTONS;
                    layout::buttons(language, &[(vendor, id), (customer, id), (thing, id)])
                } else {
                    layout::names(suggestions, *id)
                }
            }
            _ => Vec::new(),
        }
    }
}
