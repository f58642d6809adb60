//! The table of rules: every issue of this stage is raised by one of these, so that a rule's name, severity and code
//! stand in one place and can't drift.
//!
//! The names are codes of `https://vardbro.example/fhir/CodeSystem/issue` and are kept once published.

use crate::fhir::{IssueCode, Severity};

/// A rule of the structural validator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Its stable name, as `element-unknown`.
    pub name: &'static str,
    /// How bad it is to break it.
    pub severity: Severity,
    /// What sort of issue that is.
    pub code: IssueCode,
    /// What it asks for, in one line.
    pub meaning: &'static str,
}

macro_rules! rules {
    ($($constant:ident = $name:literal, $severity:ident, $code:ident, $meaning:literal;)+) => {
        $(
            #[doc = $meaning]
            pub const $constant: Rule = Rule {
                name: $name,
                severity: Severity::$severity,
                code: IssueCode::$code,
                meaning: $meaning,
            };
        )+

        /// Every rule, family by family.
        pub const ALL: &[Rule] = &[$($constant),+];
    };
}

rules! {
    RESOURCE_TYPE_MISSING = "resource-type-missing", Error, Required, "A resource is an object with `resourceType`.";
    RESOURCE_TYPE_UNKNOWN = "resource-type-unknown", Error, Value, "`resourceType` names a concrete resource type of R4.";
    RESOURCE_TYPE_MISPLACED = "resource-type-misplaced", Error, Structure, "`resourceType` stands only in resources.";
    RESOURCE_TYPE_UNEXPECTED = "resource-type-unexpected", Error, Value, "The resource is of the type asked for.";

    ELEMENT_UNKNOWN = "element-unknown", Error, Structure, "The definitions have the element.";
    ELEMENT_COMMENTS = "element-comments", Error, Structure, "`fhir_comments` is gone since DSTU2.";
    SIBLING_NOT_PRIMITIVE = "sibling-not-primitive", Error, Structure, "Only primitive elements have a `_name` member.";
    SIBLING_MISALIGNED = "sibling-misaligned", Error, Structure, "The arrays `name` and `_name` are equally long.";

    CHOICE_TYPE_UNKNOWN = "choice-type-unknown", Error, Structure, "A choice element is named with one of its types.";
    CHOICE_SEVERAL = "choice-several", Error, Structure, "A choice element is given with one type only.";

    CARDINALITY_MIN = "cardinality-min", Error, Required, "Required elements are there.";
    ARRAY_EXPECTED = "array-expected", Error, Structure, "An element that may repeat is an array.";
    ARRAY_UNEXPECTED = "array-unexpected", Error, Structure, "An element that may not repeat is no array.";
    ARRAY_EMPTY = "array-empty", Error, Structure, "An array has items.";
    OBJECT_EMPTY = "object-empty", Error, Structure, "An object says more than its id (ele-1).";
    NULL_VALUE = "null-value", Error, Structure, "`null` stands only in arrays of primitives, beside `_name`.";
    JSON_KIND = "json-kind", Error, Structure, "A value is of the JSON kind that its type asks for.";

    INTEGER_FORMAT = "integer-format", Error, Value, "integer, unsignedInt and positiveInt are whole and in range.";
    DECIMAL_DIGITS = "decimal-digits", Error, Value, "A decimal has at most 18 significant digits.";
    STRING_EMPTY = "string-empty", Error, Value, "A string holds more than white space.";
    STRING_CHARACTERS = "string-characters", Error, Value, "A string has no control characters and no byte order mark.";
    STRING_TOO_LONG = "string-too-long", Error, TooLong, "A string has at most 1 MiB.";
    CODE_FORMAT = "code-format", Error, Value, "A code has no white space but single spaces inside.";
    ID_FORMAT = "id-format", Error, Value, "An id is 1 to 64 letters, digits, hyphens and full stops.";
    URI_FORMAT = "uri-format", Error, Value, "A uri, url or canonical has no white space.";
    OID_FORMAT = "oid-format", Error, Value, "An oid is urn:oid: and numbers between full stops.";
    UUID_FORMAT = "uuid-format", Error, Value, "A uuid is urn:uuid: and 36 characters in lower case.";
    BASE64_FORMAT = "base64-format", Error, Value, "base64Binary is base64 with padding.";
    DATE_FORMAT = "date-format", Error, Value, "A date is a day that exists, a month or a year.";
    DATE_TIME_FORMAT = "date-time-format", Error, Value, "A dateTime is a date, or a date with time of day and zone.";
    INSTANT_FORMAT = "instant-format", Error, Value, "An instant is a date with time of day to the second and zone.";
    TIME_FORMAT = "time-format", Error, Value, "A time is hh:mm:ss without zone.";

    NARRATIVE_FORM = "narrative-form", Error, Structure, "A narrative is one well-formed XHTML div.";
    NARRATIVE_EMPTY = "narrative-empty", Error, Invariant, "A narrative has text or an image (txt-2).";
    NARRATIVE_ELEMENT = "narrative-element", Error, Invariant, "A narrative has formatting elements only (txt-1).";
    NARRATIVE_ATTRIBUTE = "narrative-attribute", Error, Invariant, "A narrative has formatting attributes only (txt-1).";
    NARRATIVE_ACTIVE = "narrative-active", Error, Invariant, "A narrative has no scripts and no links that run them.";

    CODE_UNKNOWN = "code-unknown", Error, CodeInvalid, "A code is in the value set of a required binding.";

    REFERENCE_FORM = "reference-form", Error, Value, "A reference is Type/id, a URL, a urn or #id.";
    REFERENCE_CONDITIONAL = "reference-conditional", Error, Value, "Type?query stands only in a transaction.";
    REFERENCE_TARGET = "reference-target", Error, Value, "A reference points at a type that the element allows.";
    REFERENCE_TYPE = "reference-type", Error, Value, "Reference.type says what the reference itself says.";
    REFERENCE_CONTAINED = "reference-contained", Error, Invariant, "#id names a contained resource (ref-1).";
    REFERENCE_URN = "reference-urn", Warning, Value, "A urn in a reference has the form of its kind.";
    REFERENCE_UNRESOLVED = "reference-unresolved", Warning, Value, "A urn in a Bundle is the fullUrl of an entry.";

    CONTAINED_NESTED = "contained-nested", Error, Invariant, "A contained resource contains none itself (dom-2).";
    CONTAINED_REFERENCED = "contained-referenced", Error, Invariant, "A contained resource is referred to (dom-3).";
    CONTAINED_VERSION = "contained-version", Error, Invariant, "A contained resource has no version of its own (dom-4).";
    CONTAINED_SECURITY = "contained-security", Error, Invariant, "A contained resource has no security label (dom-5).";
    CONTAINED_ID = "contained-id", Error, Required, "A contained resource has an id.";
    CONTAINED_DUPLICATE = "contained-duplicate", Error, Value, "The ids of contained resources differ.";

    EXTENSION_VALUE = "extension-value", Error, Invariant, "An extension has either a value or extensions (ext-1).";
    EXTENSION_URL = "extension-url", Error, Value, "The url of an outermost extension is absolute.";

    BUNDLE_TOTAL = "bundle-total", Error, Invariant, "total stands only in searchset and history (bdl-1).";
    BUNDLE_SEARCH = "bundle-search", Error, Invariant, "entry.search stands only in searchset (bdl-2).";
    BUNDLE_REQUEST = "bundle-request", Error, Invariant, "entry.request stands in batch, transaction and history, nowhere else (bdl-3).";
    BUNDLE_RESPONSE = "bundle-response", Error, Invariant, "entry.response stands in responses and history, nowhere else (bdl-4).";
    BUNDLE_ENTRY_RESOURCE = "bundle-entry-resource", Error, Invariant, "An entry has a resource, unless request or response make it needless (bdl-5).";
    BUNDLE_FULL_URL_MISSING = "bundle-full-url-missing", Error, Required, "Outside batch and transaction every resource has a fullUrl.";
    BUNDLE_FULL_URL_DUPLICATE = "bundle-full-url-duplicate", Error, Invariant, "A fullUrl stands once, but for versions of one resource (bdl-7).";
    BUNDLE_FULL_URL_VERSION = "bundle-full-url-version", Error, Invariant, "A fullUrl names no version (bdl-8).";
    BUNDLE_FULL_URL_FORM = "bundle-full-url-form", Error, Value, "A fullUrl is absolute and agrees with the resource's type and id.";
    BUNDLE_DOCUMENT = "bundle-document", Error, Invariant, "A document has identifier, timestamp and a Composition first (bdl-9, bdl-10, bdl-11).";
    BUNDLE_LINK = "bundle-link", Error, Value, "Links of paging stand in what is paged, and each once.";
    BUNDLE_SEARCH_ENTRY = "bundle-search-entry", Error, Value, "A search finds resources of the types asked for, with ids.";
    BUNDLE_DOCUMENT_REFERENCE = "bundle-document-reference", Error, NotFound, "What the Composition of a document refers to is in the document, once.";
    BUNDLE_MESSAGE = "bundle-message", Error, Invariant, "A message has a MessageHeader first (bdl-12).";

    // Profiles, slices, fixed values and extensions by definition.
    PROFILE_UNKNOWN = "profile-unknown", Warning, NotFound, "A profile that is claimed or meant is at hand.";
    PROFILE_NOT_REQUESTED = "profile-not-at-hand", Error, NotFound, "A profile that is asked for is at hand.";
    PROFILE_UNUSABLE = "profile-unusable", Error, Structure, "The definition of a profile can be used.";
    PROFILE_TYPE_DIFFERS = "profile-type-differs", Error, Structure, "A profile is for the type of the resource.";
    PROFILE_ABSTRACT = "profile-abstract", Warning, BusinessRule, "A profile that is claimed is not abstract.";
    PROFILES_CONTRADICT = "profiles-contradict", Error, Conflict, "The profiles of a resource can be met together.";
    PROFILE_MIN = "profile-min", Error, Required, "What a profile requires is there.";
    PROFILE_MAX = "profile-max", Error, Structure, "An element stands no more often than a profile allows.";
    PROFILE_TYPE = "profile-type", Error, Structure, "A value is of a type that a profile allows.";
    PROFILE_NONE_FITS = "profile-none-fits", Error, Structure, "A value meets one of the profiles on its type.";
    PROFILE_FIXED = "profile-fixed", Error, Value, "A value is the one that a profile fixes.";
    PROFILE_PATTERN = "profile-pattern", Error, Value, "A value contains the pattern of a profile.";
    PROFILE_MAX_LENGTH = "profile-max-length", Error, TooLong, "A text is no longer than a profile allows.";
    PROFILE_LIMIT = "profile-limit", Error, Value, "A value keeps to a profile's least and greatest value.";
    MUST_SUPPORT_ABSENT = "must-support-absent", Information, Informational, "An element that must be supported is there.";
    SLICE_MIN = "slice-min", Error, Required, "A slice has the items that it must have.";
    SLICE_MAX = "slice-max", Error, Structure, "A slice has no more items than it may have.";
    SLICE_UNMATCHED = "slice-unmatched", Error, Structure, "Where slices are closed every item belongs to one.";
    SLICE_ORDER = "slice-order", Error, Structure, "Items come in the order of their slices where it counts.";
    SLICE_UNDECIDABLE = "slice-undecidable", Warning, NotSupported, "A profile says what tells its slices apart.";
    REFERENCE_PROFILE = "reference-profile", Error, Value, "The target of a reference meets a profile that is asked for.";
    REFERENCE_AGGREGATION = "reference-aggregation", Error, Value, "The target of a reference is given as a profile asks.";
    EXTENSION_UNKNOWN = "extension-unknown", Information, Informational, "An extension's definition is at hand.";
    EXTENSION_UNKNOWN_MODIFIER = "extension-unknown-modifier", Warning, Extension, "A modifier extension's definition is at hand.";
    EXTENSION_UNDEFINED = "extension-undefined", Error, Extension, "An extension in the name of HL7 or of this gateway is one that they define.";
    EXTENSION_NOT_DEFINED = "extension-not-defined", Error, Extension, "An extension inside another is defined by it.";
    EXTENSION_MODIFIER = "extension-modifier", Error, Extension, "Modifier extensions stand in modifierExtension, others in extension.";
    EXTENSION_CONTEXT = "extension-context", Error, Extension, "An extension stands where its definition allows it.";

    // Invariants of the definitions, by FHIRPath.
    INVARIANT = "invariant", Error, Invariant, "An invariant of a definition is met (a warning where the definition says so).";
    INVARIANT_NOT_EVALUATED = "invariant-not-evaluated", Warning, Invariant, "An invariant can be evaluated with what is known.";
    NARRATIVE_RECOMMENDED = "narrative-recommended", Warning, Invariant, "A resource has a narrative (dom-6, best practice).";

    // Terminology.
    CODE_OUTSIDE = "code-outside", Warning, CodeInvalid, "A code is in the value set of an extensible binding.";
    CODE_OUTSIDE_MAX = "code-outside-max", Error, CodeInvalid, "A code is in the widest value set of its binding.";
    CODE_NOT_PREFERRED = "code-not-preferred", Information, CodeInvalid, "A code is in the value set of a preferred binding.";
    CODE_NOT_CHECKED = "code-not-checked", Warning, NotFound, "The content that tells whether a code is in its value set is at hand.";
    CODE_NOT_IN_SYSTEM = "code-not-in-system", Error, CodeInvalid, "A code is one of its system's.";
    CODE_SYSTEM_UNKNOWN = "code-system-unknown", Information, NotFound, "The codes of a system are at hand.";
    CODE_SYSTEM_MISSING = "code-system-missing", Warning, CodeInvalid, "A code that is bound has a system.";
    CODE_SYSTEM_RELATIVE = "code-system-relative", Error, Value, "The system of a code is an absolute URL.";
    CODE_SYSTEM_IS_SUPPLEMENT = "code-system-is-supplement", Error, CodeInvalid, "The system of a code is no supplement.";
    CODE_SYSTEM_IS_VALUE_SET = "code-system-is-value-set", Error, CodeInvalid, "The system of a code is no value set.";
    CODE_ABSTRACT = "code-abstract", Warning, CodeInvalid, "A code that only groups others is no value.";
    CODE_INACTIVE = "code-inactive", Information, CodeInvalid, "A code is in use in its system.";
    DISPLAY_WRONG = "display-wrong", Warning, CodeInvalid, "A display is one of the code's own.";
    DISPLAY_NOT_OWN = "display-not-own", Error, CodeInvalid, "A display is the code's own, in the language of the resource.";
    USER_SELECTED_SEVERAL = "user-selected-several", Information, BusinessRule, "One coding of a concept was chosen by the user.";

    // Questionnaires and their answers.
    QUESTIONNAIRE_ENABLE_WHEN = "questionnaire-enable-when", Error, Value, "An item is enabled by other items of the questionnaire.";
    QUESTIONNAIRE_UNKNOWN = "questionnaire-unknown", Warning, NotFound, "The questionnaire of the answers is at hand.";
    ANSWER_LINK = "answer-link", Error, NotFound, "The questionnaire has the item that is answered.";
    ANSWER_ORDER = "answer-order", Error, Structure, "Answers come in the order of the questionnaire.";
    ANSWER_STRUCTURE = "answer-structure", Error, Structure, "Groups have items, questions have answers.";
    ANSWER_TYPE = "answer-type", Error, Value, "An answer is of the type that the questionnaire asks for.";
    ANSWER_MISSING = "answer-missing", Error, Required, "What the questionnaire requires is answered.";
    ANSWER_REPEATS = "answer-repeats", Error, Structure, "An item that does not repeat is answered once.";
    ANSWER_OPTION = "answer-option", Error, CodeInvalid, "An answer is one that the questionnaire offers.";
    ANSWER_DISABLED = "answer-disabled", Error, BusinessRule, "Only items that are enabled are answered.";

    // Definitions: StructureDefinition, ValueSet, CodeSystem, ConceptMap, SearchParameter and their kin.
    VALUE_SET_SYSTEM = "value-set-system", Error, Value, "A value set includes code systems by their absolute URLs.";
    VALUE_SET_IMPORT = "value-set-import", Error, Value, "A value set imports value sets.";
    VALUE_SET_CODE = "value-set-code", Error, CodeInvalid, "The code system has the codes that a value set lists.";
    VALUE_SET_FILTER = "value-set-filter", Error, Value, "The value of a filter fits its property.";
    VALUE_SET_PARAMETER = "value-set-parameter", Error, Value, "A filter uses parameters that the value set declares.";
    CODE_SYSTEM_COUNT = "code-system-count", Error, Value, "count and content say how many concepts there are.";
    CODE_SYSTEM_PROPERTY = "code-system-property", Error, Value, "Properties are declared once, with the type that they have.";
    CODE_SYSTEM_PROPERTY_VALUE = "code-system-property-value", Error, Value, "A concept's property has a value of the declared type.";
    CODE_SYSTEM_SUPPLEMENT = "code-system-supplement", Error, Value, "A supplement says of what, and adds to codes that exist.";
    CONCEPT_MAP_CODE = "concept-map-code", Error, CodeInvalid, "The codes of a map exist in their systems.";
    SEARCH_PARAMETER_COMPONENTS = "search-parameter-components", Error, Required, "A composite search parameter has at least two components.";
    SEARCH_PARAMETER_DERIVED = "search-parameter-derived", Error, Value, "A search parameter has the type of the one that it derives from.";
    SEARCH_PARAMETER_EXPRESSION = "search-parameter-expression", Error, Value, "The expression of a search parameter is FHIRPath.";
    CAPABILITY_SEARCH_PARAMETER = "capability-search-parameter", Error, Value, "A search parameter has the type of its definition.";

    STRUCTURE_DEFINITION_SNAPSHOT = "structure-definition-snapshot", Error, Structure, "A differential can be applied to what it derives from.";
    PARAMETERS_REFERENCE = "parameters-reference", Error, NotFound, "A reference in Parameters leads to a resource that comes along, if some of its type do.";

    // Data types and resources with rules of their own: attachments, markdown, measures.
    ATTACHMENT_SIZE = "attachment-size", Error, Value, "The size of an attachment is the one of its data.";
    STRING_HTML = "string-html", Error, Value, "A plain string has no HTML that a page could run.";

    TOO_MANY_ISSUES = "too-many-issues", Information, TooLong, "There are more issues than are told.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_in_kebab_case() {
        let mut names: Vec<_> = ALL.iter().map(|rule| rule.name).collect();
        assert!(
            names.iter().all(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'))
        );
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ALL.len());
    }
}
