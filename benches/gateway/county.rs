//! The county that requests are about: two parties, a hälsocentral, units, and their enrolled patients.

use serde_json::Value;
use vardbro::access::Caller;
use vardbro::exchange::Gateway;

use super::setup::transact;
use super::texts::{self, KOMMUN, REGION};
use crate::measure::load::scattered;
use crate::measure::{Effort, Failure};

/// Medicines of each patient that is read and searched.
pub const MEDICINES: u64 = 8;

/// Patients in a unit.
pub const IN_A_UNIT: u64 = 30;

/// Patients whose medicines stay as they are, so that reads and searches find the same.
pub fn settled(effort: Effort) -> u64 {
    effort.of(200, 4)
}

/// Patients that medicines are added to.
pub fn growing(effort: Effort) -> u64 {
    effort.of(2000, 4)
}

/// A patient that medicines are added to.
pub fn any_growing(effort: Effort, number: u64) -> String {
    format!("g{}", scattered(number) % growing(effort))
}

/// A settled patient.
pub fn any_settled(effort: Effort, number: u64) -> String {
    format!("s{}", scattered(number) % settled(effort))
}

/// A medicine of a settled patient, by its id.
pub fn any_medicine(effort: Effort, number: u64) -> String {
    format!("{}-{}", any_settled(effort, number), scattered(number) % MEDICINES)
}

/// Loads the county through the gateway, as every other submission but that nobody is told.
pub async fn load(gateway: &Gateway, loader: &Caller, effort: Effort) -> Result<(), Failure> {
    let units = 1 + (growing(effort) + settled(effort)) / IN_A_UNIT;
    transact(gateway, loader, &texts::transaction(directory(units)), false).await?;
    let settled = (0..settled(effort)).map(|number| (format!("s{number}"), MEDICINES));
    let growing = (0..growing(effort)).map(|number| (format!("g{number}"), 0));
    let patients: Vec<(String, u64)> = settled.chain(growing).collect();
    for (bundle, some) in patients.chunks(20).enumerate() {
        let resources = some.iter().flat_map(|(id, medicines)| patient(id, bundle as u64 % units, *medicines));
        transact(gateway, loader, &texts::transaction(resources.collect()), false).await?;
    }
    Ok(())
}

/// The organisations and those who work there.
fn directory(units: u64) -> Vec<Value> {
    let mut all = parties();
    all.extend([
        texts::health_centre("hc"),
        texts::direct_number("direct", "hc"),
        texts::practitioner("physician"),
        texts::role("role", "physician", "hc"),
    ]);
    for number in 0..units {
        let unit = format!("u{number}");
        all.extend([texts::unit(&unit), texts::affiliation(&format!("a{number}"), &unit, "hc")]);
    }
    all
}

/// The region and the municipality.
pub fn parties() -> Vec<Value> {
    vec![
        texts::party("region", REGION, "region", ("urn:oid:1.2.752.129.2.2.1.18", "24")),
        texts::party("kommun", KOMMUN, "kommun", ("urn:oid:1.2.752.129.2.2.1.17", "2480")),
    ]
}

fn patient(id: &str, unit: u64, medicines: u64) -> Vec<Value> {
    let mut all = vec![texts::patient(id, "hc"), texts::enrolment(&format!("e-{id}"), id, &format!("u{unit}"), "hc")];
    for number in 0..medicines {
        let mut medicine = texts::medication(id, number);
        medicine["id"] = format!("{id}-{number}").into();
        all.push(medicine);
    }
    all
}
