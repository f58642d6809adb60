//! Validates again whenever something changes. The files' times are looked at now and then: that works on every system
//! and file system, and costs next to nothing.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use super::{Arguments, files, terminal};
use crate::cli::Outcome;

const PAUSE: Duration = Duration::from_millis(300);

/// When each file changed last, and how long it is.
type Seen = BTreeMap<PathBuf, Option<(SystemTime, u64)>>;

/// Does `round` now and after every change, until the process is ended.
pub fn run(arguments: &Arguments, round: impl Fn() -> Outcome) -> Outcome {
    loop {
        let seen = look(arguments);
        if let Err(why) = round() {
            terminal::fault(&why);
        }
        terminal::note(&format!("watching {} files; ctrl-c ends it", seen.len()));
        let changed = changed(arguments, &seen);
        terminal::note(&format!("{changed}; validating again"));
    }
}

/// Waits for a change, and says which.
fn changed(arguments: &Arguments, seen: &Seen) -> String {
    loop {
        std::thread::sleep(PAUSE);
        if let Some(change) = difference(seen, &look(arguments)) {
            return change;
        }
    }
}

fn difference(before: &Seen, now: &Seen) -> Option<String> {
    let told = |path: &PathBuf, what: &str| format!("{} {what}", path.display());
    let other = now.iter().find_map(|(path, mark)| match before.get(path) {
        Some(earlier) if earlier == mark => None,
        Some(_) => Some(told(path, "changed")),
        None => Some(told(path, "is new")),
    });
    other.or_else(|| before.keys().find(|path| !now.contains_key(*path)).map(|path| told(path, "is gone")))
}

fn look(arguments: &Arguments) -> Seen {
    let profiles = arguments.profile.iter().map(PathBuf::from).filter(|path| path.is_file());
    let inputs = files::gather(&arguments.files).inputs.into_iter().filter_map(|input| input.path);
    inputs.chain(profiles).map(|path| (mark(&path), path)).map(|(mark, path)| (path, mark)).collect()
}

fn mark(path: &std::path::Path) -> Option<(SystemTime, u64)> {
    let about = std::fs::metadata(path).ok()?;
    Some((about.modified().ok()?, about.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_an_arrival_and_a_departure_are_told() {
        let seen = |files: &[(&str, u64)]| -> Seen {
            files.iter().map(|(name, len)| (name.into(), Some((SystemTime::UNIX_EPOCH, *len)))).collect()
        };
        let before = seen(&[("a", 1), ("b", 1)]);
        assert_eq!(difference(&before, &before), None);
        assert_eq!(difference(&before, &seen(&[("a", 2), ("b", 1)])).as_deref(), Some("a changed"));
        assert_eq!(difference(&before, &seen(&[("a", 1), ("b", 1), ("c", 1)])).as_deref(), Some("c is new"));
        assert_eq!(difference(&before, &seen(&[("a", 1)])).as_deref(), Some("b is gone"));
    }
}
