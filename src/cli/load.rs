//! `vardbro load --base URL --token T FILE|DIR...`: FHIR JSON examples into a running gateway, each with its own id.

use std::path::PathBuf;
use std::process::ExitCode;

use vardbro::demo::examples;

use super::{Outcome, print};

#[derive(clap::Args)]
pub struct Arguments {
    /// The gateway's FHIR base.
    #[arg(long, default_value = "http://127.0.0.1:8080/fhir")]
    base: String,
    /// A file with an access token that may write.
    #[arg(long)]
    token_file: PathBuf,
    /// Files or folders (an unpacked FHIR package too), searched for *.json; those who are referred to go first.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
}

pub async fn run(arguments: Arguments) -> Outcome {
    let token = std::fs::read_to_string(&arguments.token_file)
        .map_err(|fault| format!("{}: {fault}", arguments.token_file.display()))?;
    let mut examples = Vec::new();
    for path in &arguments.paths {
        let read = examples::read(path).map_err(|fault| format!("{}: {fault}", path.display()))?;
        examples.extend(read.resources);
    }
    let client = reqwest::Client::new();
    let (mut loaded, mut refused) = (0_usize, 0_usize);
    for example in &examples {
        let url = format!("{}/{}", arguments.base.trim_end_matches('/'), example.key);
        let sent = client
            .put(url)
            .bearer_auth(token.trim())
            .header("Content-Type", "application/fhir+json")
            .header("Prefer", "return=OperationOutcome")
            .body(example.document.text().to_owned())
            .send()
            .await
            .map_err(|fault| format!("the gateway does not answer: {}", fault.without_url()))?;
        if sent.status().is_success() {
            loaded += 1;
        } else {
            refused += 1;
            print(&format!("{}: {}\n", example.file.display(), sent.status()))?;
        }
    }
    print(&format!("{loaded} loaded, {refused} refused\n"))?;
    Ok(if refused == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
