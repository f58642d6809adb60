//! A caller of the gateway, and what it is answered.

use reqwest::header::HeaderMap;
use serde_json::Value;

/// Somebody with a token, or without one.
#[derive(Clone)]
pub struct Caller {
    pub http: reqwest::Client,
    pub root: String,
    pub headers: Vec<(String, String)>,
}

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub text: String,
}

impl Caller {
    /// The same caller with one more header.
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sends anything at all.
    pub async fn send(&self, method: &str, path: &str, body: impl Into<reqwest::Body>) -> Reply {
        self.try_send(method, path, body).await.unwrap()
    }

    /// As [`Caller::send`], for a gateway that may be gone.
    pub async fn try_send(&self, method: &str, path: &str, body: impl Into<reqwest::Body>) -> reqwest::Result<Reply> {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.root) };
        let mut request = self.http.request(method.parse().unwrap(), url).body(body);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await?;
        assert_ne!(status, 500, "a fault of ours: {text}");
        Ok(Reply { status, headers, text })
    }

    fn json(&self) -> Self {
        let stated = self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        if stated { self.clone() } else { self.clone().with("Content-Type", "application/fhir+json") }
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send("GET", path, "").await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        self.json().send("POST", path, body.to_string()).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Reply {
        self.json().send("PUT", path, body.to_string()).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.send("DELETE", path, "").await
    }

    /// A search by POST.
    pub async fn search(&self, kind: &str, form: &str) -> Reply {
        let form_type = "application/x-www-form-urlencoded";
        self.clone()
            .with("Content-Type", form_type)
            .send("POST", &format!("/fhir/{kind}/_search"), form.to_owned())
            .await
    }

    /// A resource of one's own, put to its id.
    pub async fn store(&self, resource: &Value) -> Reply {
        let path = format!("/fhir/{}/{}", resource["resourceType"].as_str().unwrap(), resource["id"].as_str().unwrap());
        let reply = self.put(&path, resource).await;
        assert!(matches!(reply.status, 200 | 201), "{reply:?}");
        reply
    }
}

impl Reply {
    /// Asserts the status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {} {:?}", self.status, self.text))
    }

    /// A header; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// The id of the resource in the body.
    #[track_caller]
    pub fn id(&self) -> String {
        self.json()["id"].as_str().unwrap_or_else(|| panic!("no id: {}", self.text)).to_owned()
    }

    /// The resources of a Bundle's matches.
    #[track_caller]
    pub fn matches(&self) -> Vec<Value> {
        self.entries("match")
    }

    /// The resources of a Bundle's entries of a search mode.
    #[track_caller]
    pub fn entries(&self, mode: &str) -> Vec<Value> {
        let bundle = self.json();
        let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
        entries.into_iter().filter(|e| e["search"]["mode"] == mode).map(|e| e["resource"].clone()).collect()
    }

    /// The ids of a Bundle's matches.
    #[track_caller]
    pub fn ids(&self) -> Vec<String> {
        self.matches().iter().map(|r| r["id"].as_str().unwrap().to_owned()).collect()
    }

    /// The URL of a Bundle's link.
    #[track_caller]
    pub fn link(&self, relation: &str) -> Option<String> {
        let bundle = self.json();
        let links = bundle["link"].as_array().cloned().unwrap_or_default();
        links.iter().find(|l| l["relation"] == relation).map(|l| l["url"].as_str().unwrap().to_owned())
    }

    /// The names of the rules in an OperationOutcome.
    #[track_caller]
    pub fn rules(&self) -> Vec<String> {
        let outcome = self.json();
        assert_eq!(outcome["resourceType"], "OperationOutcome", "{}", self.text);
        let rule = |issue: &Value| issue["details"]["coding"][0]["code"].as_str().unwrap_or_default().to_owned();
        outcome["issue"].as_array().unwrap().iter().map(rule).collect()
    }

    /// Status, headers and body without what differs from request to request.
    pub fn face(&self) -> (u16, Vec<(String, String)>, String) {
        let varies = |name: &str| matches!(name, "x-request-id" | "date");
        let headers = self.headers.iter().filter(|(name, _)| !varies(name.as_str()));
        let mut headers: Vec<_> = headers.map(|(n, v)| (n.to_string(), v.to_str().unwrap().to_owned())).collect();
        headers.sort();
        (self.status, headers, self.text.clone())
    }
}
