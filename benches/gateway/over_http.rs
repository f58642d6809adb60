//! The same and more over HTTP: the server on loopback, the load generator beside it.

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use reqwest::{Client, RequestBuilder, StatusCode};
use tokio::runtime::Handle;

use super::in_process::whole_list;
use super::setup::Running;
use super::{county, texts};
use crate::measure::load::Figure;
use crate::measure::table::Table;
use crate::measure::{Effort, Failure};

/// Connections at once.
const CONNECTIONS: usize = 64;

/// Creates, reads, searches, validations and transactions.
pub async fn measure(running: &Running, load: &Handle, effort: Effort, table: &mut Table) -> Result<(), Failure> {
    table.heading(format!("over HTTP with a token, {CONNECTIONS} connections"));
    let bench = Bench { client: client()?, base: running.base.clone(), authorization: running.authorization.clone() };
    let figure = bench.run(running, load, effort, move |bench, number| {
        let patient = county::any_growing(effort, number);
        bench.post("MedicationStatement", texts::medication(&patient, number).to_string())
    });
    let (figure, note) = figure.await?;
    table.noted("create of a 2 kB MedicationStatement", figure, note);
    let figure = bench.run(running, load, effort, move |bench, number| {
        bench.get(&format!("MedicationStatement/{}", county::any_medicine(effort, number)))
    });
    let (figure, note) = figure.await?;
    table.noted("read, its audit entry on disk", figure, note);
    let figure = bench.run(running, load, effort, move |bench, number| {
        bench.get(&format!("MedicationStatement?patient=Patient/{}", county::any_settled(effort, number)))
    });
    let (figure, note) = figure.await?;
    table.noted("search of one patient's 8 MedicationStatements", figure, note);
    let figure = bench.run(running, load, effort, move |bench, number| {
        bench.post("MedicationStatement/$validate", texts::medication("s1", number).to_string())
    });
    let (figure, note) = figure.await?;
    table.noted("$validate of a 2 kB MedicationStatement", figure, note);
    let figure =
        bench.run(running, load, effort, move |bench, number| bench.post("", whole_list(effort, number).to_string()));
    let (figure, note) = figure.await?;
    table.noted("transaction of 20 resources", figure, note);
    Ok(())
}

fn client() -> Result<Client, Failure> {
    Ok(Client::builder().no_proxy().pool_max_idle_per_host(CONNECTIONS).build()?)
}

#[derive(Clone)]
struct Bench {
    client: Client,
    base: String,
    authorization: String,
}

impl Bench {
    async fn run<F>(
        &self,
        running: &Running,
        load: &Handle,
        effort: Effort,
        request: F,
    ) -> Result<(Figure, String), Failure>
    where
        F: Fn(&Self, u64) -> RequestBuilder + Clone + Send + Sync + 'static,
    {
        let bench = self.clone();
        let once = move |number| answered(request(&bench, number));
        running.measure(load, CONNECTIONS, effort, once).await
    }

    fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}/{path}", self.base)).header(AUTHORIZATION, &self.authorization)
    }

    fn post(&self, path: &str, body: String) -> RequestBuilder {
        let request = self.client.post(format!("{}/{path}", self.base)).body(body);
        request.header(AUTHORIZATION, &self.authorization).header(CONTENT_TYPE, "application/fhir+json")
    }
}

async fn answered(request: RequestBuilder) -> Result<(), Failure> {
    let response = request.send().await?;
    let (status, body) = (response.status(), response.bytes().await?);
    match status {
        StatusCode::OK | StatusCode::CREATED => Ok(()),
        other => Err(format!("{other}: {}", String::from_utf8_lossy(&body)).into()),
    }
}
