//! Names with digits, which look like the numbers of invoices: "Studio54", "1&1", "Q8".

use super::{piece::Piece, token::Kind};

impl Piece {
    /// Returns whether it is written as the name of somebody and no number is: "Studio54", "1&1" and
    /// "7-Eleven", not "RE54".
    pub(super) fn is_coded_name(&self) -> bool {
        let small = self.text.chars().filter(|c| c.is_lowercase()).count();
        let studio =
            self.is_capital() && small >= 2 && self.text.chars().all(char::is_alphanumeric);
        let brand = self.text.contains('&')
            || self.text.split_once('-').is_some_and(|(digits, word)| {
                digits.bytes().all(|b| b.is_ascii_digit())
                    && word.chars().count() >= 3
                    && word.chars().all(char::is_alphabetic)
            });
        self.is_free_code() && (studio || brand)
    }

    /// Returns whether it is too short for the number of an invoice, as far as one digit goes:
    /// "Q8", "H2O", "3M". Only what stands around it makes a name of it.
    pub(super) fn is_short_code(&self) -> bool {
        let digits = self.text.chars().filter(char::is_ascii_digit).count();
        let length = self.text.chars().count();
        let large = !self.text.chars().any(char::is_lowercase);
        self.is_free_code()
            && digits == 1
            && (2..=3).contains(&length)
            && large
            && self.text.chars().all(char::is_alphanumeric)
    }

    /// Letters and digits that mean nothing else.
    fn is_free_code(&self) -> bool {
        self.kind == Kind::Code && self.roles.is_empty() && self.known.is_none()
    }
}
