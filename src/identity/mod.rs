//! The numbers that name people and organisations in Sweden, as checked types that never show themselves.
//!
//! Each type is built only by the function that checked its text, keeps one notation (that of the national FHIR
//! systems: twelve characters, no separator), and gives it out only through `value()`: there is no `Display`, and
//! `Debug` says `redacted`. A number that can't be printed by accident does not end up in a log.
//!
//! Forms and systems: HL7 Sweden base 1.1.0 (`hl7se.fhir.base`), the OIDs of the RIV-TA code system list.

mod birth;
mod fault;
mod hsa_id;
mod luhn;
mod notation;
mod organisationsnummer;
mod person_id;
mod personnummer;
mod redaction;
mod reservnummer;
mod samordningsnummer;
pub mod systems;
#[cfg(test)]
mod testing;
mod text_form;

pub use self::fault::IdentityFault;
pub use self::hsa_id::HsaId;
pub use self::organisationsnummer::OrganisationsNumber;
pub use self::person_id::PersonId;
pub use self::personnummer::Personnummer;
pub use self::redaction::looks_personal;
pub use self::reservnummer::Reservnummer;
pub use self::samordningsnummer::Samordningsnummer;
pub use self::systems::PersonSystem;
