//! `billhook simulate`: plays Twilio against a running instance.
//!
//! The webhook is signed as Twilio signs it. Where `TWILIO_API_BASE_URL` leads to this machine,
//! a stand-in for Twilio's API runs there meanwhile: it hands out the file and prints the reply.
//! Where it leads to Twilio itself, only the webhook is sent.

mod envelope;
mod stand_in;

pub use envelope::signature;

use super::{
    failure::{Failure, print},
    serve::local_address,
};
use crate::config::{Config, TwilioSettings, is_local};
use clap::Args;
use envelope::Envelope;
use stand_in::{MediaFile, Reply, StandIn};
use std::{path::PathBuf, process::ExitCode, time::Duration};
use tokio::time::{Instant, timeout_at};

/// After a reply, how long another one may take.
const QUIET: Duration = Duration::from_secs(2);
/// How long Twilio waits for a webhook to be taken.
const WEBHOOK_LIMIT: Duration = Duration::from_secs(15);

/// What to send, and where.
#[derive(Debug, Args)]
#[group(id = "message", required = true, multiple = true, args = ["text", "file"])]
pub struct Arguments {
    /// Text of the message
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,
    /// File that comes with the message
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Who sends it
    #[arg(long, value_name = "ADDRESS", default_value = "whatsapp:+15005550006")]
    from: String,
    /// The running instance [default: the address of the settings, on this machine]
    #[arg(long, value_name = "URL")]
    to: Option<String>,
    /// Seconds to wait for the reply
    #[arg(long, value_name = "SECONDS", default_value_t = 90)]
    wait: u64,
    /// Print each reply as JSON, one object a line
    #[arg(long)]
    json: bool,
}

/// Sends the webhook and prints the replies.
///
/// # Errors
///
/// [`Failure`] if WhatsApp is not set up, the instance does not take the webhook, or no reply
/// comes.
pub async fn run(arguments: Arguments, config: &Config) -> Result<ExitCode, Failure> {
    let twilio = config.twilio.as_ref().ok_or_else(|| not_set_up(config))?;
    let base = config.public_base_url.clone().unwrap_or_default();
    let plays_twilio = is_local(&twilio.api_base_url);
    if arguments.file.is_some() && !plays_twilio {
        return Err(Failure::usage(
            "a file would have to lie at Twilio itself",
            "set TWILIO_API_BASE_URL=http://127.0.0.1:4010 for billhook serve and for this",
        ));
    }
    let file = match &arguments.file {
        Some(path) => Some(MediaFile::open(path)?),
        None => None,
    };
    let to = arguments.to.clone().unwrap_or_else(|| local_address(config.listen));
    let envelope = Envelope::new(twilio, &arguments.from, arguments.text.as_deref(), file.as_ref());
    if !plays_twilio {
        deliver(&envelope, twilio, &base, &to).await?;
        return tell_where_to_look(&arguments, twilio);
    }
    let mut stand_in =
        StandIn::start(twilio, file.map(|file| (envelope.media_path(), file))).await?;
    deliver(&envelope, twilio, &base, &to).await?;
    let replies = wait_for_replies(&mut stand_in, &arguments).await?;
    if replies == 0 {
        return Err(Failure::new(
            format!("no reply came within {} seconds", arguments.wait),
            format!(
                "look at the log of the running billhook; it must use TWILIO_API_BASE_URL={}",
                twilio.api_base_url
            ),
        ));
    }
    Ok(ExitCode::SUCCESS)
}

fn tell_where_to_look(arguments: &Arguments, twilio: &TwilioSettings) -> Result<ExitCode, Failure> {
    print(&format!(
        "The message was taken. Its reply goes to {} through {}: look at that phone, or at the \
         message log of the Twilio console.\n",
        arguments.from, twilio.api_base_url
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// Prints replies as they come, until the product falls silent; returns how many came.
async fn wait_for_replies(stand_in: &mut StandIn, arguments: &Arguments) -> Result<usize, Failure> {
    let after = |wait: Duration| Instant::now().checked_add(wait).unwrap_or_else(Instant::now);
    let mut until = after(Duration::from_secs(arguments.wait));
    let mut count = 0_usize;
    while let Ok(Some(reply)) = timeout_at(until, stand_in.reply()).await {
        if reply.to == arguments.from {
            print(&shown(&reply, arguments.json))?;
            count = count.saturating_add(1);
            until = after(QUIET);
        }
    }
    Ok(count)
}

fn shown(reply: &Reply, json: bool) -> String {
    if json {
        return format!("{}\n", serde_json::json!({"text": reply.text, "file": reply.media_url}));
    }
    match &reply.media_url {
        Some(url) if reply.text.is_empty() => format!("(file: {url})\n"),
        Some(url) => format!("{}\n(file: {url})\n", reply.text),
        None => format!("{}\n", reply.text),
    }
}

async fn deliver(
    envelope: &Envelope,
    twilio: &TwilioSettings,
    public_base_url: &str,
    to: &str,
) -> Result<(), Failure> {
    let client = reqwest::Client::builder().timeout(WEBHOOK_LIMIT).no_proxy().build();
    let client = client.map_err(|error| Failure::because("no connection can be made", &error))?;
    let url = format!("{}{}", to.trim_end_matches('/'), envelope::PATH);
    let sent = client
        .post(&url)
        .header("X-Twilio-Signature", envelope.signed(public_base_url, twilio))
        .header("I-Twilio-Idempotency-Token", envelope.message_sid())
        .form(envelope.parameters())
        .send()
        .await;
    let response = sent.map_err(|error| {
        Failure::because(&format!("{to} does not answer"), &error)
            .with_hint("start `billhook serve` first, with the same settings")
    })?;
    match response.status().as_u16() {
        200..=299 => Ok(()),
        403 => Err(Failure::new(
            "the running billhook refused the signature",
            "TWILIO_AUTH_TOKEN and PUBLIC_BASE_URL must be the same there and here",
        )),
        404 => Err(Failure::new(
            "WhatsApp is not set up in the running billhook",
            "start it with the same TWILIO_ settings as this",
        )),
        status => Err(Failure::new(
            format!("the running billhook answered with status {status}"),
            "look at its log",
        )),
    }
}

fn not_set_up(config: &Config) -> Failure {
    let here = local_address(config.listen);
    Failure::new(
        "WhatsApp is not set up, so there is no token to sign with",
        format!(
            "to play Twilio on this machine, set these for `billhook serve` and for this:\n  \
             TWILIO_ACCOUNT_SID=AC00000000000000000000000000000000\n  \
             TWILIO_AUTH_TOKEN=any-word-of-16-letters\n  \
             TWILIO_WHATSAPP_FROM=whatsapp:+14155238886\n  \
             TWILIO_API_BASE_URL=http://127.0.0.1:4010\n  \
             PUBLIC_BASE_URL={}",
            here.trim_end_matches('/')
        ),
    )
}
