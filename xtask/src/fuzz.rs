//! Throws spoilt resources at the parser, the validator and FHIRPath: nothing may panic, hang or eat memory.
//!
//! Each input is made from valid resources by edits of the tree and of bytes. It depends on the seed and on its number
//! alone, so `--first NUMBER --count 1` makes one again.

mod edits;
mod random;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use vardbro::fhir::path::{Context, Expression, NoResolver};
use vardbro::fhir::tree::Limits;
use vardbro::fhir::{Definitions, Document, Library};
use vardbro::validate::{Setting, resource};

use random::Random;

/// An input that takes longer is a finding.
const SLOW: Duration = Duration::from_secs(1);
/// More memory in kB, of all that the process ever had, is a finding.
const MEMORY: u64 = 200_000;
/// Larger files of the corpus are left out: many small inputs find more than few large ones.
const LARGEST: usize = 16_000;
/// After so many inputs, the memory is looked at and the progress told.
const STRIDE: u64 = 100_000;

#[derive(clap::Args)]
pub struct Options {
    /// How many inputs.
    #[arg(long, default_value_t = 1_000_000)]
    count: u64,
    /// What the inputs are made from: another seed, other inputs.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The number of the first input.
    #[arg(long, default_value_t = 0)]
    first: u64,
    /// A folder of valid resources besides those of the repository, as the unpacked package of R4's examples.
    #[arg(long)]
    corpus: Option<PathBuf>,
    /// Where an input is kept that panicked or was slow.
    #[arg(long, default_value = "target/fuzz-finding.json")]
    finding: PathBuf,
}

/// What came of the inputs.
#[derive(Default)]
struct Tally {
    parsed: u64,
    valid: u64,
    bytes: u64,
    slowest: Duration,
}

struct Fuzzer {
    corpus: Vec<Document>,
    expressions: Vec<String>,
    library: Library,
    seed: u64,
}

pub fn run(options: &Options) -> Result<(), String> {
    let fuzzer = Fuzzer::new(options)?;
    eprintln!(
        "{} resources and {} expressions to begin from, {} kB of memory",
        fuzzer.corpus.len(),
        fuzzer.expressions.len(),
        memory()
    );
    let (start, mut tally) = (now(), Tally::default());
    for number in options.first..options.first + options.count {
        let input = fuzzer.input(number);
        fuzzer.check(number, &input, &mut tally).map_err(|why| keep(&options.finding, &input, number, &why))?;
        if (number + 1) % STRIDE == 0 {
            if memory() > MEMORY {
                return Err(keep(&options.finding, &input, number, &format!("{} kB of memory", memory())));
            }
            told(number + 1 - options.first, start, &tally);
        }
    }
    told(options.count, start, &tally);
    Ok(())
}

fn told(count: u64, start: Instant, tally: &Tally) {
    let Tally { parsed, valid, bytes, slowest } = tally;
    let elapsed = start.elapsed();
    eprintln!(
        "{count} inputs of {bytes} bytes in {elapsed:.0?}: {parsed} were JSON, {valid} valid; slowest {slowest:.1?}, {} kB of memory at most",
        memory()
    );
}

fn keep(path: &Path, input: &[u8], number: u64, why: &str) -> String {
    let kept =
        fs::write(path, input).map_or_else(|fault| format!("not kept: {fault}"), |()| path.display().to_string());
    format!("input {number}: {why} ({kept})")
}

impl Fuzzer {
    fn new(options: &Options) -> Result<Self, String> {
        let profiles = ["profiles/CodeSystem", "profiles/ValueSet", "profiles/StructureDefinition"];
        let definitions: Vec<_> = profiles.iter().flat_map(|folder| documents(Path::new(folder), usize::MAX)).collect();
        let mut corpus = documents_below(Path::new("fixtures"), 3);
        corpus.extend(options.corpus.iter().flat_map(|folder| documents(folder, LARGEST)));
        if corpus.is_empty() {
            return Err("there is nothing to begin from: start in the repository's folder".into());
        }
        let types = Definitions::r4().types().iter();
        let expressions = types.flat_map(|def| &def.constraints).map(|it| it.expression.clone()).collect();
        Ok(Self { corpus, expressions, library: Library::over(Library::embedded(), definitions), seed: options.seed })
    }

    /// The input of a number.
    fn input(&self, number: u64) -> Vec<u8> {
        let mut random = Random::new(self.seed, number);
        let mut text = random.of(&self.corpus).map(|it| it.text().to_owned()).unwrap_or_default();
        for _ in 0..random.below(4) {
            let other = random.of(&self.corpus);
            text = edits::tree(&text, other, &mut random).unwrap_or(text);
        }
        let mut bytes = text.into_bytes();
        if random.below(4) == 0 {
            edits::bytes(&mut bytes, &mut random);
        }
        bytes
    }

    fn check(&self, number: u64, input: &[u8], tally: &mut Tally) -> Result<(), String> {
        let begun = now();
        let answer = catch_unwind(AssertUnwindSafe(|| self.judge(number, input)));
        let took = begun.elapsed();
        let (is_parsed, is_valid) = answer.map_err(|_| "a panic".to_owned())?;
        tally.parsed += u64::from(is_parsed);
        tally.valid += u64::from(is_valid);
        tally.bytes += input.len() as u64;
        tally.slowest = tally.slowest.max(took);
        if took > SLOW { Err(format!("took {took:.1?}")) } else { Ok(()) }
    }

    /// Parses, validates and now and then evaluates an expression: whether it was JSON, and valid.
    fn judge(&self, number: u64, input: &[u8]) -> (bool, bool) {
        let Ok(document) = Document::parse_bytes(input, Limits::default()) else { return (false, false) };
        let must_support = number % 2 == 0;
        let setting = Setting { must_support, ..Setting::new(&self.library, jiff::Timestamp::UNIX_EPOCH) };
        let is_valid = resource(&document, &setting).is_valid();
        let mut random = Random::new(self.seed ^ 1, number);
        if let Some(text) = random.of(&self.expressions).filter(|_| number % 16 == 0) {
            let mut text = text.clone().into_bytes();
            edits::bytes(&mut text, &mut random);
            let context = Context { resource: document.root(), now: setting.now, resolver: &NoResolver };
            let expression = Expression::parse(&String::from_utf8_lossy(&text));
            let _ =
                expression.map(|expression| expression.evaluate(&context, document.root()).map(|items| items.len()));
        }
        (true, is_valid)
    }
}

/// The JSON files of a folder, in the order of their names, up to a size.
fn documents(folder: &Path, largest: usize) -> Vec<Document> {
    let mut paths: Vec<_> = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let texts = paths.iter().filter_map(|path| fs::read_to_string(path).ok()).filter(|text| text.len() <= largest);
    let documents = texts.filter_map(|text| Document::parse(text).ok());
    documents.filter(|document| document.root().get("resourceType").is_some()).collect()
}

/// Those of a folder and of the folders in it, so deep.
fn documents_below(folder: &Path, depth: usize) -> Vec<Document> {
    let mut found = documents(folder, LARGEST);
    let mut paths: Vec<_> = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    if depth > 0 {
        found.extend(paths.iter().filter(|path| path.is_dir()).flat_map(|path| documents_below(path, depth - 1)));
    }
    found
}

/// The most memory that this process had, in kB, as Linux tells it.
fn memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or_default()
}

#[expect(clippy::disallowed_methods, reason = "a tool measures with its own clock")]
fn now() -> Instant {
    Instant::now()
}
