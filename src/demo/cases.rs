//! Which patients and organisations show what; all others are dealt by the dice.

/// The good example: everything that the agreement asks for.
pub(super) const IN_ORDER: &str = "p001";
pub(super) const NO_PHYSICIAN: &str = "p002";
pub(super) const EXPIRED_PHYSICIAN: &str = "p003";
pub(super) const UNNAMED_PHYSICIAN: &str = "p004";
pub(super) const SUBSTITUTE_PHYSICIAN: &str = "p005";
pub(super) const CARE_CONTACT_OF_REGION: &str = "p006";
pub(super) const NO_CARE_CONTACT: &str = "p007";
pub(super) const REVIEW_OVERDUE: &str = "p014";
pub(super) const REVIEW_NEVER: &str = "p015";
pub(super) const REVIEW_DUE_SOON: &str = "p016";
pub(super) const NEW: &str = "p017";
pub(super) const MOVED_UNIT: &str = "p018";
pub(super) const MOVED_OUT_SILENTLY: &str = "p019";
pub(super) const MOVED_IN_SILENTLY: &str = "p020";
pub(super) const DEAD: &str = "p021";
pub(super) const DEAD_WITHOUT_CERTIFICATE: &str = "p022";
pub(super) const DEAD_STILL_ENROLLED: &str = "p023";
pub(super) const PALLIATIVE: &str = "p024";
pub(super) const MANY_DRUGS: &str = "p025";
pub(super) const NO_DRUGS: &str = "p026";
pub(super) const LIST_UNAVAILABLE: &str = "p027";
pub(super) const STALE_LIST: &str = "p028";
pub(super) const ON_PAPER: &str = "p029";
pub(super) const NO_LIST: &str = "p030";
pub(super) const INCOMPLETE_SOURCES: &str = "p031";
pub(super) const CONFIDENTIAL: &str = "p032";
pub(super) const PROTECTED: &str = "p033";
pub(super) const COORDINATION_NUMBER: &str = "p034";
pub(super) const RESERVE_NUMBER: &str = "p035";
pub(super) const LOCAL_RESERVE_NUMBER: &str = "p036";
pub(super) const MOVED_KOMMUN: &str = "p037";
pub(super) const STALE_PAPER: &str = "p042";
pub(super) const ALTERNATING: &str = "p048";
pub(super) const SIP_GOOD: &str = "p053";
pub(super) const SIP_NO_COORDINATOR: &str = "p054";
pub(super) const SIP_NO_RESPONSIBLE: &str = "p055";
pub(super) const SIP_NO_CONSENT: &str = "p056";
pub(super) const SIP_REFUSED: &str = "p057";
pub(super) const SIP_FOLLOW_UP_PAST: &str = "p058";
pub(super) const HOME_VISIT: &str = "p059";
pub(super) const TRANSFER_AFTER_CONTACT: &str = "p040";
pub(super) const TRANSFER_WITHOUT_CONTACT: &str = "p039";
pub(super) const DAY_CARE: &str = "p074";
pub(super) const DAILY_ACTIVITY: &str = "p078";

/// The patients that the README and the tests speak of: id, and what is special about them.
pub const CASES: &[(&str, &str)] = &[
    (IN_ORDER, "everything in order: contacts, current list, review, SIP"),
    (NO_PHYSICIAN, "no fast läkarkontakt"),
    (EXPIRED_PHYSICIAN, "fast läkarkontakt ended, nobody after it"),
    (UNNAMED_PHYSICIAN, "fast läkarkontakt is a unit without a named physician"),
    (SUBSTITUTE_PHYSICIAN, "fast läkarkontakt on leave, a substitute (vikarie) now"),
    (CARE_CONTACT_OF_REGION, "fast vårdkontakt is employed by the region, not the kommun"),
    (NO_CARE_CONTACT, "no fast vårdkontakt"),
    (REVIEW_OVERDUE, "medication review more than a year ago"),
    (REVIEW_NEVER, "enrolled for two years without a medication review"),
    (REVIEW_DUE_SOON, "medication review due within 30 days"),
    (NEW, "moved in three weeks ago: no review is owed yet"),
    (MOVED_UNIT, "moved from one unit to another; both notices sent"),
    (MOVED_OUT_SILENTLY, "moved out; the hälsocentral was not told"),
    (MOVED_IN_SILENTLY, "moved in; the hälsocentral was not told"),
    (DEAD, "died; certificate written, hälsocentral told"),
    (DEAD_WITHOUT_CERTIFICATE, "died; no death certificate yet"),
    (DEAD_STILL_ENROLLED, "died; certificate written, but still enrolled and nobody told"),
    (PALLIATIVE, "palliative care: brytpunktssamtal held, treatment limitation decided"),
    (MANY_DRUGS, "25 current medicines"),
    (NO_DRUGS, "no medicines, and known to have none (nilknown)"),
    (LIST_UNAVAILABLE, "empty medication list: the source could not be asked (unavailable)"),
    (STALE_LIST, "a medicine was changed after the list: VB-9.2 is overdue"),
    (ON_PAPER, "medication list on paper alone"),
    (NO_LIST, "no medication list at all"),
    (INCOMPLETE_SOURCES, "medication list that says that a source is missing"),
    (CONFIDENTIAL, "protected identity: sekretessmarkering"),
    (PROTECTED, "protected identity: skyddad folkbokföring"),
    (COORDINATION_NUMBER, "samordningsnummer"),
    (RESERVE_NUMBER, "national reservnummer"),
    (LOCAL_RESERVE_NUMBER, "reservnummer of Region Västerbotten"),
    (MOVED_KOMMUN, "moved to this unit from another kommun (Vännäs)"),
    (TRANSFER_WITHOUT_CONTACT, "sent to the emergency department without contact with a physician first"),
    (STALE_PAPER, "printed list handed over before the newest change"),
    (ALTERNATING, "short-term care"),
    (SIP_GOOD, "SIP with all that it must tell"),
    (SIP_NO_COORDINATOR, "SIP without a coordinator"),
    (SIP_NO_RESPONSIBLE, "SIP with a measure that nobody answers for"),
    (SIP_NO_CONSENT, "SIP without consent"),
    (SIP_REFUSED, "SIP refused: no plan is owed"),
    (SIP_FOLLOW_UP_PAST, "SIP whose day of follow-up has passed"),
    (HOME_VISIT, "home visits by a physician"),
    (TRANSFER_AFTER_CONTACT, "sent to the emergency department after contact with a physician"),
    (DAY_CARE, "dagverksamhet: the hälsocentral where the patient is listed answers"),
    (DAILY_ACTIVITY, "daglig verksamhet (LSS)"),
];

pub(super) const GOOD_UNIT: &str = "sabo-umea-1";
pub(super) const MISSES_ROUNDS: &str = "sabo-umea-2";
pub(super) const NO_NURSE: &str = "sabo-umea-3";
pub(super) const SHORT_ROUNDS: &str = "sabo-umea-4";
pub(super) const NOT_PLANNED: &str = "hsv-umea-2";

/// The organisations that show something: id, and what.
pub const ORGANISATION_CASES: &[(&str, &str)] = &[
    (GOOD_UNIT, "a round with a nurse each week, planned ahead, long enough"),
    (MISSES_ROUNDS, "rounds were missed in several weeks, the last one among them"),
    (NO_NURSE, "rounds are held without the kommun's nurse"),
    (SHORT_ROUNDS, "less than one physician's hour for ten patients a week"),
    (NOT_PLANNED, "rounds are held but never booked"),
    ("korttid-skelleftea-1", "a unit without a hälsocentral"),
    ("hc-teg", "a hälsocentral without a direct number"),
    ("hc-norsjo", "a hälsocentral whose direct number is the one that patients call"),
];
