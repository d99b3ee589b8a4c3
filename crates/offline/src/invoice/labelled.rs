//! Net and tax by their labels, where no sum proves them.

use super::{
    lexicon::Role,
    score::Cast,
    solve::{CLEAR_NET, Total, Totals},
};
use rust_decimal::Decimal;

impl Totals {
    /// Takes the net by its strong label, and the tax as what it leaves, where other amounts are
    /// labelled as tax; returns whether there is one.
    pub(super) fn net_by_label(&mut self, casts: &[Cast<'_>], gross: Decimal) -> bool {
        let taxed = casts.iter().any(|cast| cast.role == Role::Tax);
        let share =
            |net: Decimal| gross.saturating_sub(net).checked_div(net).unwrap_or(Decimal::ONE);
        let plausible = |net: Decimal| net < gross && share(net) <= Decimal::new(28, 2);
        let nets = casts.iter().filter(|cast| cast.role == Role::Net && cast.strong);
        let nets = nets.filter(|cast| cast.found.is_money && plausible(cast.found.value.abs()));
        // `Total excl. VAT` needs no line for the tax.
        let clear = |cast: &&Cast<'_>| taxed || cast.weight >= CLEAR_NET;
        let best = nets.max_by_key(|cast| cast.score).filter(clear);
        let Some(net) = best.filter(|_| self.labelled) else { return false };
        let value = net.found.value.abs();
        let found = Some(net.found.clone());
        self.net = Some(Total { value, found, confidence: 65, rule: "net label" });
        // A single printed tax is right even where a tip or freight is between net and gross.
        let mut taxes = casts.iter().filter(|cast| cast.role == Role::Tax && cast.found.is_money);
        let (first, more) = (taxes.next(), taxes.next().is_some());
        self.tax = match first.filter(|tax| !more && tax.found.value.abs() < value) {
            Some(tax) => {
                let (value, found) = (tax.found.value.abs(), Some(tax.found.clone()));
                Some(Total { value, found, confidence: 60, rule: "tax label" })
            }
            None => {
                let value = gross.saturating_sub(value);
                Some(Total { value, found: None, confidence: 60, rule: "gross less net" })
            }
        };
        true
    }

    /// Takes the tax by its label alone, and the net as what it leaves.
    pub(super) fn tax_by_label(&mut self, casts: &[Cast<'_>], gross: Decimal) {
        let tax = casts
            .iter()
            .filter(|cast| cast.role == Role::Tax && cast.found.is_money)
            .filter(|cast| cast.found.value.abs().saturating_mul(Decimal::from(3)) < gross)
            .max_by_key(|cast| cast.score);
        let Some(tax) = tax else { return };
        let value = tax.found.value.abs();
        let found = Some(tax.found.clone());
        self.tax = Some(Total { value, found, confidence: 55, rule: "tax label" });
        // A printed net stays, however little it fits: what leaves it is told as a contradiction.
        let half = |net: Decimal| net < gross && net.saturating_add(net) > gross;
        let nets = casts.iter().filter(|cast| cast.role == Role::Net && cast.strong);
        let printed = nets.filter(|cast| cast.found.is_money && half(cast.found.value.abs()));
        if let Some(net) = printed.max_by_key(|cast| cast.score).filter(|_| self.labelled) {
            let (value, found) = (net.found.value.abs(), Some(net.found.clone()));
            self.net = Some(Total { value, found, confidence: 45, rule: "net label" });
        } else if self.labelled {
            let value = gross.saturating_sub(value);
            self.net = Some(Total { value, found: None, confidence: 45, rule: "gross less tax" });
        }
    }
}
