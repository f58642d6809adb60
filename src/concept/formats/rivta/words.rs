//! What can be wrong with a message, as data: severity, code, rule and the two texts. The place is added where it is met.

use crate::fhir::outcome::Place;
use crate::fhir::{Issue, IssueCode, Severity};

/// An issue without its place.
pub(super) struct Words {
    severity: Severity,
    code: IssueCode,
    rule: &'static str,
    english: &'static str,
    swedish: &'static str,
}

impl Words {
    const fn new(
        severity: Severity,
        code: IssueCode,
        rule: &'static str,
        english: &'static str,
        swedish: &'static str,
    ) -> Self {
        Self { severity, code, rule, english, swedish }
    }

    pub(super) fn is_error(&self) -> bool {
        self.severity >= Error
    }

    pub(super) fn at(&self, place: Place) -> Issue {
        Issue::error(self.code, self.rule, self.english, self.swedish).with_severity(self.severity).at(place)
    }
}

use IssueCode as Code;
use Severity::{Error, Fatal, Information, Warning};

pub(super) const NOT_UTF8: Words = Words::new(
    Fatal,
    Code::Structure,
    "xml-not-utf8",
    "The message is not UTF-8: send it in UTF-8, and say so in its XML declaration.",
    "Meddelandet är inte UTF-8: skicka det i UTF-8 och ange det i XML-deklarationen.",
);
pub(super) const TOO_LARGE: Words = Words::new(
    Fatal,
    Code::TooLong,
    "xml-too-large",
    "The message is larger, deeper or holds more elements than is accepted: divide it.",
    "Meddelandet är större, djupare eller har fler element än vad som tas emot: dela upp det.",
);
pub(super) const MALFORMED: Words = Words::new(
    Fatal,
    Code::Structure,
    "xml-malformed",
    "The message is not well-formed XML from here on: check that it is whole and that its tags match.",
    "Meddelandet är inte välformad XML från och med här: kontrollera att det är helt och att taggarna stämmer.",
);
pub(super) const DOCTYPE: Words = Words::new(
    Fatal,
    Code::Structure,
    "xml-doctype",
    "A document type declaration is not accepted: send the message without one.",
    "En dokumenttypsdeklaration tas inte emot: skicka meddelandet utan den.",
);
pub(super) const ENTITY: Words = Words::new(
    Fatal,
    Code::Structure,
    "xml-entity",
    "Only the five predefined entities and character references are accepted: write the text itself.",
    "Bara de fem fördefinierade entiteterna och teckenreferenser tas emot: skriv själva texten.",
);
pub(super) const ROOT: Words = Words::new(
    Fatal,
    Code::NotSupported,
    "rivta-root",
    "This is no GetMedicationHistoryResponse of version 2: check the element's name and namespace.",
    "Detta är inget GetMedicationHistoryResponse av version 2: kontrollera elementets namn och namnrymd.",
);
pub(super) const SOAP_FAULT: Words = Words::new(
    Error,
    Code::Transient,
    "upstream-fault",
    "The source answered with a SOAP fault: nothing is known of the patient's medicines. Ask again.",
    "Källan svarade med ett SOAP-fel: inget är känt om patientens läkemedel. Fråga igen.",
);
pub(super) const NAMESPACE: Words = Words::new(
    Error,
    Code::Structure,
    "rivta-namespace",
    "The element is in another namespace than the contract's: correct its namespace.",
    "Elementet ligger i en annan namnrymd än kontraktets: rätta namnrymden.",
);
pub(super) const REQUIRED: Words = Words::new(
    Error,
    Code::Required,
    "rivta-required",
    "The contract requires this element: add it.",
    "Kontraktet kräver det här elementet: lägg till det.",
);
pub(super) const REPEATED: Words = Words::new(
    Error,
    Code::Structure,
    "rivta-repeated",
    "The contract allows this element once: remove the others.",
    "Kontraktet tillåter det här elementet en gång: ta bort de övriga.",
);
pub(super) const TEXT_TOO_LONG: Words = Words::new(
    Error,
    Code::TooLong,
    "text-too-long",
    "The text is longer than 4000 characters: shorten it.",
    "Texten är längre än 4000 tecken: förkorta den.",
);
pub(super) const CODE: Words = Words::new(
    Error,
    Code::CodeInvalid,
    "rivta-code",
    "The value is not among those that the contract allows here.",
    "Värdet är inte ett av dem som kontraktet tillåter här.",
);
pub(super) const IDENTIFIER: Words = Words::new(
    Error,
    Code::Value,
    "rivta-id",
    "The root of an id is an OID or a UUID: correct it.",
    "Ett id:s root är en OID eller en UUID: rätta den.",
);
pub(super) const NUMBER: Words = Words::new(
    Error,
    Code::Value,
    "rivta-number",
    "Write a number that is not negative, with a decimal point.",
    "Skriv ett tal som inte är negativt, med decimalpunkt.",
);
pub(super) const TIME: Words = Words::new(
    Error,
    Code::Value,
    "time-form",
    "Write the time as YYYYMMDDhhmmss, local time in Sweden.",
    "Skriv tiden som ÅÅÅÅMMDDttmmss, svensk lokal tid.",
);
pub(super) const TIME_IN_GAP: Words = Words::new(
    Error,
    Code::Value,
    "time-in-gap",
    "This local time does not exist: the clock is moved forward past it. Correct the time.",
    "Den här lokala tiden finns inte: klockan ställs fram förbi den. Rätta tiden.",
);
pub(super) const TIME_IN_FOLD: Words = Words::new(
    Warning,
    Code::Value,
    "time-in-fold",
    "This local time occurs twice as the clock is moved back; the first was taken.",
    "Den här lokala tiden inträffar två gånger när klockan ställs tillbaka; den första togs.",
);
pub(super) const END_BEFORE_START: Words = Words::new(
    Error,
    Code::Value,
    "end-before-start",
    "The end is before the start: correct one of them.",
    "Slutet ligger före början: rätta en av dem.",
);
pub(super) const UPSTREAM_ERROR: Words = Words::new(
    Error,
    Code::Transient,
    "upstream-error",
    "The source answered with an error: nothing is known of the patient's medicines. Ask again.",
    "Källan svarade med ett fel: inget är känt om patientens läkemedel. Fråga igen.",
);
pub(super) const UPSTREAM_INFO: Words = Words::new(
    Warning,
    Code::Informational,
    "upstream-info",
    "The source gave a notice with its answer: the list may not be whole.",
    "Källan lämnade ett meddelande med sitt svar: listan är kanske inte fullständig.",
);
pub(super) const PATIENT_UNKNOWN: Words = Words::new(
    Error,
    Code::Required,
    "patient-unknown",
    "An answer without records names no patient: say for whom the question was asked.",
    "Ett svar utan poster anger ingen patient: ange vem frågan gällde.",
);
pub(super) const OTHER_PATIENT: Words = Words::new(
    Error,
    Code::BusinessRule,
    "other-patient",
    "The record is about another patient than the one asked for: nothing of the message was taken.",
    "Posten gäller en annan patient än den som frågan gällde: inget av meddelandet togs emot.",
);
pub(super) const SEVERAL_PATIENTS: Words = Words::new(
    Error,
    Code::BusinessRule,
    "several-patients",
    "The message holds records of several patients: send one message for each.",
    "Meddelandet innehåller poster om flera patienter: skicka ett meddelande för var och en.",
);
pub(super) const CAREGIVER_MISSING: Words = Words::new(
    Error,
    Code::Required,
    "caregiver-missing",
    "The responsible caregiver is not told: without it no block (spärr) can be kept. Add its HSA-id.",
    "Ansvarig vårdgivare saknas: utan den går det inte att upprätthålla spärrar. Lägg till dess HSA-id.",
);
pub(super) const CAREGIVER_FORM: Words = Words::new(
    Error,
    Code::Value,
    "caregiver-form",
    "The responsible caregiver is not told by HSA-id: without it no block (spärr) can be kept. Correct the HSA-id.",
    "Ansvarig vårdgivare anges inte med HSA-id: utan det går det inte att upprätthålla spärrar. Rätta HSA-id.",
);
pub(super) const CARE_UNIT_UNKNOWN: Words = Words::new(
    Warning,
    Code::Value,
    "care-unit-unknown",
    "The care unit is not told by HSA-id: the record counts as the whole caregiver's, and inner blocks withhold it.",
    "Vårdenheten anges inte med HSA-id: posten räknas till hela vårdgivaren, och inre spärrar håller inne den.",
);
pub(super) const HSA_ID: Words = Words::new(
    Warning,
    Code::Value,
    "hsa-id-form",
    "This is no HSA-id: it was left out. Correct it at the source.",
    "Detta är inget HSA-id: det togs inte med. Rätta det i källan.",
);
pub(super) const NO_PRESCRIBER: Words = Words::new(
    Warning,
    Code::Required,
    "prescriber-missing",
    "A prescription that is not the patient's own needs a prescriber: add it at the source.",
    "En ordination som inte är patientens egen behöver en ordinatör: lägg till den i källan.",
);
pub(super) const NO_PRINCIPAL_REASON: Words = Words::new(
    Warning,
    Code::BusinessRule,
    "principal-reason-missing",
    "An additional reason stands without a principal one: it was kept as a reason.",
    "En övrig ordinationsorsak står utan huvudorsak: den togs med som orsak.",
);
pub(super) const ENDS_AHEAD: Words = Words::new(
    Warning,
    Code::BusinessRule,
    "discontinuation-ahead",
    "The discontinuation is to take effect later than now: the medicine is shown as stopped, with the day of its end. Check whether it is to be taken until then.",
    "Utsättningen gäller från en senare tidpunkt: läkemedlet visas som utsatt, med slutdatum. Kontrollera om det ska tas till dess.",
);
pub(super) const NULLIFIED: Words = Words::new(
    Warning,
    Code::BusinessRule,
    "record-nullified",
    "The record is nullified: the medicine is marked as entered in error and is not current.",
    "Posten är makulerad: läkemedlet märks som felaktigt infört och är inte aktuellt.",
);
pub(super) const MERCHANDISE: Words = Words::new(
    Information,
    Code::Informational,
    "merchandise-left-out",
    "This is merchandise, not a medicine: it was left out of the medication list.",
    "Detta är en handelsvara, inget läkemedel: den togs inte med på läkemedelslistan.",
);
pub(super) const DRUG_CHOICE: Words = Words::new(
    Error,
    Code::Structure,
    "drug-choice",
    "Exactly one of unstructuredDrugInformation, merchandise, drugArticle, drug and generics is to be given.",
    "Exakt en av unstructuredDrugInformation, merchandise, drugArticle, drug och generics ska anges.",
);
pub(super) const DRUG_UNKNOWN: Words = Words::new(
    Error,
    Code::Required,
    "drug-unknown",
    "What is taken is not told: give its name, ATC code or NPL-id.",
    "Vad som tas framgår inte: ange namn, ATC-kod eller NPL-id.",
);
pub(super) const STOPPED_UNKNOWN: Words = Words::new(
    Warning,
    Code::Required,
    "discontinuation-without-drug",
    "The discontinuation does not tell of which medicine: it was left out of the medication list.",
    "Utsättningen anger inte vilket läkemedel den gäller: den togs inte med på läkemedelslistan.",
);
pub(super) const DRUG_CODE: Words = Words::new(
    Warning,
    Code::CodeInvalid,
    "drug-code",
    "The code is not of the code system that belongs here: only its words were taken.",
    "Koden hör inte till det kodsystem som gäller här: bara dess text togs med.",
);
pub(super) const SAME_PRESCRIPTION: Words = Words::new(
    Error,
    Code::Duplicate,
    "prescription-repeated",
    "Two records with different content have the same prescription id: correct one of them.",
    "Två poster med olika innehåll har samma ordinations-id: rätta den ena.",
);
pub(super) const TWO_LAST: Words = Words::new(
    Warning,
    Code::BusinessRule,
    "chain-with-two-ends",
    "Another active prescription of the same chain ends this treatment: check at the source which of the two holds.",
    "En annan aktiv ordination i samma kedja avslutar behandlingen: kontrollera i källan vilken av dem som gäller.",
);
pub(super) const SAME_RECORD: Words = Words::new(
    Information,
    Code::Duplicate,
    "record-repeated",
    "The same record stands in the message twice: it was taken once.",
    "Samma post står två gånger i meddelandet: den togs med en gång.",
);
pub(super) const TOO_MANY: Words = Words::new(
    Error,
    Code::TooLong,
    "records-too-many",
    "More than 1000 records are not accepted in one message: divide it.",
    "Fler än 1000 poster tas inte emot i ett meddelande: dela upp det.",
);
pub(super) const UNMAPPED: Words = Words::new(
    Information,
    Code::Informational,
    "unmapped-element",
    "The concept has no place for this element: it is kept in the message but not in the concept.",
    "Begreppet har ingen plats för detta element: det finns kvar i meddelandet men inte i begreppet.",
);
pub(super) const MORE: Words = Words::new(
    Information,
    Code::Informational,
    "more-issues",
    "There is more of the same kind: only the first issues are told.",
    "Det finns fler av samma slag: bara de första redovisas.",
);
