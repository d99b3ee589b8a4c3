//! Which amount is the total where several call themselves one, or none does.

use super::*;

#[test]
fn a_total_of_totals_is_the_total() {
    let rows = [
        "Hearth Bakers (North) Ltd",
        "TAX INVOICE",
        "Invoice No.: 7030F715      Date: 30/10/2024",
        "Total 0% supplies:                 26.61",
        "Total 6% supplies (excl. GST):     33.96",
        "GST:                                2.03",
        "Total 6% supplies (inc. GST):      35.99",
        "Total 0% supplies:                 26.61",
        "Total Payable:                     62.60",
    ];
    for reading in [read(&sheets(&rows)), read(&scan(&rows))] {
        assert_eq!(value(&reading.gross), dec("62.60"));
        assert!(is_sure(&reading.gross));
    }
    // Goods that were given back make one of the parts negative.
    let returned = rows.map(|row| row.replace("26.61", "-2.13").replace("62.60", "33.86"));
    let returned: Vec<&str> = returned.iter().map(String::as_str).collect();
    assert_eq!(value(&read(&sheets(&returned)).gross), dec("33.86"));
}

#[test]
fn net_and_tax_name_a_total_whose_label_is_lost() {
    let reading = read(&scan(&[
        "LANTERN GALLERY SDN BHD",
        "TAX INVOICE   20/12/2024 19:10",
        "T5 JOINT                2.83",
        "TRACK LIGHT            66.04",
        "Sub Total     RM       68.87",
        "GST 6%        RM        4.13",
        "TOT',:        RM       73.00",
        "CA. :         RM       73.00",
        "GST Summary   Amount    Tax",
        "SR @ 6%        68.87   4.13",
    ]));
    assert_eq!(value(&reading.gross), dec("73.00"));
    assert_eq!(value(&reading.net), dec("68.87"));
}

#[test]
fn nothing_is_no_total_where_something_was_taxed() {
    let rows = [
        "EAGLE SUPPLIES ENTERPRISE",
        "TAX INVOICE   24/05/2024 09:21",
        "SUB-TOTAL              49.06",
        "GST 6%                  2.94",
        "ROUNDING                0.00",
        "TOTAL                   0.00",
    ];
    assert_eq!(value(&read(&scan(&rows)).gross), dec("52.00"));
    // A bill that a discount settles is one of nothing.
    let free = ["Hill Ltd", "Invoice No. 17", "Date: 24/05/2024", "Subtotal   50.00"];
    let free: Vec<&str> =
        free.into_iter().chain(["Discount   -50.00", "Total USD   0.00"]).collect();
    assert_eq!(value(&read(&sheets(&free)).gross), dec("0.00"));
}

#[test]
fn a_number_behind_its_sign_and_the_day_after_it_are_read() {
    let reading = read(&sheets(&[
        "Fibre Libre SAS",
        "12 rue du Port, 75008 Paris",
        "Facture n°562044 du 02 Juillet 2024",
        "Date limite de paiement le 05 Juillet 2024",
        "Total HT      24.99 €",
        "TVA 20%        5.00 €",
        "Total TTC     29.99 €",
    ]));
    assert_eq!(reading.kind.value, ReadKind::Invoice);
    assert_eq!(value(&reading.number), "562044");
    assert_eq!(value(&reading.issue_date), date(2024, 7, 2));
    assert_eq!(value(&reading.due_date), date(2024, 7, 5));
    assert!(reading.vendor_tax_id.is_none());
}
