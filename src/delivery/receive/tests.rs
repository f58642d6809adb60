use super::*;
use crate::clock::ManualClock;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

const NOTIFICATION: &str = r#"{"resourceType":"Bundle","type":"history","entry":[
    {"fullUrl":"urn:uuid:1","resource":{"resourceType":"Parameters","parameter":[{"name":"notification-event"}]}},
    {"fullUrl":"https://vardbro.example/fhir/List/7","resource":{"resourceType":"List","title":"Anna Andersson"},
     "request":{"method":"PUT","url":"List/7"},"response":{"status":"200","etag":"W/\"3\""}}]}"#;

struct Village {
    base: String,
    lines: Lines,
    client: reqwest::Client,
}

impl Village {
    async fn failing(fail_rate: f64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let clock = Arc::new(ManualClock::new("2026-03-02T08:00:00Z".parse().unwrap()));
        let lines = Lines::default();
        let options = Options { fail_rate, delay: Duration::ZERO, seed: 3, clock };
        tokio::spawn(serve(listener, options, lines.clone(), std::future::pending()));
        Self { base, lines, client: reqwest::Client::new() }
    }

    async fn post(&self, key: &str, body: &'static str) -> u16 {
        let request = self.client.post(format!("{}/hook", self.base)).header("Idempotency-Key", key).body(body);
        request.send().await.unwrap().status().as_u16()
    }

    async fn received(&self) -> serde_json::Value {
        let text = self.client.get(format!("{}/received", self.base)).send().await.unwrap().text().await.unwrap();
        serde_json::from_str(&text).unwrap()
    }

    fn printed(&self) -> String {
        String::from_utf8(self.lines.0.lock().unwrap().clone()).unwrap()
    }
}

#[tokio::test]
async fn a_notification_is_one_line_without_its_content() {
    let village = Village::failing(0.0).await;
    assert_eq!(village.post("k1", NOTIFICATION).await, 200);
    assert_eq!(village.printed(), "2026-03-02T08:00:00Z  k1  1 event  List/7 v3\n");
}

#[tokio::test]
async fn a_repeated_key_is_told_and_kept_once() {
    let village = Village::failing(0.0).await;
    village.post("k1", NOTIFICATION).await;
    assert_eq!(village.post("k1", NOTIFICATION).await, 200);
    assert!(village.printed().ends_with("List/7 v3  (seen before)\n"));
    let resources = serde_json::json!([{ "reference": "List/7", "version": "3", "deleted": false }]);
    let expected = serde_json::json!([{ "key": "k1", "times": 2, "events": 1, "resources": resources }]);
    assert_eq!(village.received().await["received"], expected);
}

#[tokio::test]
async fn what_is_no_bundle_is_refused_and_not_kept() {
    let village = Village::failing(0.0).await;
    for body in ["", "{", "[]", r#"{"resourceType":"Patient"}"#] {
        assert_eq!(village.post("k1", body).await, 400, "{body}");
    }
    assert_eq!(village.received().await["received"], serde_json::json!([]));
}

#[tokio::test]
async fn a_fail_rate_fails_that_share_and_the_same_seed_the_same_way() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let village = Village::failing(0.3).await;
        let mut statuses = Vec::new();
        for _ in 0..100 {
            statuses.push(village.post("-", NOTIFICATION).await);
        }
        runs.push(statuses);
    }
    assert_eq!(runs[0], runs[1]);
    let failures = runs[0].iter().filter(|status| **status == 500).count();
    assert!((20..=40).contains(&failures), "{failures} of 100");
}

#[test]
fn arguments_out_of_range_are_told() {
    assert_eq!(parse_share("0.3"), Ok(0.3));
    assert!(parse_share("1.5").is_err() && parse_share("NaN").is_err());
    assert_eq!(parse_delay("2s"), Ok(Duration::from_secs(2)));
    assert!(parse_delay("-2s").is_err() && parse_delay("soon").is_err());
}
