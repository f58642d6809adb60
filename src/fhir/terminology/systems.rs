//! The code systems that no CodeSystem resource lists: grammars, short standard lists, and check digits.
//!
//! [Using UCUM](https://hl7.org/fhir/R4/ucum.html), [languages](https://hl7.org/fhir/R4/valueset-all-languages.html),
//! [MIME types](https://hl7.org/fhir/R4/valueset-mimetypes.html), [SNOMED CT](https://hl7.org/fhir/R4/snomedct.html),
//! [LOINC](https://hl7.org/fhir/R4/loinc.html).

mod check_digit;
mod language;
mod list;
mod mime;
mod ucum;

pub(super) use list::code_system;

/// How a system's codes are formed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grammar {
    Ucum,
    Language,
    Mime,
    Subdivision,
    Snomed,
    Loinc,
}

impl Grammar {
    /// The grammar of a system.
    pub(super) fn of(system: &str) -> Option<Self> {
        Some(match system {
            "http://unitsofmeasure.org" => Self::Ucum,
            "urn:ietf:bcp:47" => Self::Language,
            "urn:ietf:bcp:13" => Self::Mime,
            "urn:iso:std:iso:3166:-2" => Self::Subdivision,
            "http://snomed.info/sct" => Self::Snomed,
            "http://loinc.org" => Self::Loinc,
            _ => return None,
        })
    }

    /// Whether a code is one of the system's; `None` where only its form is right and the list of codes is not here.
    pub(super) fn has(self, code: &str) -> Option<bool> {
        let may = |is_formed: bool| if is_formed { None } else { Some(false) };
        match self {
            Self::Ucum => Some(ucum::is_code(code)),
            Self::Language => Some(language::is_tag(code)),
            Self::Mime => Some(mime::is_type(code)),
            Self::Subdivision => may(list::is_subdivision(code)),
            Self::Snomed => may(check_digit::is_snomed(code)),
            Self::Loinc => may(check_digit::is_loinc(code)),
        }
    }

    /// Whether the grammar alone tells every code.
    pub(super) fn is_whole(self) -> bool {
        matches!(self, Self::Ucum | Self::Language | Self::Mime)
    }
}

/// The system of a value set that is all of it by a rule of its URL: `http://snomed.info/sct?fhir_vs`,
/// `http://loinc.org/vs`; and of those of the specification that name a system of this module alone.
pub(super) fn of_value_set(url: &str) -> Option<&'static str> {
    Some(match url {
        "http://snomed.info/sct?fhir_vs" => "http://snomed.info/sct",
        "http://loinc.org/vs" => "http://loinc.org",
        "http://unitsofmeasure.org/vs" | "http://hl7.org/fhir/ValueSet/ucum-units" => "http://unitsofmeasure.org",
        "http://hl7.org/fhir/ValueSet/all-languages" => "urn:ietf:bcp:47",
        "http://hl7.org/fhir/ValueSet/mimetypes" => "urn:ietf:bcp:13",
        "http://hl7.org/fhir/ValueSet/currencies" => "urn:iso:std:iso:4217",
        _ => return None,
    })
}
