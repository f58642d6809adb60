//! A little municipal receiver, for demonstrations and tests: `vardbro receive`.
//!
//! It takes notification Bundles by POST or PUT, prints one line for each, and remembers the idempotency keys it has
//! seen, as a good receiver does. It can be made to fail and to dawdle, as a real one does. It prints types, ids and
//! versions of resources, and nothing else of what it got.

mod notice;
mod record;

use std::future::Future;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::routing::{any, get};
use axum::{Json, Router};
use jiff::SignedDuration;
use tokio::net::TcpListener;

use self::notice::Notice;
use self::record::Record;
use super::later;
use crate::clock::SharedClock;
use crate::entropy::{Entropy, SeededEntropy};

/// The largest notification that is taken, in bytes: 64 MiB.
const LIMIT: usize = 64 << 20;

/// The arguments of `vardbro receive`.
#[derive(Debug, Clone, clap::Args)]
pub struct Arguments {
    /// Address to listen at.
    #[arg(long, default_value = "127.0.0.1:8090")]
    pub listen: SocketAddr,
    /// The share of notifications to answer with 500, from 0 to 1.
    #[arg(long, default_value_t = 0.0, value_parser = parse_share)]
    pub fail_rate: f64,
    /// How long to wait before each answer, as 2s or 500ms.
    #[arg(long, default_value = "0s", value_parser = parse_delay)]
    pub delay: Duration,
    /// What the failures are drawn from; the same seed fails the same way.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// How a receiver behaves.
pub struct Options {
    /// The share of notifications to answer with 500, from 0 to 1. Half of those are kept before they are answered so,
    /// as when an answer is lost: the sender must send again, and the receiver must see that it has it already.
    pub fail_rate: f64,
    /// How long to wait before each answer.
    pub delay: Duration,
    /// What the failures are drawn from.
    pub seed: u64,
    /// The time that is printed.
    pub clock: SharedClock,
}

/// Runs the command until ctrl-c.
///
/// # Errors
/// When the address can't be listened at.
pub async fn run(arguments: Arguments, clock: SharedClock) -> io::Result<()> {
    let listener = TcpListener::bind(arguments.listen).await?;
    let mut out = io::stdout();
    writeln!(out, "receiving at http://{}/ and listing at /received; ctrl-c ends it", listener.local_addr()?)?;
    let Arguments { fail_rate, delay, seed, .. } = arguments;
    let stop = async {
        // Without a handler for ctrl-c the signal itself ends the process, which is as good.
        let _ = tokio::signal::ctrl_c().await;
    };
    serve(listener, Options { fail_rate, delay, seed, clock }, out, stop).await
}

/// Serves until `stop`, one line to `out` for each notification.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    options: Options,
    out: impl Write + Send + 'static,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    axum::serve(listener, router(options, out)).with_graceful_shutdown(stop).await
}

fn router(options: Options, out: impl Write + Send + 'static) -> Router {
    let desk = Desk {
        entropy: SeededEntropy::new(options.seed),
        options,
        record: Mutex::new(Record::default()),
        out: Mutex::new(Box::new(out)),
    };
    Router::new()
        .route("/received", get(received))
        .fallback(any(take))
        .layer(DefaultBodyLimit::max(LIMIT))
        .with_state(Arc::new(desk))
}

struct Desk {
    options: Options,
    entropy: SeededEntropy,
    record: Mutex<Record>,
    out: Mutex<Box<dyn Write + Send>>,
}

async fn received(State(desk): State<Arc<Desk>>) -> Json<serde_json::Value> {
    Json(lock(&desk.record).to_json())
}

async fn take(
    State(desk): State<Arc<Desk>>,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, &'static str) {
    if !matches!(method.as_str(), "POST" | "PUT") {
        return (StatusCode::METHOD_NOT_ALLOWED, "POST a notification Bundle here; GET /received lists them\n");
    }
    let Some(notice) = Notice::read(&body) else {
        return (StatusCode::BAD_REQUEST, "this is not a FHIR Bundle in JSON\n");
    };
    let key = headers.get("idempotency-key").and_then(|key| key.to_str().ok()).unwrap_or("-").to_owned();
    let clock = &desk.options.clock;
    clock.sleep_until(later(clock.now(), desk.options.delay)).await;
    desk.answer(&key, notice)
}

impl Desk {
    fn answer(&self, key: &str, notice: Notice) -> (StatusCode, &'static str) {
        let is_failing = draw(&self.entropy) < self.options.fail_rate;
        let is_kept = !is_failing || draw(&self.entropy) < 0.5;
        let line = format!("{key}  {notice}");
        let is_repeated = is_kept && lock(&self.record).keep(key, notice);
        let remark = match (is_failing, is_kept, is_repeated) {
            (false, _, false) => "",
            (false, _, true) => "  (seen before)",
            (true, true, _) => "  (kept, answered 500)",
            (true, false, _) => "  (answered 500)",
        };
        // A closed pipe is no reason to refuse notifications.
        let _ = writeln!(lock(&self.out), "{}  {line}{remark}", self.options.clock.now());
        if is_failing {
            (StatusCode::INTERNAL_SERVER_ERROR, "this receiver fails now and then\n")
        } else {
            (StatusCode::OK, "")
        }
    }
}

/// A number in `0..1`.
fn draw(entropy: &dyn Entropy) -> f64 {
    const STEPS: u32 = 1 << 24;
    let step = u32::try_from(entropy.below(STEPS.into())).unwrap_or(0);
    f64::from(step) / f64::from(STEPS)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn parse_share(text: &str) -> Result<f64, String> {
    let share = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "a share is a number from 0 to 1, as 0.3".to_owned())
}

fn parse_delay(text: &str) -> Result<Duration, String> {
    let delay = text.parse::<SignedDuration>().ok().and_then(|delay| Duration::try_from(delay).ok());
    delay.ok_or_else(|| "a delay is written as 2s, 500ms or 1m".to_owned())
}

#[cfg(test)]
mod tests;
