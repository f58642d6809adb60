//! `vardbro map FILE [--as CONCEPT|rivta] [--to fhir|concept]`

use std::path::PathBuf;
use std::process::ExitCode;

use vardbro::clock::{Clock as _, SystemClock};
use vardbro::concept::formats::rivta;
use vardbro::concept::{self, Concept, ConceptKind};
use vardbro::entropy::{Entropy as _, SystemEntropy};
use vardbro::fhir::{Document, Issue};

use super::{Outcome, print};

#[derive(clap::Args)]
pub struct Arguments {
    /// Concept JSON, a RIV-TA response, or a FHIR Bundle.
    file: PathBuf,
    /// What the file is: a concept's name, or `rivta`.
    #[arg(long = "as", default_value = "medication-list")]
    form: String,
    /// What to print.
    #[arg(long, value_enum, default_value_t = To::Fhir)]
    to: To,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum To {
    /// A transaction Bundle.
    Fhir,
    /// Concept JSON.
    Concept,
}

pub fn run(arguments: &Arguments) -> Outcome {
    let bytes = std::fs::read(&arguments.file).map_err(|fault| format!("{}: {fault}", arguments.file.display()))?;
    let text = String::from_utf8(bytes).map_err(|_| "the file is not UTF-8".to_owned())?;
    let (concepts, issues) = match read(arguments, &text)? {
        Ok(read) => read,
        Err(faults) => {
            tell(&faults);
            return Ok(ExitCode::from(1));
        }
    };
    tell(&issues);
    for concept in concepts {
        match arguments.to {
            To::Concept => print(&format!("{}\n", concept.to_json()))?,
            To::Fhir => {
                let mapped = concept.to_fhir(&mut || SystemEntropy.uuid());
                tell(&mapped.issues);
                print(&format!("{:#}\n", mapped.bundle))?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

type Read = Result<(Vec<Concept>, Vec<Issue>), Vec<Issue>>;

fn read(arguments: &Arguments, text: &str) -> Result<Read, String> {
    if arguments.form == "rivta" {
        let request = rivta::Request { patient: None, complete: false, now: SystemClock::new().now() };
        let read = rivta::medication_history(text.as_bytes(), &request);
        return Ok(read.map(|(list, issues)| (vec![Concept::MedicationList(Box::new(list))], issues)));
    }
    let kind = ConceptKind::parse(&arguments.form).ok_or_else(|| {
        let known: Vec<_> = ConceptKind::ALL.iter().map(|kind| kind.as_str()).collect();
        format!("--as {}: there is no such concept; there are {} and rivta", arguments.form, known.join(", "))
    })?;
    let is_fhir = Document::parse(text).is_ok_and(|document| document.root().get("resourceType").is_some());
    if is_fhir {
        let document = Document::parse(text).map_err(|_| "the file is not JSON".to_owned())?;
        return Ok(concept::from_fhir(kind, &document));
    }
    Ok(concept::read_with_warnings(kind, text).map(|(concept, issues)| (vec![concept], issues)))
}

fn tell(issues: &[Issue]) {
    use std::io::Write as _;
    for issue in issues {
        // Nobody is left to tell when standard error is gone.
        let _ = writeln!(std::io::stderr(), "{issue} {}", issue.place.pointer);
    }
}
