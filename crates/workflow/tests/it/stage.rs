//! A stage for one conversation: a book in memory, a model that says what it is told, a clock.

use crate::sheets::Told;
use async_trait::async_trait;
use bytes::Bytes;
use domain::{
    conversation::Conversation,
    correction::Target,
    dates::{Date, date},
    document::{ContentHash, Contents, FileType, Fingerprint, Obstacle},
    ids::{ConversationId, EventId, InboundId, InvoiceId, MemberId, TenantId},
    invoice::{Invoice, number},
    message::{ChannelKind, Inbound, NewInbound},
    outcome::{Change, Outcome, Patch, Stored, Undoable},
    party::Party,
    question::{Answer, Filters, InvoiceRow, QueryPlan},
    table::Table,
    tenant::{Habits, Language, Sender},
    vendor_memory::{Trace, VendorHint},
};
use jiff::{Timestamp, ToSpan};
use ports::{
    Tools,
    clock::Clock,
    documents::{Documents, DocumentsError, Place},
    model::{
        Allowance, Answered, Ask, Caps, Claimed, Classified, Cost, LanguageModel, ModelError,
        Names, Task, Topic, Usage,
    },
    press::{Chart, Press, PressError, Sheet, SheetForm},
    store::{
        AdHoc, Answers, Ledger, PaidCall, Remembered, SelectError, Settled, Spending, Spent,
        StoreResult, Work,
    },
};
use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};
use uuid::Uuid;
use workflow::turn::{self, ReceivedFile, Turn};

pub const TODAY: Date = date(2025, 9, 10);

/// A book of invoices, applied to in memory as the store would.
#[derive(Default)]
pub struct Book {
    pub invoices: Mutex<Vec<Invoice>>,
    pub answer: Mutex<Option<Answer>>,
    pub undoable: Mutex<Option<Undoable>>,
    pub traces: Mutex<Vec<Trace>>,
    pub hints: Mutex<Vec<VendorHint>>,
    /// What statements give; any other fails.
    pub tables: Mutex<BTreeMap<String, Table>>,
    remembered: Mutex<BTreeMap<ContentHash, String>>,
    /// What was put aside for calls of the model, and how each ended.
    pub calls: Mutex<Vec<(Cost, Option<String>)>>,
}

fn row(invoice: &Invoice) -> InvoiceRow {
    InvoiceRow {
        id: invoice.id,
        direction: invoice.direction,
        kind: invoice.kind,
        number: invoice.number.clone(),
        counterparty: invoice.counterparty().to_owned(),
        issue_date: invoice.issue_date,
        due_date: invoice.due_date,
        paid_on: invoice.paid_on,
        gross: invoice.gross,
        amount_due: None,
        status: invoice.status,
        category: invoice.category.clone(),
    }
}

#[async_trait]
impl AdHoc for Book {
    async fn select(&self, _: TenantId, sql: &str, _: Date) -> Result<Table, SelectError> {
        match self.tables.lock().unwrap().get(sql) {
            Some(table) => Ok(table.clone()),
            None => Err(SelectError::Failed("no such column".to_owned())),
        }
    }

    async fn said(&self, _: TenantId, _: usize, _: usize, _: Date) -> Result<Table, SelectError> {
        Ok(Table::default())
    }
}

#[async_trait]
impl Ledger for Book {
    async fn answer(&self, _: TenantId, _: &QueryPlan, _: Date) -> StoreResult<Answer> {
        Ok(self.answer.lock().unwrap().clone().expect("the test sets an answer"))
    }

    async fn statement(&self, _: TenantId, plan: &QueryPlan, _: Date) -> StoreResult<String> {
        Ok(format!("SELECT {:?}", plan.metric))
    }

    async fn invoice(&self, _: TenantId, id: InvoiceId) -> StoreResult<Option<Invoice>> {
        Ok(self.invoices.lock().unwrap().iter().find(|invoice| invoice.id == id).cloned())
    }

    async fn find(&self, _: TenantId, target: &Target, _: Date) -> StoreResult<Vec<Invoice>> {
        let invoices = self.invoices.lock().unwrap();
        let fits = |invoice: &&Invoice| match target {
            Target::Number(wanted) => {
                invoice.number.as_deref().is_some_and(|stored| number::matches(stored, wanted))
            }
            Target::Filter(_) => true,
            _ => false,
        };
        Ok(invoices.iter().filter(fits).cloned().collect())
    }

    async fn found(
        &self,
        _: TenantId,
        _: &Filters,
        _: Date,
        limit: u32,
    ) -> StoreResult<Vec<Invoice>> {
        let invoices = self.invoices.lock().unwrap();
        Ok(invoices.iter().take(usize::try_from(limit).unwrap()).cloned().collect())
    }

    async fn by_document(
        &self,
        _: TenantId,
        document: ContentHash,
    ) -> StoreResult<Option<InvoiceRow>> {
        let invoices = self.invoices.lock().unwrap();
        Ok(invoices.iter().find(|invoice| invoice.document == Some(document)).map(row))
    }

    async fn by_duplicate_key(&self, _: TenantId, key: &str) -> StoreResult<Option<InvoiceRow>> {
        let invoices = self.invoices.lock().unwrap();
        let same = |invoice: &&Invoice| invoice.duplicate_key().as_deref() == Some(key);
        Ok(invoices.iter().find(same).map(row))
    }

    async fn names(&self, _: TenantId) -> StoreResult<Names> {
        let invoices = self.invoices.lock().unwrap();
        let vendors = invoices.iter().map(|invoice| invoice.vendor.name.clone());
        Ok(Names { vendors: vendors.collect(), ..Names::default() })
    }

    async fn next_sequence(&self, _: TenantId, _: i16) -> StoreResult<u32> {
        Ok(7)
    }

    async fn last_undoable(&self, _: TenantId) -> StoreResult<Option<Undoable>> {
        Ok(self.undoable.lock().unwrap().clone())
    }

    async fn lookalikes(
        &self,
        _: TenantId,
        fingerprint: Fingerprint,
        distance: u32,
    ) -> StoreResult<Vec<InvoiceRow>> {
        let traces = self.traces.lock().unwrap();
        let alike = |invoice: &&Invoice| {
            traces
                .iter()
                .filter(|trace| Some(trace.document) == invoice.document)
                .filter_map(|trace| trace.fingerprint)
                .any(|seen| seen.distance(fingerprint) <= distance)
        };
        Ok(self.invoices.lock().unwrap().iter().filter(alike).map(row).collect())
    }

    async fn trace(&self, _: TenantId, document: ContentHash) -> StoreResult<Option<Trace>> {
        let traces = self.traces.lock().unwrap();
        Ok(traces.iter().rev().find(|trace| trace.document == document).cloned())
    }

    async fn hints(&self, _: TenantId) -> StoreResult<Vec<VendorHint>> {
        Ok(self.hints.lock().unwrap().clone())
    }

    async fn stored(&self, _: TenantId) -> StoreResult<Stored> {
        let invoices = u64::try_from(self.invoices.lock().unwrap().len()).unwrap();
        Ok(Stored { invoices, messages: 2, files: 1 })
    }

    async fn page(
        &self,
        _: TenantId,
        after: Option<InvoiceId>,
        most: u32,
    ) -> StoreResult<Vec<Invoice>> {
        let invoices = self.invoices.lock().unwrap();
        let mut rest = invoices.iter();
        if let Some(after) = after {
            rest.find(|invoice| invoice.id == after);
        }
        Ok(rest.take(usize::try_from(most).unwrap()).cloned().collect())
    }
}

#[async_trait]
impl Answers for Book {
    async fn recall(&self, _: TenantId, key: ContentHash) -> StoreResult<Option<String>> {
        Ok(self.remembered.lock().unwrap().get(&key).cloned())
    }

    async fn remember(
        &self,
        _: TenantId,
        key: ContentHash,
        answer: &Remembered<'_>,
    ) -> StoreResult<()> {
        self.remembered.lock().unwrap().insert(key, answer.text.to_owned());
        Ok(())
    }
}

#[async_trait]
impl Spending for Book {
    async fn reserve(
        &self,
        _: TenantId,
        call: &PaidCall<'_>,
        caps: Caps,
    ) -> StoreResult<Option<Uuid>> {
        let mut calls = self.calls.lock().unwrap();
        let spent = calls.iter().fold(call.most, |sum, (cost, _)| sum.plus(*cost));
        if caps.daily.is_some_and(|cap| spent > cap) {
            return Ok(None);
        }
        calls.push((call.most, None));
        Ok(Some(Uuid::from_u128(u128::try_from(calls.len()).unwrap())))
    }

    async fn settle(&self, _: TenantId, call: Uuid, settled: &Settled<'_>) -> StoreResult<()> {
        let place = usize::try_from(call.as_u128()).unwrap().strict_sub(1);
        self.calls.lock().unwrap()[place] = (settled.cost, Some(settled.outcome.to_owned()));
        Ok(())
    }

    async fn spent(&self, _: TenantId, _: Option<ContentHash>) -> StoreResult<Spent> {
        Ok(Spent::default())
    }

    async fn spent_lately(&self) -> StoreResult<(Cost, Cost)> {
        Ok((Cost::FREE, Cost::FREE))
    }
}

/// A model that says what the test puts here, by the kind of task, and counts its calls.
#[derive(Default)]
pub struct Scripted {
    pub classified: Mutex<Option<Classified>>,
    pub plan: Mutex<Option<Claimed>>,
    pub draft: Mutex<Option<Claimed>>,
    pub correction: Mutex<Option<Claimed>>,
    pub reading: Mutex<Option<Claimed>>,
    /// Statements that it writes, the last one first.
    pub sql: Mutex<Vec<String>>,
    pub calls: AtomicU64,
    /// Whether it stands for one behind a server.
    pub costs: bool,
}

#[async_trait]
impl LanguageModel for Scripted {
    fn name(&self) -> String {
        "scripted".to_owned()
    }

    fn sees_pictures(&self) -> bool {
        false
    }

    fn costs(&self) -> bool {
        self.costs
    }

    async fn answer(&self, ask: &Ask) -> Result<Answered, ModelError> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let said = match &ask.task {
            Task::Classify(_) => self.classified.lock().unwrap().map(Claimed::Classified),
            Task::PlanQuestion(_) => self.plan.lock().unwrap().clone(),
            Task::Draft(_) => self.draft.lock().unwrap().clone(),
            Task::Correct(_) => self.correction.lock().unwrap().clone(),
            Task::WriteSql { .. } => self.sql.lock().unwrap().pop().map(Claimed::Sql),
            Task::ReadInvoice(_) => self.reading.lock().unwrap().clone(),
        };
        let claimed = said.unwrap_or(Claimed::Unsure);
        Ok(Answered { claimed, usage: Usage::default(), model: "scripted".to_owned(), cost: true })
    }
}

/// Time that the test moves; identifiers in order.
pub struct TestClock {
    now: Mutex<Timestamp>,
    ids: AtomicU64,
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap()
    }

    fn new_id(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.ids.fetch_add(1, Ordering::Relaxed)))
    }
}

/// Files that hold what the test says, by their bytes.
#[derive(Default)]
pub struct Shelf(pub Mutex<BTreeMap<Vec<u8>, Contents>>);

#[async_trait]
impl Documents for Shelf {
    async fn read(&self, bytes: Bytes) -> Result<Contents, DocumentsError> {
        let known = self.0.lock().unwrap().get(bytes.as_ref()).cloned();
        Ok(known.unwrap_or_else(|| Contents::unreadable(FileType::Other, Obstacle::Unsupported)))
    }

    async fn pictures(&self, bytes: Bytes) -> Result<Vec<Bytes>, DocumentsError> {
        Ok(vec![bytes])
    }

    async fn cutout(&self, _: Bytes, place: Place) -> Result<Option<Bytes>, DocumentsError> {
        let region = place.region;
        let drawn = format!("page {} from {} to {}", place.page, region.left, region.right);
        Ok(Some(Bytes::from(drawn)))
    }
}

struct PaperPress;

#[async_trait]
impl Press for PaperPress {
    async fn invoice_pdf(&self, invoice: &Invoice, _: Language) -> Result<Vec<u8>, PressError> {
        Ok(format!("%PDF for {:?}", invoice.number).into_bytes())
    }

    async fn sheet(&self, sheet: Sheet, form: SheetForm) -> Result<Vec<u8>, PressError> {
        Ok(format!("{form:?} of {sheet:?}").into_bytes())
    }

    async fn archive(&self, files: Vec<(String, Vec<u8>)>) -> Result<Vec<u8>, PressError> {
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        Ok(names.join("\n").into_bytes())
    }

    async fn chart(&self, chart: Chart, _: Language) -> Result<Vec<u8>, PressError> {
        Ok(format!("{chart:?}").into_bytes())
    }
}

/// One conversation.
pub struct Stage {
    pub book: Book,
    /// The built-in model.
    pub model: Scripted,
    /// A model behind a server, where the test sets one up.
    pub server: Option<Box<dyn LanguageModel>>,
    pub allowance: Allowance,
    pub documents: Shelf,
    pub tables: Told,
    pub memory: Conversation,
    pub seller: Party,
    /// What the sender calls himself.
    pub profile: String,
    clock: TestClock,
}

impl Stage {
    pub fn new() -> Self {
        let now: Timestamp = "2025-09-10T08:00:00Z".parse().unwrap();
        Self {
            book: Book::default(),
            model: Scripted::default(),
            server: None,
            allowance: Allowance::default(),
            documents: Shelf::default(),
            tables: Told::default(),
            memory: Conversation::default(),
            seller: Party::named("Anna Schmidt"),
            profile: String::new(),
            clock: TestClock { now: Mutex::new(now), ids: AtomicU64::new(100) },
        }
    }

    /// Says what the model takes every text for.
    pub fn hears(&self, intent: domain::intent::Intent) {
        let classified =
            Classified { intent, topic: Topic::Other, language: Some(Language::En), sure: true };
        *self.model.classified.lock().unwrap() = Some(classified);
    }

    /// Says that the model can make nothing of any text.
    pub fn hears_nothing_known(&self) {
        self.hears(domain::intent::Intent::OffTopic);
        if let Some(classified) = self.model.classified.lock().unwrap().as_mut() {
            classified.sure = false;
        }
    }

    /// Lets minutes pass.
    pub fn wait(&self, minutes: i64) {
        let mut now = self.clock.now.lock().unwrap();
        *now = now.checked_add(minutes.minutes()).unwrap();
    }

    /// Sends a text and takes over what it leads to.
    pub async fn say(&mut self, text: &str) -> Outcome {
        self.send(text, None, Vec::new()).await
    }

    /// Presses a button.
    pub async fn press(&mut self, button: &str) -> Outcome {
        self.send("", Some(button.to_owned()), Vec::new()).await
    }

    /// Sends files by their bytes.
    pub async fn upload(&mut self, files: &[&'static [u8]]) -> Outcome {
        self.upload_with("", files).await
    }

    /// Sends files with a caption.
    pub async fn upload_with(&mut self, caption: &str, files: &[&'static [u8]]) -> Outcome {
        let received = |bytes: &&'static [u8]| ReceivedFile::Got {
            name: "file".to_owned(),
            hash: hash(bytes),
            bytes: Bytes::from_static(bytes),
        };
        self.send(caption, None, files.iter().map(received).collect()).await
    }

    async fn send(
        &mut self,
        text: &str,
        button: Option<String>,
        files: Vec<ReceivedFile>,
    ) -> Outcome {
        let message = NewInbound {
            channel: ChannelKind::WebChat,
            provider_id: "m".to_owned(),
            from: "someone".to_owned(),
            to: String::new(),
            profile_name: self.profile.clone(),
            text: text.to_owned(),
            button,
            attachments: Vec::new(),
            locale: None,
            trace: None,
            missed_since: None,
        };
        let turn = Turn {
            work: Work {
                inbound: Inbound { id: InboundId(Uuid::nil()), message },
                sender: Sender {
                    tenant: TenantId(Uuid::nil()),
                    member: MemberId(Uuid::nil()),
                    conversation: ConversationId(Uuid::nil()),
                    habits: Habits { language: Some(Language::En), ..Habits::default() },
                },
                conversation: self.memory.clone(),
                received_at: self.clock.now(),
            },
            files,
        };
        let tools = Tools {
            ledger: &self.book,
            adhoc: &self.book,
            answers: &self.book,
            spending: &self.book,
            documents: &self.documents,
            blobs: &self.documents,
            tables: &self.tables,
            press: &PaperPress,
            model: self.server.as_deref().unwrap_or(&self.model),
            built_in: &self.model,
            allowance: self.allowance,
            clock: &self.clock,
            seller: &self.seller,
        };
        let outcome = turn::run(tools, &turn).await.expect("the turn runs");
        self.commit(&outcome);
        outcome
    }

    fn commit(&mut self, outcome: &Outcome) {
        self.memory = outcome.conversation.clone();
        let mut invoices = self.book.invoices.lock().unwrap();
        for change in &outcome.changes {
            match change {
                Change::SaveInvoice(invoice) | Change::IssueInvoice { invoice, .. } => {
                    invoices.push((**invoice).clone());
                }
                Change::PatchInvoices(patches) => {
                    apply(&mut invoices, patches);
                    let event = EventId(Uuid::nil());
                    let undoable = Undoable { event, patches: patches.clone() };
                    *self.book.undoable.lock().unwrap() = Some(undoable);
                }
                Change::KeepTrace(trace) => {
                    self.book.traces.lock().unwrap().push((**trace).clone());
                }
                Change::KeepHint(hint) => {
                    let mut hints = self.book.hints.lock().unwrap();
                    hints.retain(|kept| kept.keys.first() != hint.keys.first());
                    hints.push((**hint).clone());
                }
                Change::SetSilence(_) | Change::SetReminders(_) | Change::Erase(_) => {}
                Change::ForgetHints => self.book.hints.lock().unwrap().clear(),
                Change::Undo(_) | Change::SetHabits(_) => {}
            }
        }
    }
}

fn apply(invoices: &mut [Invoice], patches: &[Patch]) {
    for patch in patches {
        let stored = invoices.iter_mut().find(|invoice| invoice.id == patch.invoice()).unwrap();
        assert_eq!(*stored, patch.before, "a patch is made from what is stored");
        *stored = patch.after.clone();
    }
}

/// A short stand-in for a SHA-256.
pub fn hash(bytes: &[u8]) -> ContentHash {
    let mut hash = [0; 32];
    for (place, byte) in hash.iter_mut().zip(bytes) {
        *place = *byte;
    }
    ContentHash(hash)
}

/// Returns the texts of all replies, joined.
pub fn text(outcome: &Outcome) -> String {
    outcome.replies.iter().map(|reply| reply.text.as_str()).collect::<Vec<_>>().join("\n")
}
