//! Compiles the FHIR R4 definitions into the table that the library embeds.
//!
//! The package carries HL7's own files, but some were amended (elements of later versions, elements of its maker).
//! `elements` takes those out again by holding them against HL7's data elements, which were left alone.

mod codes;
mod elements;
mod package;
mod search;
mod types;

use std::fs;
use std::path::Path;

use vardbro::fhir::definitions::{Table, TypeKind};

use self::elements::R4Elements;
use self::package::Package;

/// Reads the package and writes the table and the note on where it comes from.
pub fn run(package: &Path, out: &Path) -> Result<(), String> {
    let mut package = Package::open(package)?;
    let data_elements = package.resources("dataelements.json")?;
    let mut structures = package.resources("profiles-types.json")?;
    structures.extend(package.resources("profiles-resources.json")?);
    let types = types::compile(&structures, &R4Elements::read(&data_elements))?;
    let concrete = types.iter().filter(|def| def.kind == TypeKind::Resource && !def.is_abstract);
    let resource_types: Vec<String> = concrete.map(|def| def.name.clone()).collect();
    let searches = search::compile(&package.resources("search-parameters.json")?)?;
    let compartment = search::compartment(&package.json("compartmentdefinition-patient.json")?);
    let mut terminology = package.resources("valuesets.json")?;
    terminology.extend(package.resources("v3-codesystems.json")?);
    terminology.extend(package.resources("v2-tables.json")?);
    let code_sets = codes::compile(&types, &terminology);
    let table = Table {
        resource_types: resource_types.iter().map(String::as_str).collect(),
        searches: searches.iter().map(|(base, parameters)| (base.as_str(), parameters.clone())).collect(),
        patient_compartment: borrowed(&compartment),
        types,
        code_sets,
    };
    let bytes = table.to_bytes().map_err(|fault| format!("the table can't be written: {fault}"))?;
    write(&out.join("r4.bin"), &bytes)?;
    write(&out.join("SOURCES.md"), package.sources(&bytes).as_bytes())
}

fn borrowed(compartment: &[(String, Vec<String>)]) -> Vec<(&str, Vec<&str>)> {
    compartment.iter().map(|(name, codes)| (name.as_str(), codes.iter().map(String::as_str).collect())).collect()
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    fs::write(path, bytes).map_err(|fault| format!("{} can't be written: {fault}", path.display()))
}
