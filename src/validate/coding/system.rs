//! A Coding in its own system, whatever its binding: the system is a URL, it has the code, the display is its own
//! ([Coding](https://hl7.org/fhir/R4/datatypes.html#Coding)).

use crate::fhir::library::DefinitionKind;
use crate::fhir::terminology::{CodeSystem, ConceptRef, Content, Status};
use crate::fhir::{Library, NodeRef};

use crate::validate::rules::{
    CODE_ABSTRACT, CODE_INACTIVE, CODE_NOT_IN_SYSTEM, CODE_SYSTEM_IS_SUPPLEMENT, CODE_SYSTEM_IS_VALUE_SET,
    CODE_SYSTEM_RELATIVE, CODE_SYSTEM_UNKNOWN, DISPLAY_NOT_OWN, DISPLAY_WRONG, USER_SELECTED_SEVERAL,
};
use crate::validate::suggest;

use super::{Desk, Form, Said};

/// In systems that are larger no code is looked for that may have been meant.
const MOST_SUGGESTED_FROM: usize = 2_000;

/// Checks a Coding or the unit of a Quantity; of a CodeableConcept its Codings are checked where they stand.
pub fn check(value: NodeRef<'_>, form: Form, desk: &mut Desk<'_>) {
    match form {
        Form::Coding | Form::Quantity => one(value, form, desk),
        Form::Concept => selected(value, desk),
        Form::Code | Form::Text => {}
    }
}

fn one(node: NodeRef<'_>, form: Form, desk: &mut Desk<'_>) {
    if let Some(system) = node.get("system").filter(|it| it.as_str().is_some_and(|text| !is_absolute(&text))) {
        return desk.issues.raise(
            &CODE_SYSTEM_RELATIVE,
            system,
            "The system of a code is the absolute URL of a code system; give the whole URL.",
            "system för en kod är ett kodsystems absoluta URL; ange hela URL:en.",
        );
    }
    let Some(said) = Said::by(node).filter(|said| said.system.is_some()) else { return };
    let library = desk.library;
    match library.status(&said.coded()) {
        Status::Concept(system, concept) => {
            in_use(&said, concept, desk);
            if form == Form::Coding {
                shown(&said, system, concept, desk);
            }
        }
        Status::Formed => {}
        Status::Missing(system) => missing(&said, system, desk),
        Status::Unknown => unknown(&said, desk),
    }
}

/// `scheme:...`; what begins with `#` is an id inside the resource.
fn is_absolute(url: &str) -> bool {
    url.split_once(':').is_some_and(|(scheme, rest)| {
        let is_scheme = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
        !rest.is_empty() && scheme.bytes().all(is_scheme) && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
    })
}

fn in_use(said: &Said<'_>, concept: ConceptRef<'_>, desk: &mut Desk<'_>) {
    if concept.is_abstract() {
        desk.issues.raise(
            &CODE_ABSTRACT,
            said.place(),
            "In its system this code only groups others and is no value; use one of those below it.",
            "I sitt kodsystem grupperar denna kod endast andra och är inget värde; använd någon under den.",
        );
    }
    if concept.is_inactive() || concept.is_deprecated() {
        desk.issues.raise(
            &CODE_INACTIVE,
            said.place(),
            "In its system this code is in use no more; use the one that replaces it.",
            "I sitt kodsystem används denna kod inte längre; använd den som ersätter den.",
        );
    }
}

/// The display is one of the code's own. Where the content holds all words there are, in the language of the resource,
/// another one is an error: code and display may say different things, and people read the display.
fn shown(said: &Said<'_>, system: &CodeSystem, concept: ConceptRef<'_>, desk: &mut Desk<'_>) {
    let Some(display) = said.display.as_deref() else { return };
    if desk.library.display_fits(&said.coded(), concept, display) != Some(false) {
        return;
    }
    let is_settled = system.content == Content::Complete
        && concept.designations().all(|(language, _)| language.is_empty() || language.starts_with("en"))
        && desk.library.supplements(&system.url).next().is_none()
        && speaks_english(said.node);
    let own = concept.display();
    desk.issues.raise(
        if is_settled { &DISPLAY_NOT_OWN } else { &DISPLAY_WRONG },
        said.node.get("display").unwrap_or(said.node),
        format!("The code is called \"{own}\" in its system; correct the display, or the code if that was meant."),
        format!("Koden heter \"{own}\" i sitt kodsystem; rätta display, eller koden om den menades."),
    );
}

/// Whether the resource says that it is in English; without a word on that, a display may be a translation.
fn speaks_english(node: NodeRef<'_>) -> bool {
    let mut outer = std::iter::successors(Some(node), NodeRef::parent);
    let language = outer.find_map(|it| it.get("resourceType").and_then(|_| it.str_at("language")));
    language.is_some_and(|language| language.starts_with("en"))
}

fn missing(said: &Said<'_>, system: Option<&CodeSystem>, desk: &mut Desk<'_>) {
    let known = system.filter(|system| system.len() <= MOST_SUGGESTED_FROM && !desk.issues.is_full());
    let nearest = known.and_then(|system| suggest::nearest(&said.code, system.concepts().map(ConceptRef::code)));
    let url = said.system.as_deref().unwrap_or_default();
    let (mut english, mut swedish) = match system {
        Some(_) => {
            (format!("The code system {url} does not have this code"), format!("Kodsystemet {url} har inte denna kod"))
        }
        None => (
            format!("By the rules of the code system {url} this is no code of it"),
            format!("Enligt reglerna för kodsystemet {url} är detta ingen kod i det"),
        ),
    };
    match nearest {
        Some(nearest) => {
            english.push_str(&format!("; did you mean {nearest}?"));
            swedish.push_str(&format!("; menades {nearest}?"));
        }
        None => {
            english.push_str("; correct the code or its system.");
            swedish.push_str("; rätta koden eller dess system.");
        }
    }
    desk.issues.raise(&CODE_NOT_IN_SYSTEM, said.place(), english, swedish);
}

/// What the URL names, if it names no code system at hand; the first code of it tells.
fn unknown(said: &Said<'_>, desk: &mut Desk<'_>) {
    let url = said.system.as_deref().unwrap_or_default();
    let place = said.node.get("system").unwrap_or(said.node);
    if desk.library.code_system(url).is_some_and(CodeSystem::is_supplement) {
        return desk.issues.raise(
            &CODE_SYSTEM_IS_SUPPLEMENT,
            place,
            format!("{url} only adds to another code system and has no codes of its own; give the system that it adds to."),
            format!("{url} kompletterar endast ett annat kodsystem och har inga egna koder; ange systemet som det kompletterar."),
        );
    }
    if is_value_set(url, desk.library) {
        return desk.issues.raise(
            &CODE_SYSTEM_IS_VALUE_SET,
            place,
            format!("{url} is a value set; give the code system that the code is from."),
            format!("{url} är en värdemängd; ange kodsystemet som koden är ur."),
        );
    }
    let canonical = match &said.version {
        Some(version) => format!("{url}|{version}"),
        None => url.to_owned(),
    };
    let asked = desk.asks.then(|| said.question("", false));
    if desk.told.first(&format!("system {canonical}")) {
        desk.issues.raise_asking(
            &CODE_SYSTEM_UNKNOWN,
            place,
            format!("The codes of {canonical} are not at hand, or only a part of them, so they were not checked."),
            format!(
                "Koderna i {canonical} finns inte tillgängliga, eller endast en del, och kontrollerades därför inte."
            ),
            asked,
        );
    } else {
        asked.into_iter().for_each(|question| desk.issues.ask_again(question));
    }
}

fn is_value_set(url: &str, library: &Library) -> bool {
    library.code_system(url).is_none() && !library.versions(DefinitionKind::ValueSet, url).is_empty()
}

/// Of the Codings of a concept, one at most is the one that the user chose.
fn selected(concept: NodeRef<'_>, desk: &mut Desk<'_>) {
    let is_selected = |it: &NodeRef<'_>| it.get("userSelected").and_then(|it| it.as_bool()) == Some(true);
    if let Some(second) = concept.list("coding").filter(is_selected).nth(1) {
        desk.issues.raise(
            &USER_SELECTED_SEVERAL,
            second,
            "Several codings say that the user chose them; leave userSelected on the one that was chosen.",
            "Flera kodningar säger att användaren valde dem; behåll userSelected på den som valdes.",
        );
    }
}
