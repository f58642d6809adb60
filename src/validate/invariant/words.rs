//! What to change where an invariant is broken, in English and in Swedish.
//!
//! The specification's own words tell what must hold, in English; these tell what to do. An invariant that is not here
//! is told with the definition's words.

mod data_types;
mod definitions;
mod resources;

/// Key, the types whose invariant it is (the beginning of their names; keys are not unique in R4), English, Swedish.
/// No full stop at the end: the key follows.
type Words = (&'static str, &'static str, &'static str, &'static str);

/// How the definitions begin to say what some thirty types ask of their names, each with a key of its own.
const MACHINE_NAME: &str = "Name should be usable as an identifier for the module";

/// The words for an invariant of a type.
pub fn of(key: &str, type_name: &str, human: &str) -> (String, String) {
    let tables = [data_types::WORDS, resources::WORDS, definitions::WORDS];
    let fits = |it: &&Words| it.0 == key && type_name.starts_with(it.1);
    if let Some((.., english, swedish)) = tables.into_iter().flatten().find(fits) {
        return ((*english).to_owned(), (*swedish).to_owned());
    }
    if human.starts_with(MACHINE_NAME) {
        let english = "Write name as an identifier: a capital letter, then letters, digits and _";
        return (
            english.into(),
            "Skriv name som en identifierare: stor bokstav först, sedan bokstäver, siffror och _".into(),
        );
    }
    let human = human.trim().trim_end_matches('.');
    (human.to_owned(), format!("Ett villkor i definitionen är inte uppfyllt; den säger på engelska: {human}"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::fhir::Definitions;
    use crate::fhir::definitions::{TypeDef, TypeKind};
    use crate::validate::invariant::native::is_native;

    use super::*;

    fn keys_of(def: &TypeDef) -> BTreeSet<&str> {
        let of_elements = def.elements.iter().flat_map(|element| &element.constraints);
        def.constraints.iter().chain(of_elements).map(|it| it.key.as_str()).filter(|key| !is_native(key)).collect()
    }

    fn has_words(key: &str, def: &TypeDef) -> bool {
        let of_elements = def.elements.iter().flat_map(|element| &element.constraints);
        let mut same_key = def.constraints.iter().chain(of_elements).filter(|it| it.key == key);
        same_key.all(|it| !of(key, &def.name, &it.human).1.contains("på engelska"))
    }

    #[test]
    fn every_invariant_of_r4_has_words_of_ours() {
        let all = Definitions::r4().types().iter().filter(|def| def.kind != TypeKind::Primitive);
        let without: BTreeSet<String> = all
            .flat_map(|def| keys_of(def).into_iter().map(move |key| (key, def)))
            .filter(|(key, def)| !has_words(key, def))
            .map(|(key, def)| format!("{key} of {}", def.name))
            .collect();
        assert!(without.is_empty(), "{without:#?}");
    }

    #[test]
    fn every_entry_is_of_an_invariant_that_a_type_has() {
        for (key, prefix, english, swedish) in
            [data_types::WORDS, resources::WORDS, definitions::WORDS].into_iter().flatten()
        {
            let mut types = Definitions::r4().types().iter().filter(|def| def.name.starts_with(prefix));
            assert!(types.any(|def| keys_of(def).contains(key)), "{key} of {prefix}");
            assert!(!english.ends_with('.') && !swedish.ends_with('.') && !swedish.is_empty(), "{key}");
        }
    }

    #[test]
    fn what_is_not_in_the_table_is_told_in_the_words_of_the_definition() {
        let (english, swedish) = of("own-1", "", "A thing has a name.");
        assert_eq!(english, "A thing has a name");
        assert!(swedish.ends_with("på engelska: A thing has a name"));
    }
}
