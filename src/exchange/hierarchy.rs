//! Who an organisation belongs to: unit -> kommun, hälsocentral -> region.

use crate::concept::systems::LM;
use crate::fhir::Document;
use crate::identity::systems::{HSA_ID, HSA_ID_INERA};

use super::neighbourhood::Neighbourhood;

/// The systems that an HSA-id comes in: HL7 Sweden's and Inera's, one space of values.
pub const HSA_SYSTEMS: [&str; 2] = [HSA_ID, HSA_ID_INERA];
const CAREGIVER: (&str, &str) = ("http://snomed.info/sct", "143591000052106");

/// Organisations nest three deep at most here; a circle must not hold us.
const MOST_STEPS: usize = 6;

/// The vårdgivare, or the omsorgsgivare, that an organisation (by reference) is, or is part of.
pub fn caregiver(organisation: &str, around: &Neighbourhood) -> Option<String> {
    ancestors(organisation, around).find(|reference| around.get(reference).is_some_and(is_caregiver))
}

/// The HSA-id of an organisation (by reference).
pub fn hsa_id(organisation: &str, around: &Neighbourhood) -> Option<String> {
    around.get(organisation).and_then(hsa_id_of)
}

/// The HSA-id that a resource carries as identifier.
pub fn hsa_id_of(document: &Document) -> Option<String> {
    let is_hsa = |system: Option<std::borrow::Cow<'_, str>>| system.is_some_and(|s| HSA_SYSTEMS.contains(&s.as_ref()));
    let identifier = document.root().list("identifier").find(|i| is_hsa(i.str_at("system")))?;
    identifier.str_at("value").map(|value| value.into_owned())
}

/// Whether an Organization has a type code of ours, as `kommun` or `region`.
pub fn has_type(document: &Document, code: &str) -> bool {
    has_coding(document, (LM, code))
}

/// Social services are told apart from the same kommun's health care (SFS 2022:913 1 kap. 3 §).
fn is_caregiver(document: &Document) -> bool {
    has_coding(document, CAREGIVER) || has_type(document, "omsorgsgivare")
}

fn has_coding(document: &Document, (system, code): (&str, &str)) -> bool {
    document
        .root()
        .list("type")
        .flat_map(|t| t.list("coding"))
        .any(|c| c.str_at("system").as_deref() == Some(system) && c.str_at("code").as_deref() == Some(code))
}

/// An organisation and those it is part of, nearest first.
pub fn ancestors<'a>(organisation: &str, around: &'a Neighbourhood) -> impl Iterator<Item = String> + use<'a> {
    let parent = |reference: &String| {
        let document = around.get(reference)?;
        document.root().at(&["partOf", "reference"])?.as_str().map(|r| r.into_owned())
    };
    std::iter::successors(Some(organisation.to_owned()), parent).take(MOST_STEPS)
}
