//! A terminology service over FHIR's REST
//! ([$validate-code](https://hl7.org/fhir/R4/valueset-operation-validate-code.html)).

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use super::cache::Cache;
use super::{Answer, ServiceFault, TerminologyService};
use crate::clock::SharedClock;
use crate::identity::looks_personal;
use crate::validate::CodeQuestion;

/// So many answers are kept, and for so long.
const MOST_KEPT: usize = 20_000;
const LIFETIME: Duration = Duration::from_secs(12 * 3600);
/// So many questions are under way at once.
const AT_ONCE: usize = 8;
/// After a failure nothing is asked for so long, so that a service that is away delays no one.
const REST: Duration = Duration::from_secs(10);
/// An answer is small; no more bytes than these are read.
const MOST_BYTES: usize = 256 * 1024;
/// Longer texts are no codes.
const LONGEST_CODE: usize = 256;

const FHIR_JSON: &str = "application/fhir+json";

/// A terminology service behind an address.
pub struct HttpTerminology {
    base: String,
    timeout: Duration,
    client: reqwest::Client,
    clock: SharedClock,
    state: Mutex<State>,
    under_way: Semaphore,
}

struct State {
    cache: Cache,
    rests_until: Timestamp,
}

impl HttpTerminology {
    /// The service whose FHIR base is `base`, asked by `client`; an answer may take `timeout`, waiting for its turn
    /// included.
    pub fn new(base: &str, timeout: Duration, client: reqwest::Client, clock: SharedClock) -> Self {
        let state = State { cache: Cache::new(MOST_KEPT, LIFETIME), rests_until: Timestamp::MIN };
        Self {
            base: base.trim_end_matches('/').to_owned(),
            timeout,
            client,
            clock,
            state: Mutex::new(state),
            under_way: Semaphore::new(AT_ONCE),
        }
    }

    /// What is kept, unless the service rests.
    fn remembered(&self, key: &str) -> Option<Result<Answer, ServiceFault>> {
        let now = self.clock.now();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = state.cache.get(key, now).map(Ok);
        kept.or_else(|| (state.rests_until > now).then_some(Err(ServiceFault::Away)))
    }

    fn remember(&self, key: String, found: Result<Answer, ServiceFault>) {
        let now = self.clock.now();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match found {
            Ok(answer) => state.cache.put(key, answer, now),
            Err(_) => state.rests_until = now.checked_add(REST).unwrap_or(Timestamp::MAX),
        }
    }

    async fn ask(&self, question: &CodeQuestion) -> Result<Answer, ServiceFault> {
        let _turn = self.under_way.acquire().await.map_err(|_| ServiceFault::Away)?;
        let kind = if question.value_set.is_empty() { "CodeSystem" } else { "ValueSet" };
        let request = self.client.post(format!("{}/{kind}/$validate-code", self.base));
        let request = request.header(CONTENT_TYPE, FHIR_JSON).header(ACCEPT, FHIR_JSON);
        let mut response =
            request.body(parameters(question).to_string()).send().await.map_err(|_| ServiceFault::Away)?;
        match response.status().as_u16() {
            200 => {}
            // It does not have the value set, or can't say.
            400 | 404 | 422 => return Ok(Answer::Unknown),
            status => return Err(ServiceFault::Status(status)),
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|_| ServiceFault::Away)? {
            body.extend_from_slice(&chunk);
            if body.len() > MOST_BYTES {
                return Err(ServiceFault::Unreadable);
            }
        }
        let body: Value = serde_json::from_slice(&body).map_err(|_| ServiceFault::Unreadable)?;
        answer(&body).ok_or(ServiceFault::Unreadable)
    }
}

#[async_trait]
impl TerminologyService for HttpTerminology {
    async fn validate_code(&self, question: &CodeQuestion) -> Result<Answer, ServiceFault> {
        if !may_leave(question) {
            return Ok(Answer::Unknown);
        }
        let key = key(question);
        if let Some(remembered) = self.remembered(&key) {
            return remembered;
        }
        let asked = tokio::time::timeout(self.timeout, self.ask(question)).await;
        let found = asked.unwrap_or(Err(ServiceFault::Late));
        self.remember(key, found);
        found
    }
}

/// A code comes from a sender and may be anything: what looks like a person's number stays here.
fn may_leave(question: &CodeQuestion) -> bool {
    let texts = [&question.code, &question.system, &question.version];
    texts.iter().all(|text| text.len() <= LONGEST_CODE && !looks_personal(text))
}

fn key(question: &CodeQuestion) -> String {
    [&question.value_set, &question.system, &question.version, &question.code].map(String::as_str).join("\n")
}

/// The question as FHIR Parameters.
fn parameters(question: &CodeQuestion) -> Value {
    let mut list = Vec::new();
    let mut add = |name: &str, kind: &str, value: &str| {
        if !value.is_empty() {
            list.push(json!({ "name": name, kind: value }));
        }
    };
    if question.value_set.is_empty() {
        add("url", "valueUri", &question.system);
        add("version", "valueString", &question.version);
    } else {
        let (url, version) = question.value_set.split_once('|').unwrap_or((&question.value_set, ""));
        add("url", "valueUri", url);
        add("valueSetVersion", "valueString", version);
        add("system", "valueUri", &question.system);
        add("systemVersion", "valueString", &question.version);
    }
    add("code", "valueCode", &question.code);
    if question.system.is_empty() {
        list.push(json!({ "name": "inferSystem", "valueBoolean": true }));
    }
    json!({ "resourceType": "Parameters", "parameter": list })
}

/// `result`; a no because the service lacks the content is none.
fn answer(body: &Value) -> Option<Answer> {
    let parameters = body.get("parameter")?.as_array()?;
    let named = |name: &str| parameters.iter().find(|it| it.get("name").and_then(Value::as_str) == Some(name));
    let result = named("result")?.get("valueBoolean")?.as_bool()?;
    let lacks = ["x-caused-by-unknown-system", "x-unknown-system"].iter().any(|name| named(name).is_some());
    Some(match (result, lacks) {
        (true, _) => Answer::Yes,
        (false, true) => Answer::Unknown,
        (false, false) => Answer::No,
    })
}
