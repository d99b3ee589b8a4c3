//! The only calls to models: remembered answers first, then money put aside for one call, and the
//! built-in model for everything that the other does not answer.

use super::{harmless::is_harmless, sure::is_sure};
use crate::{scene::Scene, turn::TurnError};
use domain::document::ContentHash;
use ports::{
    model::{Answered, Ask, Caps, Claimed, Cost, Listening, Meter, Task},
    store::{PaidCall, Remembered, Settled},
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// What came of asking the model that is set up.
#[derive(Debug)]
pub enum Asked {
    /// It said this, now or to the same input before.
    Answered(Claimed),
    /// A cap of the owner's forbids the call.
    OverCap,
    /// There is none but the built-in one, or it gave no usable answer.
    Silent,
}

/// Asks for a claim about a sentence. The owner says who is asked first: the built-in model, and
/// the one that is set up only where that is not sure; that one, and the built-in one where it is
/// silent; or the built-in one alone.
///
/// # Errors
///
/// [`TurnError`] if the store cannot be asked.
pub async fn ask(
    scene: &Scene<'_>,
    task: Task,
    instructions: &'static str,
) -> Result<Claimed, TurnError> {
    let ask = Ask { task, instructions };
    let own = match scene.tools.allowance.listening {
        Listening::Offline => return of_built_in(scene, &ask).await,
        Listening::OfflineFirst => Some(of_built_in(scene, &ask).await?),
        Listening::ModelFirst => None,
    };
    if let Some(own) = own.as_ref().filter(|own| is_sure(&ask.task, own)) {
        return Ok(own.clone());
    }
    let asked = of_model(scene, &ask, None).await?;
    let is_over_cap = matches!(asked, Asked::OverCap);
    match asked {
        Asked::Answered(claimed) if is_harmless(&ask.task, &claimed) => return Ok(claimed),
        Asked::Answered(_) => {
            tracing::warn!(tenant.id = %scene.tenant(), "the model claimed what nobody has written");
        }
        Asked::OverCap | Asked::Silent => {}
    }
    let claimed = match own {
        Some(own) => own,
        None => of_built_in(scene, &ask).await?,
    };
    if is_over_cap && matches!(claimed, Claimed::Unsure | Claimed::Doubt(_)) {
        scene.note_over_cap();
    }
    Ok(claimed)
}

/// Asks the built-in model, which costs nothing and is always there.
///
/// # Errors
///
/// [`TurnError`].
pub async fn of_built_in(scene: &Scene<'_>, ask: &Ask) -> Result<Claimed, TurnError> {
    Ok(scene.tools.built_in.answer(ask).await?.claimed)
}

/// Asks the model that is set up, or remembers what it said to the same input before.
///
/// The key is the hash of model, instructions and task, so that a re-run of a crashed turn costs
/// nothing and says the same. What the model fails at is logged here and no error.
///
/// # Errors
///
/// [`TurnError`] if the store cannot be asked.
pub async fn of_model(
    scene: &Scene<'_>,
    ask: &Ask,
    document: Option<ContentHash>,
) -> Result<Asked, TurnError> {
    let model = scene.tools.model;
    if !model.costs() {
        return Ok(Asked::Silent);
    }
    let key = key(&model.name(), ask);
    if let Some(text) = scene.tools.answers.recall(scene.tenant(), key).await?
        && let Ok(claimed) = serde_json::from_str(&text)
    {
        return Ok(Asked::Answered(claimed));
    }
    // A document is one call, and what is written once more is the call before it.
    let is_counted =
        !matches!(ask.task, Task::ReadInvoice(_) | Task::WriteSql { attempt: Some(_), .. });
    if is_counted && !scene.may_call() {
        tracing::warn!(tenant.id = %scene.tenant(), "the model was called often enough about one message");
        return Ok(Asked::Silent);
    }
    let Some(call) = put_aside(scene, ask, key, document).await? else {
        tracing::info!(tenant.id = %scene.tenant(), "a cap on spending forbids a call of the model");
        return Ok(Asked::OverCap);
    };
    let meter = Meter::default();
    let answered = model.answer_metered(ask, &meter).await;
    let outcome = answered.as_ref().map_or_else(|error| error.class(), |_| "answered");
    if let Ok(answered) = &answered
        && answered.cost
    {
        // Before the account is settled: whatever ends the process here, it is not asked again.
        remember(scene, key, answered).await?;
    }
    settle(scene, call, &meter, outcome).await?;
    match answered {
        Ok(answered) => Ok(Asked::Answered(answered.claimed)),
        Err(error) => {
            tracing::warn!(%error, class = outcome, "the model gave no answer, the built-in one is asked");
            Ok(Asked::Silent)
        }
    }
}

/// Puts aside the most that a call can cost; nothing if a cap forbids it. A cap cannot hold where
/// the price is unknown, so it forbids those calls too.
async fn put_aside(
    scene: &Scene<'_>,
    ask: &Ask,
    input: ContentHash,
    document: Option<ContentHash>,
) -> Result<Option<Uuid>, TurnError> {
    let (model, caps) = (scene.tools.model, scene.tools.allowance.caps);
    let price = model.price();
    if price.is_none() && caps != Caps::default() {
        return Ok(None);
    }
    let most = price.map_or(Cost::FREE, |price| price.of(model.most(ask)));
    let (task, name) = (ask.task.word(), model.name());
    let call = PaidCall { task, input, document, model: &name, most };
    Ok(scene.tools.spending.reserve(scene.tenant(), &call, caps).await?)
}

async fn settle(
    scene: &Scene<'_>,
    call: Uuid,
    meter: &Meter,
    outcome: &str,
) -> Result<(), TurnError> {
    let usage = meter.read();
    let cost = scene.tools.model.price().map_or(Cost::FREE, |price| price.of(usage));
    let settled = Settled { usage, cost, outcome };
    Ok(scene.tools.spending.settle(scene.tenant(), call, &settled).await?)
}

async fn remember(
    scene: &Scene<'_>,
    key: ContentHash,
    answered: &Answered,
) -> Result<(), TurnError> {
    let Ok(text) = serde_json::to_string(&answered.claimed) else { return Ok(()) };
    let remembered = Remembered { text: &text, model: &answered.model, usage: answered.usage };
    Ok(scene.tools.answers.remember(scene.tenant(), key, &remembered).await?)
}

fn key(model: &str, ask: &Ask) -> ContentHash {
    let mut hash = Sha256::new();
    for part in [model, ask.instructions] {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    if let Ok(task) = serde_json::to_vec(&ask.task) {
        hash.update(task);
    }
    if let Task::ReadInvoice(sheets) = &ask.task {
        for picture in &sheets.pictures {
            hash.update(Sha256::digest(picture));
        }
    }
    ContentHash(hash.finalize().into())
}
