//! The forms of municipal care that the agreements tell apart; the product's own codes in JSON and FHIR.

use super::code::codes;

codes! {
    /// A form of care: the type of a unit, and of the enrolment at one.
    CareForm {
        /// Hemsjukvård.
        HomeCare = "hemsjukvard",
        /// Särskilt boende.
        NursingHome = "sarskilt-boende",
        /// Bostad med särskild service (LSS, SoL).
        GroupHome = "sarskilt-boende-fn",
        /// Korttidsenhet.
        ShortTerm = "korttid",
        /// Dagverksamhet.
        DayCare = "dagverksamhet",
        /// Daglig verksamhet (LSS).
        DailyActivity = "daglig-verksamhet",
        /// Hemtjänst.
        HomeHelp = "hemtjanst",
        /// Socialpsykiatri.
        SocialPsychiatry = "socialpsykiatri",
    }
}
