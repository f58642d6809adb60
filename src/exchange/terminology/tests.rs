use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use jiff::Timestamp;

use super::*;
use crate::clock::ManualClock;
use crate::fhir::outcome::Place;
use crate::fhir::{Issue, IssueCode, Severity};
use crate::validate::Report;

fn question(issue: usize, value_set: &str, code: &str) -> CodeQuestion {
    CodeQuestion {
        issue,
        place: Place { pointer: format!("/{code}"), ..Place::default() },
        value_set: value_set.into(),
        system: "http://snomed.info/sct".into(),
        version: String::new(),
        code: code.into(),
        display: "Anna Andersson".into(),
        is_required: true,
    }
}

fn report(questions: Vec<CodeQuestion>) -> Report {
    let open = Issue::error(IssueCode::NotFound, "code-not-checked", "Not checked.", "Inte kontrollerat.");
    let last = Issue::error(IssueCode::Structure, "element-unknown", "e", "s");
    Report { issues: vec![open.with_severity(Severity::Warning), last], kind: None, questions }
}

/// Says yes to codes that begin with `y`, no to `n`, and knows nothing of `u`; otherwise it is away.
#[derive(Default)]
struct Fake {
    asked: AtomicUsize,
}

#[async_trait]
impl TerminologyService for Fake {
    async fn validate_code(&self, question: &CodeQuestion) -> Result<Answer, ServiceFault> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        match question.code.as_bytes().first() {
            Some(b'y') => Ok(Answer::Yes),
            Some(b'n') => Ok(Answer::No),
            Some(b'u') => Ok(Answer::Unknown),
            _ => Err(ServiceFault::Away),
        }
    }
}

/// The rules left after settling questions about these codes, and how many questions are still open.
async fn settled(value_set: &str, codes: &[&str]) -> (Vec<&'static str>, usize) {
    let questions = codes.iter().map(|code| question(0, value_set, code)).collect();
    let report = settle(report(questions), &Fake::default()).await;
    (report.issues.iter().map(|issue| issue.rule).collect(), report.questions.len())
}

#[tokio::test]
async fn answers_take_the_place_of_what_was_not_checked() {
    let set = "http://a.example/v";
    assert_eq!(settled(set, &["y"]).await, (vec!["element-unknown"], 0));
    assert_eq!(settled(set, &["n"]).await, (vec!["code-unknown", "element-unknown"], 0));
    assert_eq!(settled(set, &["n", "y"]).await, (vec!["element-unknown"], 0));
    assert_eq!(settled(set, &["n", "away"]).await, (vec!["code-not-checked", "element-unknown"], 1));
    assert_eq!(settled(set, &["y", "away"]).await, (vec!["element-unknown"], 0));
}

#[tokio::test]
async fn every_code_of_a_system_is_judged_by_itself() {
    assert_eq!(settled("", &["y1", "y2"]).await, (vec!["element-unknown"], 0));
    assert_eq!(
        settled("", &["y1", "n1", "n2"]).await.0,
        ["code-not-in-system", "code-not-in-system", "element-unknown"]
    );
    assert_eq!(settled("", &["n1", "u"]).await, (vec!["code-not-checked", "code-not-in-system", "element-unknown"], 1));
}

#[tokio::test]
async fn what_stays_open_says_why() {
    let text = |code: &'static str| async move {
        let report = settle(report(vec![question(0, "http://a.example/v", code)]), &Fake::default()).await;
        report.issues[0].english.clone()
    };
    assert_eq!(text("away").await, "Not checked. The terminology service did not answer.");
    assert_eq!(text("u").await, "Not checked. The terminology service does not know either.");
}

#[tokio::test]
async fn the_same_question_is_asked_once() {
    let fake = Fake::default();
    settle(report((0..50).map(|_| question(0, "", "y")).collect()), &fake).await;
    assert_eq!(fake.asked.load(Ordering::Relaxed), 1);
}

/// A terminology server that notes what it is sent and answers with a status and a text.
#[derive(Clone)]
struct Server {
    seen: Arc<Mutex<Vec<String>>>,
    says: Arc<Mutex<(u16, String, Duration)>>,
}

impl Server {
    async fn start(status: u16, parameters: &str) -> (Self, String) {
        let text = format!(r#"{{"resourceType":"Parameters","parameter":[{parameters}]}}"#);
        let server = Self { seen: Arc::default(), says: Arc::new(Mutex::new((status, text, Duration::ZERO))) };
        let answer = async |State(server): State<Self>, body: String| {
            server.seen.lock().unwrap().push(body);
            let (status, text, delay) = server.says.lock().unwrap().clone();
            tokio::time::sleep(delay).await;
            (StatusCode::from_u16(status).unwrap(), text)
        };
        let router = Router::new()
            .route("/fhir/ValueSet/$validate-code", post(answer))
            .route("/fhir/CodeSystem/$validate-code", post(answer))
            .with_state(server.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/fhir/", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (server, base)
    }

    fn count(&self) -> usize {
        self.seen.lock().unwrap().len()
    }
}

fn service(base: &str) -> (HttpTerminology, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::new(Timestamp::UNIX_EPOCH));
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    (HttpTerminology::new(base, Duration::from_millis(500), client, clock.clone()), clock)
}

const YES: &str = r#"{"name":"result","valueBoolean":true}"#;

#[tokio::test]
async fn codes_and_systems_leave_the_gateway_and_nothing_else() {
    let (server, base) = Server::start(200, YES).await;
    let (service, _) = service(&base);
    assert_eq!(service.validate_code(&question(0, "http://a.example/v|2", "73211009")).await, Ok(Answer::Yes));
    let seen = server.seen.lock().unwrap().join("");
    assert!(seen.contains("73211009") && seen.contains(r#""valueUri":"http://a.example/v""#));
    assert!(!seen.contains("Anna"));
}

#[tokio::test]
async fn what_looks_like_a_persons_number_stays_here() {
    let (server, base) = Server::start(200, YES).await;
    let (service, _) = service(&base);
    assert_eq!(service.validate_code(&question(0, "", "191212121212")).await, Ok(Answer::Unknown));
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn answers_are_kept_for_a_while() {
    let (server, base) = Server::start(200, r#"{"name":"result","valueBoolean":false}"#).await;
    let (service, clock) = service(&base);
    for _ in 0..3 {
        assert_eq!(service.validate_code(&question(0, "", "73211009")).await, Ok(Answer::No));
    }
    assert_eq!(server.count(), 1);
    clock.advance(Duration::from_secs(13 * 3600));
    assert_eq!(service.validate_code(&question(0, "", "73211009")).await, Ok(Answer::No));
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn content_that_the_service_lacks_is_no_answer() {
    let lacks = r#"{"name":"result","valueBoolean":false},{"name":"x-caused-by-unknown-system","valueCanonical":"http://snomed.info/sct"}"#;
    for (status, parameters) in [(200, lacks), (404, ""), (422, "")] {
        let (_, base) = Server::start(status, parameters).await;
        assert_eq!(service(&base).0.validate_code(&question(0, "", "73211009")).await, Ok(Answer::Unknown));
    }
}

#[tokio::test]
async fn a_service_that_fails_is_left_in_peace_for_a_moment() {
    let (server, base) = Server::start(503, "").await;
    let (service, clock) = service(&base);
    assert_eq!(service.validate_code(&question(0, "", "73211009")).await, Err(ServiceFault::Status(503)));
    assert_eq!(service.validate_code(&question(0, "", "22298006")).await, Err(ServiceFault::Away));
    assert_eq!(server.count(), 1);
    clock.advance(Duration::from_secs(11));
    *server.says.lock().unwrap() = (200, format!(r#"{{"parameter":[{YES}]}}"#), Duration::ZERO);
    assert_eq!(service.validate_code(&question(0, "", "22298006")).await, Ok(Answer::Yes));
}

#[tokio::test]
async fn an_answer_that_is_late_or_unreadable_is_none() {
    let (server, base) = Server::start(200, "").await;
    assert_eq!(service(&base).0.validate_code(&question(0, "", "73211009")).await, Err(ServiceFault::Unreadable));
    server.says.lock().unwrap().2 = Duration::from_secs(5);
    assert_eq!(service(&base).0.validate_code(&question(0, "", "73211009")).await, Err(ServiceFault::Late));
    let nobody = service("http://127.0.0.1:1").0;
    assert_eq!(nobody.validate_code(&question(0, "", "73211009")).await, Err(ServiceFault::Away));
}
