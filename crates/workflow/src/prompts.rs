//! The instructions for models that take prose, one for each task. Their text lives in files.

/// For [`ports::model::Task::Classify`].
pub const CLASSIFY: &str = include_str!("../prompts/classify.md");
/// For [`ports::model::Task::PlanQuestion`].
pub const PLAN_QUESTION: &str = include_str!("../prompts/plan_question.md");
/// For [`ports::model::Task::WriteSql`].
pub const WRITE_SQL: &str = include_str!("../prompts/write_sql.md");
/// For [`ports::model::Task::Draft`].
pub const DRAFT: &str = include_str!("../prompts/draft.md");
/// For [`ports::model::Task::Correct`].
pub const CORRECT: &str = include_str!("../prompts/correct.md");
/// For [`ports::model::Task::ReadInvoice`].
pub const READ_INVOICE: &str = include_str!("../prompts/read_invoice.md");

/// All of them: what no reply may repeat.
pub const ALL: [&str; 6] = [CLASSIFY, PLAN_QUESTION, WRITE_SQL, DRAFT, CORRECT, READ_INVOICE];
