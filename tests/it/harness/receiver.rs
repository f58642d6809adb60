//! A receiver of notifications that can misbehave.

use std::time::Duration;

use serde_json::Value;
use tokio::net::TcpListener;
use vardbro::clock::SharedClock;
use vardbro::delivery::receive::{self, Options};

/// A running receiver; it ends with the test.
pub struct Receiver {
    /// Where it takes notifications.
    pub url: String,
    http: reqwest::Client,
}

impl Receiver {
    /// One that answers 200 to everything.
    pub async fn start(clock: SharedClock) -> Self {
        Self::failing(clock, 0.0).await
    }

    /// One that fails for a share of the notifications, half of those after it has kept them.
    pub async fn failing(clock: SharedClock, fail_rate: f64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let options = Options { fail_rate, delay: Duration::ZERO, seed: 1, clock };
        tokio::spawn(receive::serve(listener, options, std::io::sink(), std::future::pending()));
        Self { url, http: reqwest::Client::builder().no_proxy().build().unwrap() }
    }

    /// What it got, each idempotency key once.
    pub async fn received(&self) -> Vec<Value> {
        let text = self.http.get(format!("{}received", self.url)).send().await.unwrap().text().await.unwrap();
        serde_json::from_str::<Value>(&text).unwrap()["received"].as_array().unwrap().clone()
    }
}
