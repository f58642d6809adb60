//! The HTTP side of an attempt: one POST, no redirect, no retry, nothing of the answer kept but its status.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use jiff::Timestamp;
use reqwest::redirect;

use super::answer::{Answer, Silence, parse_retry_after};
use super::guard::{Guard, GuardedResolver, Refusal};
use super::notification;
use super::policy::Policy;
use super::ports::Permitted;
use super::receiver::Receiver;
use crate::store::Delivery;

const FHIR_JSON: HeaderValue = HeaderValue::from_static("application/fhir+json");
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// How long the end of an answer's body is waited for.
const DRAIN: Duration = Duration::from_secs(1);

/// Headers that belong to the connection or to the gateway; a channel can't set them.
const RESERVED: [&str; 9] = [
    "connection",
    "content-length",
    "content-type",
    "expect",
    "host",
    "idempotency-key",
    "te",
    "transfer-encoding",
    "x-request-id",
];

/// What is sent in one attempt, and to whom. It tells of what is permitted, or of nothing.
pub struct Parcel<'a> {
    receiver: &'a Receiver,
    /// The same for every attempt of one delivery.
    idempotency_key: String,
    /// Another for every attempt.
    request_id: String,
    body: String,
}

impl<'a> Parcel<'a> {
    /// The notification of what is permitted of a delivery, with the text as it is stored. `base` is this gateway's FHIR
    /// base.
    pub fn notification(permitted: &Permitted<'a>, base: &str, delivery: &Delivery, request_id: &str) -> Self {
        let (receiver, what) = (permitted.receiver(), &delivery.what);
        let body = notification::bundle(&notification::Event {
            base,
            receiver,
            key: &what.idempotency_key,
            number: delivery.number,
            at: what.due,
            versions: permitted.versions(),
        });
        Self { receiver, idempotency_key: what.idempotency_key.clone(), request_id: request_id.to_owned(), body }
    }

    /// A handshake, which tells nothing of anybody.
    fn handshake(receiver: &'a Receiver, base: &str, key: &str, at: Timestamp) -> Self {
        let body = notification::handshake(base, receiver, key, at);
        Self { receiver, idempotency_key: key.to_owned(), request_id: key.to_owned(), body }
    }
}

/// Carries parcels to receivers. Cheap to clone; keeps connections.
#[derive(Clone)]
pub struct Courier {
    client: reqwest::Client,
    guard: Arc<Guard>,
    response_limit: usize,
}

impl Courier {
    /// A courier that calls only where the guard allows. TLS by rustls, with the machine's certificate store.
    ///
    /// # Errors
    /// When TLS can't be set up, as for a machine without root certificates.
    pub fn new(guard: impl Into<Arc<Guard>>, policy: &Policy) -> Result<Self, reqwest::Error> {
        let guard = guard.into();
        let client = reqwest::Client::builder()
            .dns_resolver(GuardedResolver(Arc::clone(&guard)))
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .connect_timeout(policy.connect_timeout)
            .user_agent(concat!("vardbro/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client, guard, response_limit: policy.response_limit })
    }

    /// Makes one attempt. `now` is what an HTTP-date in `Retry-After` is measured from. The caller bounds the time.
    pub async fn post(&self, parcel: Parcel<'_>, now: Timestamp) -> Answer {
        let headers = match self.guard.check_url(&parcel.receiver.address).and_then(|()| headers(&parcel)) {
            Ok(headers) => headers,
            Err(refusal) => return Answer::Unsendable(refusal),
        };
        let request = self.client.post(parcel.receiver.address.clone()).headers(headers).body(parcel.body);
        match request.send().await {
            Ok(response) => self.read(response, now).await,
            Err(error) => no_answer(&error),
        }
    }

    /// Asks a new receiver whether it is there. This needs no permission, since it tells nothing of anybody; `key` is a
    /// UUID for this handshake, `base` this gateway's FHIR base. The caller bounds the time.
    pub async fn handshake(&self, base: &str, receiver: &Receiver, key: &str, now: Timestamp) -> Answer {
        self.post(Parcel::handshake(receiver, base, key, now), now).await
    }

    async fn read(&self, mut response: reqwest::Response, now: Timestamp) -> Answer {
        let code = response.status().as_u16();
        let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        let answer = Answer::Status { code, retry_after: retry_after.and_then(|text| parse_retry_after(text, now)) };
        // A body that is read to its end leaves the connection usable. What it says is nobody's business, and how it
        // ends changes nothing: the status has been given.
        let _ = tokio::time::timeout(DRAIN, drain(&mut response, self.response_limit)).await;
        answer
    }
}

async fn drain(response: &mut reqwest::Response, mut left: usize) {
    while let Ok(Some(chunk)) = response.chunk().await {
        match left.checked_sub(chunk.len()) {
            Some(rest) => left = rest,
            None => return,
        }
    }
}

fn headers(parcel: &Parcel<'_>) -> Result<HeaderMap, Refusal> {
    let channel = &parcel.receiver.headers;
    let mut headers = HeaderMap::with_capacity(channel.len() + 3);
    for (name, value) in channel {
        let name: HeaderName = name.parse().map_err(|_| Refusal::Header)?;
        let mut value: HeaderValue = value.parse().map_err(|_| Refusal::Header)?;
        value.set_sensitive(true);
        if !RESERVED.contains(&name.as_str()) {
            headers.append(name, value);
        }
    }
    headers.insert(CONTENT_TYPE, FHIR_JSON);
    headers.insert(IDEMPOTENCY_KEY, parcel.idempotency_key.parse().map_err(|_| Refusal::Header)?);
    headers.insert(REQUEST_ID, parcel.request_id.parse().map_err(|_| Refusal::Header)?);
    Ok(headers)
}

fn no_answer(error: &reqwest::Error) -> Answer {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(this) = cause {
        if let Some(refusal) = this.downcast_ref::<Refusal>() {
            return Answer::Unsendable(*refusal);
        }
        cause = this.source();
    }
    Answer::Silence(if error.is_connect() {
        Silence::NoConnection
    } else if error.is_timeout() {
        Silence::Timeout
    } else {
        Silence::Broken
    })
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::super::receiver::{Payload, Wants};
    use super::*;

    fn receiver(headers: &[(&str, &str)]) -> Receiver {
        Receiver {
            reference: "Subscription/1".into(),
            organisation: "SE2321000016-0001".into(),
            address: Url::parse("https://ehr.example/hook").unwrap(),
            headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            payload: Payload::Empty,
            wants: Wants::default(),
        }
    }

    fn parcel(receiver: &Receiver) -> Parcel<'_> {
        Parcel { receiver, idempotency_key: "key".into(), request_id: "request".into(), body: "{}".into() }
    }

    #[test]
    fn a_channels_header_is_sent_but_can_not_change_ours() {
        let receiver = receiver(&[("Authorization", "Bearer x"), ("Idempotency-Key", "mine"), ("Host", "inside")]);
        let sent = headers(&parcel(&receiver)).unwrap();
        assert_eq!(sent["authorization"], "Bearer x");
        assert!(sent["authorization"].is_sensitive());
        assert_eq!(sent["idempotency-key"], "key");
        assert!(!sent.contains_key("host"));
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_refused_when_it_is_resolved() {
        let courier = Courier::new(Guard::default(), &Policy::default()).unwrap();
        let inside = Receiver { address: Url::parse("https://localhost/hook").unwrap(), ..receiver(&[]) };
        let answer = courier.handshake("b", &inside, "k", "2026-03-02T08:00:00Z".parse().unwrap()).await;
        assert_eq!(answer, Answer::Unsendable(Refusal::NotPublic));
    }

    #[test]
    fn a_header_with_a_line_break_is_refused() {
        assert_eq!(headers(&parcel(&receiver(&[("X-A", "1\r\nX-B: 2")]))), Err(Refusal::Header));
    }
}
