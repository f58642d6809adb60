//! Narrative: one XHTML div of text and its formatting ([narrative](https://hl7.org/fhir/R4/narrative.html#xhtml)).

use std::sync::LazyLock;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::fhir::NodeRef;

use super::issues::Issues;
use super::rules::{NARRATIVE_ACTIVE, NARRATIVE_ATTRIBUTE, NARRATIVE_ELEMENT, NARRATIVE_EMPTY, NARRATIVE_FORM, Rule};

const XHTML: &[u8] = b"http://www.w3.org/1999/xhtml";

/// HTML 4.0, chapters 7 to 11 (without section 4 of chapter 9) and 15, links, images and image maps.
const ELEMENTS: &str = "a abbr acronym address area b bdo big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 \
    h2 h3 h4 h5 h6 hr i img kbd li map ol p pre q s samp small span strike strong sub sup table tbody td \
    tfoot th thead tr tt u ul var";

/// Their attributes, without those that run something.
const ATTRIBUTES: &str = "abbr accesskey align alt axis bgcolor border cellhalign cellpadding cellspacing cellvalign char charoff \
    charset cite class clear color colspan compact coords dir frame headers height href hreflang hspace id \
    ismap lang longdesc name nohref noshade nowrap rel rev rowspan rules scope shape size span src start \
    style summary tabindex title type usemap valign value vspace width xml:lang xml:space xmlns";

static ELEMENT_NAMES: LazyLock<Vec<&[u8]>> = LazyLock::new(|| ELEMENTS.split(' ').map(str::as_bytes).collect());
static ATTRIBUTE_NAMES: LazyLock<Vec<&[u8]>> = LazyLock::new(|| ATTRIBUTES.split(' ').map(str::as_bytes).collect());

/// Whether a sorted list has the name.
fn is_listed(names: &[&[u8]], name: &[u8]) -> bool {
    names.binary_search(&name).is_ok()
}

/// A rule with what to change.
type Fault = (&'static Rule, &'static str, &'static str);

const FORM: Fault = (
    &NARRATIVE_FORM,
    "Write the narrative as one well-formed <div xmlns=\"http://www.w3.org/1999/xhtml\"> element, with XML's own entities only.",
    "Skriv texten som ett enda välformat <div xmlns=\"http://www.w3.org/1999/xhtml\">-element, med endast XML:s egna entiteter.",
);
const EMPTY: Fault = (
    &NARRATIVE_EMPTY,
    "The narrative shows nothing; write its text or leave it out.",
    "Texten visar inget; skriv den eller utelämna den.",
);
const ELEMENT: Fault = (
    &NARRATIVE_ELEMENT,
    "The narrative has an element that is no text formatting of HTML; remove it.",
    "Texten har ett element som inte är textformatering i HTML; ta bort det.",
);
const ATTRIBUTE: Fault = (
    &NARRATIVE_ATTRIBUTE,
    "The narrative has an attribute that is no text formatting of HTML; remove it.",
    "Texten har ett attribut som inte är textformatering i HTML; ta bort det.",
);
const ACTIVE: Fault = (
    &NARRATIVE_ACTIVE,
    "The narrative has something that runs (a script, an event or a script link); remove it.",
    "Texten har något som körs (ett skript, en händelse eller en skriptlänk); ta bort det.",
);

/// Checks an XHTML string; `false` where an issue was raised.
pub fn check(value: NodeRef<'_>, issues: &mut Issues) -> bool {
    let fault = value.as_str().and_then(|text| fault(&text));
    if let Some((rule, english, swedish)) = fault {
        issues.raise(rule, value, english, swedish);
    }
    fault.is_none()
}

fn fault(text: &str) -> Option<Fault> {
    let mut reader = Reader::from_str(text.trim());
    let mut narrative = Narrative::default();
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => return narrative.end().err(),
            Ok(event) => {
                if let Err(fault) = narrative.event(&event) {
                    return Some(fault);
                }
            }
            Err(_) => return Some(FORM),
        }
    }
}

/// What has been read of a narrative.
#[derive(Default)]
struct Narrative {
    depth: usize,
    has_root: bool,
    has_content: bool,
}

impl Narrative {
    fn event(&mut self, event: &Event<'_>) -> Result<(), Fault> {
        match event {
            Event::Start(tag) => {
                self.open(tag)?;
                self.depth += 1;
                Ok(())
            }
            Event::Empty(tag) => self.open(tag),
            Event::End(_) => {
                self.depth = self.depth.saturating_sub(1);
                Ok(())
            }
            Event::Text(text) => self.text(text.iter().all(u8::is_ascii_whitespace)),
            Event::CData(_) => self.text(false),
            Event::GeneralRef(entity) if is_known(entity) => self.text(false),
            Event::Comment(_) => Ok(()),
            _ => Err(FORM),
        }
    }

    fn open(&mut self, tag: &BytesStart<'_>) -> Result<(), Fault> {
        let name = tag.name();
        if self.depth == 0 {
            let has_namespace = tag.try_get_attribute("xmlns").ok().flatten().is_some_and(|it| *it.value == *XHTML);
            if self.has_root || name.as_ref() != b"div" || !has_namespace {
                return Err(FORM);
            }
            self.has_root = true;
        }
        self.has_content |= name.as_ref() == b"img";
        if name.as_ref().eq_ignore_ascii_case(b"script") {
            return Err(ACTIVE);
        }
        if !is_listed(&ELEMENT_NAMES, name.as_ref()) {
            return Err(ELEMENT);
        }
        tag.attributes().try_for_each(|attribute| {
            let attribute = attribute.map_err(|_| FORM)?;
            check_attribute(attribute.key.as_ref(), &attribute.unescape_value().map_err(|_| FORM)?)
        })
    }

    fn text(&mut self, is_blank: bool) -> Result<(), Fault> {
        self.has_content |= !is_blank;
        if self.depth == 0 && !is_blank { Err(FORM) } else { Ok(()) }
    }

    fn end(&self) -> Result<(), Fault> {
        match (self.has_root && self.depth == 0, self.has_content) {
            (false, _) => Err(FORM),
            (true, false) => Err(EMPTY),
            (true, true) => Ok(()),
        }
    }
}

fn check_attribute(name: &[u8], value: &str) -> Result<(), Fault> {
    let runs = |scheme: &str| {
        // Browsers skip white space and control characters in a scheme.
        let plain: String = value.chars().filter(|c| *c > ' ').take(scheme.len()).collect();
        plain.eq_ignore_ascii_case(scheme)
    };
    let is_link = matches!(name, b"href" | b"src" | b"cite" | b"longdesc" | b"usemap");
    if name.starts_with(b"on") || is_link && ["javascript:", "vbscript:", "data:text"].into_iter().any(runs) {
        return Err(ACTIVE);
    }
    let is_known = is_listed(&ATTRIBUTE_NAMES, name) || name.starts_with(b"xmlns:");
    if is_known { Ok(()) } else { Err(ATTRIBUTE) }
}

/// XML's five entities and character references; HTML's own are not defined in XML.
fn is_known(entity: &BytesRef<'_>) -> bool {
    let is_named = matches!(&**entity, b"lt" | b"gt" | b"amp" | b"quot" | b"apos");
    is_named || matches!(entity.resolve_char_ref(), Ok(Some(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(content: &str) -> Option<&'static str> {
        fault(&format!(r#"<div xmlns="http://www.w3.org/1999/xhtml">{content}</div>"#)).map(|fault| fault.0.name)
    }

    #[test]
    fn a_narrative_is_one_well_formed_div() {
        assert_eq!(rule("<p class=\"a\">Å &amp; &#229; <br/><!-- x --></p>"), None);
        for text in ["text", "<p>a</p>", "<div>a</div>", "", r#"<div xmlns="http://www.w3.org/1999/xhtml">a"#] {
            assert_eq!(fault(text).map(|fault| fault.0.name), Some("narrative-form"), "{text}");
        }
        for content in ["<p>a", "a</div><div>b", "&nbsp;", "<?php a?>", "<b>a</i>", "<p a=b>c</p>"] {
            assert_eq!(rule(content), Some("narrative-form"), "{content}");
        }
    }

    #[test]
    fn a_narrative_shows_something() {
        assert_eq!(rule(" <p/> "), Some("narrative-empty"));
        assert_eq!(rule("<img src=\"#a\" alt=\"\"/>"), None);
    }

    #[test]
    fn only_formatting_is_allowed() {
        assert_eq!(rule("<form>a</form>"), Some("narrative-element"));
        assert_eq!(rule("<p data-a=\"b\">a</p>"), Some("narrative-attribute"));
    }

    #[test]
    fn nothing_runs() {
        for content in ["<script>a</script>", "<p onclick=\"a\">b</p>", "<a href=\" java&#10;Script:a\">b</a>"] {
            assert_eq!(rule(content), Some("narrative-active"), "{content}");
        }
    }

    #[test]
    fn the_lists_are_sorted() {
        assert!(ELEMENTS.split(' ').is_sorted() && ATTRIBUTES.split(' ').is_sorted());
    }
}
