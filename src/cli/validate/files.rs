//! The files that are asked for: as they are named, and those in folders, always in the same order.

use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Something to validate.
pub struct Input {
    /// How it is named in what is said of it.
    pub name: String,
    /// Where it is; `None` is standard input, whose bytes are `given`.
    pub path: Option<PathBuf>,
    given: Vec<u8>,
}

/// What was found.
#[derive(Default)]
pub struct Gathered {
    /// To be validated.
    pub inputs: Vec<Input>,
    /// Found in folders, and of a kind that is not read here: name and reason.
    pub skipped: Vec<(String, String)>,
    /// Asked for, and not to be had: name and reason.
    pub faults: Vec<(String, String)>,
    /// Whether a folder was among what is asked for.
    pub has_folder: bool,
}

/// No tree of real examples is deeper; one that is has links that lead in circles.
const DEEPEST: usize = 32;

const XML: &str = "XML is not supported; only FHIR JSON is validated";

impl Input {
    /// The bytes.
    ///
    /// # Errors
    /// The name, and why it can't be read.
    pub fn read(&self) -> Result<Vec<u8>, (String, String)> {
        match &self.path {
            Some(path) => std::fs::read(path).map_err(|fault| (self.name.clone(), fault.to_string())),
            None => Ok(self.given.clone()),
        }
    }

    fn at(path: &Path) -> Self {
        Self { name: path.display().to_string(), path: Some(path.to_owned()), given: Vec::new() }
    }
}

/// Finds the files behind the arguments.
pub fn gather(arguments: &[PathBuf]) -> Gathered {
    let mut gathered = Gathered::default();
    for argument in arguments {
        if argument.as_os_str() == "-" {
            gathered.standard_input();
        } else if argument.is_dir() {
            gathered.folder(argument);
        } else if has_extension(argument, "xml") {
            gathered.faults.push((argument.display().to_string(), XML.into()));
        } else {
            gathered.inputs.push(Input::at(argument));
        }
    }
    gathered
}

impl Gathered {
    fn standard_input(&mut self) {
        let mut given = Vec::new();
        match std::io::stdin().lock().read_to_end(&mut given) {
            Ok(_) => self.inputs.push(Input { name: "-".into(), path: None, given }),
            Err(fault) => self.faults.push(("-".into(), fault.to_string())),
        }
    }

    fn folder(&mut self, folder: &Path) {
        self.has_folder = true;
        let before = self.inputs.len();
        self.walk(folder, 0);
        if self.inputs.len() == before {
            self.faults.push((folder.display().to_string(), "no JSON file in this folder".into()));
        }
    }

    /// Everything in a folder by name; what begins with a full stop is not the user's, and `package.json` is a
    /// package's manifest.
    fn walk(&mut self, folder: &Path, depth: usize) {
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(fault) => return self.faults.push((folder.display().to_string(), fault.to_string())),
        };
        let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.sort();
        for path in paths.iter().filter(|path| !is_hidden(path)) {
            if path.is_dir() && depth < DEEPEST {
                self.walk(path, depth + 1);
            } else if has_extension(path, "json") {
                self.inputs.push(Input::at(path));
            } else if has_extension(path, "xml") {
                self.skipped.push((path.display().to_string(), XML.into()));
            }
        }
    }
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "package.json" || name.to_string_lossy().starts_with('.'))
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|it| it.eq_ignore_ascii_case(extension))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_gives_its_json_files_in_order_and_names_what_it_can_not_read() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.json", "a/z.json", "a/c.JSON", "x.xml", ".index.json", "package.json", "notes.txt"] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "{}").unwrap();
        }
        let gathered = gather(&[folder.path().to_owned()]);
        let names: Vec<_> = gathered.inputs.iter().map(|it| it.name.rsplit('/').next().unwrap()).collect();
        assert_eq!(names, ["c.JSON", "z.json", "b.json"]);
        assert!(gathered.skipped[0].0.ends_with("x.xml") && gathered.faults.is_empty());
    }

    #[test]
    fn a_folder_without_json_could_not_be_checked() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(gather(&[folder.path().to_owned()]).faults.len(), 1);
    }
}
