//! DrugChoiceType: what is taken, told in one of five ways.

use super::element::El;
use super::values::{coded, number, words};
use super::words::{DRUG_CHOICE, DRUG_CODE, DRUG_UNKNOWN};
use crate::concept::medication_list::Drug;
use crate::concept::parts::{Coded, Quantity};
use crate::concept::systems::{ATC, NPL, NPL_PACK};

/// The OID under which RIV-TA writes ATC codes.
const ATC_OID: &str = "urn:oid:1.2.752.129.2.2.3.1.1";

/// What a record tells of.
pub(super) enum Choice {
    /// A medicine, and the way in which it is given.
    Medicine(Box<Drug>, Option<Coded>),
    /// Merchandise: needles, dressings.
    Merchandise,
}

/// Reads the choice; `None` when it is none or can't be read (an error was noted).
pub(super) fn choice(el: El<'_>) -> Option<Choice> {
    let ways = ["unstructuredDrugInformation", "merchandise", "drugArticle", "drug", "generics"];
    let told: Vec<_> = ways.iter().filter_map(|way| Some((*way, el.get(way)?))).collect();
    let [(way, told)] = told.as_slice() else {
        el.note(&DRUG_CHOICE);
        return None;
    };
    let (drug, route) = match *way {
        "merchandise" => return Some(Choice::Merchandise),
        "unstructuredDrugInformation" => (unstructured(*told), None),
        "drugArticle" => (article(*told), None),
        "drug" => (product(*told), told.get("routeOfAdministration").and_then(coded)),
        _ => (generics(*told), None),
    };
    let is_known = drug.text.is_some() || drug.atc.is_some() || drug.npl_id.is_some() || drug.npl_pack_id.is_some();
    if !is_known {
        told.note(&DRUG_UNKNOWN);
        return None;
    }
    Some(Choice::Medicine(Box::new(drug), route))
}

fn unstructured(el: El<'_>) -> Drug {
    Drug { text: el.required_text("unstructuredInformation"), ..Drug::default() }
}

fn article(el: El<'_>) -> Drug {
    let (npl_pack_id, text) = el.required("nplPackId").map_or((None, None), |pack| product_code(pack, NPL_PACK));
    Drug { text, npl_pack_id, ..Drug::default() }
}

fn product(el: El<'_>) -> Drug {
    let (npl_id, text) = el.get("nplId").map_or((None, None), |id| product_code(id, NPL));
    let (atc, substance) = el.get("atcCode").map_or((None, None), atc_code);
    // A substance without an ATC code is only words; they must not be lost where there are no others.
    let (substance, spare) = if atc.is_some() { (substance, None) } else { (None, substance) };
    Drug {
        text: text.or(spare),
        npl_id,
        atc,
        substance,
        form: el.text_of("pharmaceuticalForm"),
        strength: el.get("strength").and_then(number).map(|value| {
            let unit = el.text_of("strengthUnit");
            Quantity { value, unit, ucum: None }
        }),
        ..Drug::default()
    }
}

fn generics(el: El<'_>) -> Drug {
    let strength = el.get("strength").and_then(|strength| {
        let value = strength.required("value").and_then(number)?;
        Some(Quantity { value, unit: strength.text_of("unit"), ucum: None })
    });
    Drug { text: el.required_text("substance"), form: el.text_of("form"), strength, ..Drug::default() }
}

/// An NPL code and its words. Some sources send the words alone, or a code of another system: words are all that is
/// safe to take then.
fn product_code(el: El<'_>, system: &str) -> (Option<String>, Option<String>) {
    let Some(told) = coded(el) else { return (None, None) };
    let fits = told.system.as_deref() == Some(system) && told.code.as_deref().is_some_and(is_npl);
    if !fits && told.code.is_some() {
        el.note(&DRUG_CODE);
    }
    let text = told.text.clone().or_else(|| told.display.clone());
    if fits { (told.code, text) } else { (None, words(&told)) }
}

fn atc_code(el: El<'_>) -> (Option<String>, Option<String>) {
    let Some(told) = coded(el) else { return (None, None) };
    let known = matches!(told.system.as_deref(), Some(ATC_OID | ATC));
    let fits = known && told.code.as_deref().is_some_and(is_atc);
    if !fits && told.code.is_some() {
        el.note(&DRUG_CODE);
    }
    if fits { (told.code, told.display.or(told.text)) } else { (None, words(&told)) }
}

fn is_npl(code: &str) -> bool {
    code.len() <= 20 && code.bytes().all(|byte| byte.is_ascii_digit())
}

/// `A`, `A10`, `A10B`, `A10BA`, `A10BA02`.
fn is_atc(code: &str) -> bool {
    let form = "A00AA00";
    let fits = |(byte, form): (u8, u8)| {
        if form == b'A' { byte.is_ascii_uppercase() } else { byte.is_ascii_digit() }
    };
    matches!(code.len(), 1 | 3 | 4 | 5 | 7) && code.bytes().zip(form.bytes()).all(fits)
}
