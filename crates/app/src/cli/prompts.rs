//! The workflow's instructions for models that take prose, for verbs that ask a model directly.

/// For [`ports::model::Task::Classify`].
pub const CLASSIFY: &str = include_str!("../../../workflow/prompts/classify.md");
/// For [`ports::model::Task::PlanQuestion`].
pub const PLAN_QUESTION: &str = include_str!("../../../workflow/prompts/plan_question.md");
/// For [`ports::model::Task::Draft`].
pub const DRAFT: &str = include_str!("../../../workflow/prompts/draft.md");
/// For [`ports::model::Task::Correct`].
pub const CORRECT: &str = include_str!("../../../workflow/prompts/correct.md");
/// For [`ports::model::Task::ReadInvoice`].
pub const READ_INVOICE: &str = include_str!("../../../workflow/prompts/read_invoice.md");
