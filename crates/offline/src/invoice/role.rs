//! What a label is for.

use serde::Deserialize;

/// What a label says about the value beside it, or about the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The total with tax.
    Gross,
    /// What is left to pay, which may hold earlier debts.
    Due,
    /// The total without tax.
    Net,
    /// The total tax.
    Tax,
    /// A row of a tax table or a remark on tax that is included.
    TaxRow,
    /// An amount or count that is none of these.
    Ignore,
    /// Rounding of the amount to pay.
    Rounding,
    /// Cash that was handed over.
    Cash,
    /// Paid by card.
    Card,
    /// Change that was given back.
    Change,
    /// Paid before.
    Prepaid,
    /// A discount.
    Discount,
    /// A charge on top of the items.
    Service,
    /// The document's number.
    Number,
    /// Another number: of a customer, an order, a company.
    OtherNumber,
    /// A reference of the sender.
    Reference,
    /// The issue date.
    Date,
    /// The due date.
    DueDate,
    /// Another date.
    OtherDate,
    /// Says within how many days to pay.
    Term,
    /// The word for days.
    Days,
    /// The vendor's tax number.
    TaxId,
    /// The customer.
    Customer,
    /// The vendor.
    Vendor,
    /// The name of the party that a block is about.
    Name,
    /// Head of the column of descriptions.
    Description,
    /// Head of the column of quantities.
    Quantity,
    /// Head of the column of unit prices.
    Price,
    /// Head of the column of line amounts.
    Amount,
    /// Says that this is an invoice.
    IsInvoice,
    /// Says that this is a receipt.
    IsReceipt,
    /// Says that this is a credit note.
    IsCreditNote,
    /// Says that this is a debit note.
    IsDebitNote,
    /// Says that this is something else.
    IsOther,
}
