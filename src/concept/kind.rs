//! The kinds of concept that the gateway knows.

use super::code::codes;

codes! {
    /// A kind of concept, as it stands in `/concepts/{kind}`.
    ConceptKind {
        /// Läkemedelslista.
        MedicationList = "medication-list",
        /// Fast läkarkontakt, fast vårdkontakt, fast omsorgskontakt and their substitutes.
        NamedContact = "named-contact",
        /// Samordnad individuell plan.
        Sip = "sip",
        /// Läkarrond, fast läkartid, hembesök: planned or held.
        Round = "round",
        /// Inskrivning in hemsjukvård, boende or dagverksamhet.
        Enrolment = "enrolment",
        /// Boende or other unit of the municipality.
        Unit = "unit",
    }
}
