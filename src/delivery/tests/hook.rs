//! A receiver that behaves as it is told, on a socket of its own: what no HTTP framework would let it do.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use url::Url;

/// What it does with a request.
#[derive(Debug, Clone)]
pub enum Act {
    /// Answers with a status.
    Status(u16),
    /// Answers with a status and one more header line.
    With(u16, &'static str),
    /// Takes the request and says nothing.
    Hang,
    /// Takes the request and cuts the connection.
    Cut,
    /// Answers 200 once it is told to.
    Wait(Arc<Notify>),
}

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Request {
    pub head: String,
    pub body: serde_json::Value,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub fn key(&self) -> String {
        self.header("idempotency-key").unwrap().to_owned()
    }

    /// The number of the event.
    pub fn event(&self) -> u64 {
        let parameters = self.body["entry"][0]["resource"]["parameter"].as_array().unwrap();
        let number = parameters.iter().find(|one| one["name"] == "events-since-subscription-start").unwrap();
        number["valueString"].as_str().unwrap().parse().unwrap()
    }

    /// The names of the resources behind the status entry.
    pub fn told(&self) -> Vec<String> {
        let entries = self.body["entry"].as_array().unwrap();
        let name = |entry: &serde_json::Value| {
            let url = entry["fullUrl"].as_str().unwrap().strip_prefix("https://vardbro.example/fhir/").unwrap();
            format!("{url} {}", entry["response"]["etag"].as_str().unwrap())
        };
        entries.iter().skip(1).map(name).collect()
    }
}

#[derive(Clone)]
pub struct Hook {
    pub address: Url,
    script: Arc<Mutex<(VecDeque<Act>, Act)>>,
    requests: watch::Sender<Vec<Request>>,
}

impl Hook {
    /// A receiver that answers 200.
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = Url::parse(&format!("http://{}/hook", listener.local_addr().unwrap())).unwrap();
        let script = Arc::new(Mutex::new((VecDeque::new(), Act::Status(200))));
        let hook = Self { address, script, requests: watch::Sender::default() };
        let this = hook.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(this.clone().serve(stream));
            }
        });
        hook
    }

    /// What it does next, once each.
    pub fn then(&self, acts: impl IntoIterator<Item = Act>) -> &Self {
        self.script.lock().unwrap().0.extend(acts);
        self
    }

    /// What it does when the script is at its end.
    pub fn always(&self, act: Act) -> &Self {
        self.script.lock().unwrap().1 = act;
        self
    }

    pub fn requests(&self) -> Vec<Request> {
        self.requests.borrow().clone()
    }

    /// Returns once it has taken so many requests.
    pub async fn has_taken(&self, count: usize) {
        self.requests.subscribe().wait_for(|requests| requests.len() >= count).await.unwrap();
    }

    async fn serve(self, mut stream: TcpStream) {
        let Some(request) = read(&mut stream).await else { return };
        let act = {
            let mut script = self.script.lock().unwrap();
            script.0.pop_front().unwrap_or_else(|| script.1.clone())
        };
        self.requests.send_modify(|requests| requests.push(request));
        match act {
            Act::Status(status) => answer(&mut stream, status, "X-Nothing: 1").await,
            Act::With(status, header) => answer(&mut stream, status, header).await,
            Act::Hang => std::future::pending().await,
            Act::Cut => {}
            Act::Wait(until) => {
                until.notified().await;
                answer(&mut stream, 200, "X-Late: 1").await;
            }
        }
    }
}

async fn answer(stream: &mut TcpStream, status: u16, header: &str) {
    let text = format!("HTTP/1.1 {status} Said\r\nConnection: close\r\n{header}\r\nContent-Length: 0\r\n\r\n");
    let _ = stream.write_all(text.as_bytes()).await;
}

async fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let request = Request { head: head.to_owned(), body: serde_json::Value::Null };
            let length: usize = request.header("content-length")?.parse().ok()?;
            if body.len() >= length {
                return Some(Request { body: serde_json::from_str(body).ok()?, ..request });
            }
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}
