//! Reads stay within one book.

use super::{
    Fresh,
    book::{full, generated, received},
};
use domain::{
    correction::Target,
    dates::date,
    document::ContentHash,
    invoice::{Invoice, Status},
    outcome::{Change, Patch},
    question::{Answer, Field, Filters, Metric, QueryPlan, StatusFilter},
};
use ports::{
    model::{Names, Usage},
    store::Remembered,
};

/// Every call, asked for the book of somebody who has nothing, finds nothing.
pub async fn no_call_sees_another_tenant(fresh: &Fresh) {
    let invoice = full(1);
    let (ana, eve) = (fresh.tenant("ana").await, fresh.tenant("eve").await);
    fresh.save("ana", vec![invoice.clone()]).await;
    let after = Invoice { status: Status::Paid, ..invoice.clone() };
    let patch = Patch { before: invoice.clone(), after };
    fresh.commit("ana", vec![Change::PatchInvoices(vec![patch])]).await.unwrap();
    let (store, today) = (&fresh.store, date(2025, 9, 10));
    let (key, number) = (invoice.duplicate_key().unwrap(), invoice.number.clone().unwrap());

    for tenant in [ana, eve] {
        let is_hers = tenant == ana;
        let count = QueryPlan { metric: Metric::Count, field: Field::Id, ..QueryPlan::default() };
        let expected = Answer::Number(u32::from(is_hers).into());
        assert_eq!(store.answer(tenant, &count, today).await.unwrap(), expected);
        assert_eq!(store.invoice(tenant, invoice.id).await.unwrap().is_some(), is_hers);
        for target in [
            Target::Number(number.clone()),
            Target::Numbers(vec![number.clone()]),
            Target::Filter(Filters::default()),
            Target::Latest(Filters::default()),
        ] {
            let found = store.find(tenant, &target, today).await.unwrap();
            assert_eq!(found.len(), usize::from(is_hers), "{target:?}");
        }
        let by_document = store.by_document(tenant, ContentHash([7; 32])).await.unwrap();
        assert_eq!(by_document.is_some(), is_hers);
        let by_key = store.by_duplicate_key(tenant, &key).await.unwrap();
        assert_eq!(by_key.is_some(), is_hers);
        assert_eq!(store.names(tenant).await.unwrap() == Names::default(), !is_hers);
        assert_eq!(store.last_undoable(tenant).await.unwrap().is_some(), is_hers);
        assert_eq!(store.page(tenant, None, 10).await.unwrap().is_empty(), !is_hers);
        assert!(store.page(tenant, Some(invoice.id), 10).await.unwrap().is_empty());
    }
    fresh.save("eve", vec![invoice.clone()]).await;
    let hers = store.invoice(eve, invoice.id).await.unwrap();
    assert_eq!(hers, Some(invoice), "the same identifier in two books is two invoices");
}

/// Numbers find whatever their status; filters follow the rules of questions.
pub async fn targets_find_what_they_name_and_newest_first(fresh: &Fresh) {
    let old = received(1, "Shell", "INV-17");
    let new = Invoice { issue_date: date(2025, 8, 1), ..received(2, "Shell", "2025-0017") };
    let void = Invoice { status: Status::Cancelled, ..received(3, "BP", "99") };
    fresh.save("ana", vec![old.clone(), new.clone(), void.clone()]).await;
    let (ana, today) = (fresh.tenant("ana").await, date(2025, 9, 10));
    let find = async |target| fresh.store.find(ana, &target, today).await.unwrap();
    assert_eq!(find(Target::Number("17".to_owned())).await, [new.clone(), old.clone()]);
    assert_eq!(find(Target::Number("inv 17".to_owned())).await, std::slice::from_ref(&old));
    assert!(find(Target::Number("7".to_owned())).await.is_empty());
    let numbers = vec!["99".to_owned(), "2025-0017".to_owned()];
    assert_eq!(find(Target::Numbers(numbers)).await, [new.clone(), void.clone()]);
    assert_eq!(find(Target::Filter(Filters::default())).await, [new.clone(), old.clone()]);
    let filters = Filters::default();
    let found = async |limit| fresh.store.found(ana, &filters, today, limit).await.unwrap();
    assert_eq!((found(1).await, found(9).await), (vec![new.clone()], vec![new.clone(), old]));
    let cancelled = Filters { status: vec![StatusFilter::Cancelled], ..Filters::default() };
    assert_eq!(find(Target::Latest(cancelled)).await, [void]);
    assert_eq!(find(Target::Latest(Filters::default())).await, [new]);
    assert!(find(Target::Context).await.is_empty());
    assert!(find(Target::Unsaid).await.is_empty());
}

/// A second answer under one key changes nothing, and another tenant has his own.
pub async fn answers_of_models_are_remembered_once_and_by_tenant(fresh: &Fresh) {
    let (ana, eve) = (fresh.tenant("ana").await, fresh.tenant("eve").await);
    let key = ContentHash([5; 32]);
    let usage = Usage { input_tokens: 10, output_tokens: 3, cached_tokens: 0 };
    for text in ["first", "second"] {
        let answer = Remembered { text, model: "offline", usage };
        fresh.store.remember(ana, key, &answer).await.unwrap();
    }
    assert_eq!(fresh.store.recall(ana, key).await.unwrap().as_deref(), Some("first"));
    assert_eq!(fresh.store.recall(eve, key).await.unwrap(), None);
    assert_eq!(fresh.store.recall(ana, ContentHash([6; 32])).await.unwrap(), None);
}

/// Importing a file twice stores its invoices once, and pages return each of them once.
pub async fn an_import_skips_what_is_there_and_pages_return_it_in_order(fresh: &Fresh) {
    let (ana, book) = (fresh.tenant("ana").await, generated(7, 25));
    assert_eq!(fresh.store.import(ana, &book[..10]).await.unwrap(), 10);
    assert_eq!(fresh.store.import(ana, &book).await.unwrap(), 15);
    assert_eq!(fresh.store.import(ana, &book).await.unwrap(), 0);
    let mut seen = Vec::new();
    loop {
        let after = seen.last().map(|invoice: &Invoice| invoice.id);
        let page = fresh.store.page(ana, after, 7).await.unwrap();
        assert!(page.len() <= 7);
        if page.is_empty() {
            break;
        }
        seen.extend(page);
    }
    let mut expected = book;
    expected.sort_by_key(|invoice| invoice.id);
    assert_eq!(seen, expected);
}
