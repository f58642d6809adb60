//! What to change in a primitive value that is not of its form.

use crate::validate::rules::{
    BASE64_FORMAT, CODE_FORMAT, DATE_FORMAT, DATE_TIME_FORMAT, DECIMAL_DIGITS, ID_FORMAT, INSTANT_FORMAT,
    INTEGER_FORMAT, OID_FORMAT, Rule, STRING_CHARACTERS, STRING_EMPTY, STRING_TOO_LONG, TIME_FORMAT, URI_FORMAT,
    UUID_FORMAT,
};

/// A rule with what to change, in English and in Swedish.
pub type Fault = (&'static Rule, &'static str, &'static str);

/// Of a value of type integer.
pub const INTEGER: Fault = (
    &INTEGER_FORMAT,
    "Write a whole number from -2147483648 to 2147483647, without decimals or exponent.",
    "Skriv ett heltal från -2147483648 till 2147483647, utan decimaler eller exponent.",
);
/// Of a value of type unsignedInt.
pub const UNSIGNED_INT: Fault = (
    &INTEGER_FORMAT,
    "Write a whole number from 0 to 2147483647, without decimals or exponent.",
    "Skriv ett heltal från 0 till 2147483647, utan decimaler eller exponent.",
);
/// Of a value of type positiveInt.
pub const POSITIVE_INT: Fault = (
    &INTEGER_FORMAT,
    "Write a whole number from 1 to 2147483647, without decimals or exponent.",
    "Skriv ett heltal från 1 till 2147483647, utan decimaler eller exponent.",
);
/// Of a value of type decimal.
pub const DECIMAL: Fault = (
    &DECIMAL_DIGITS,
    "A decimal has at most 18 significant digits; round it.",
    "Ett decimaltal har högst 18 värdesiffror; avrunda det.",
);
/// Of a string that is too long.
pub const LONG: Fault = (
    &STRING_TOO_LONG,
    "A string has at most 1 MiB; send longer text as an attachment.",
    "En sträng har högst 1 MiB; skicka längre text som bilaga.",
);
/// Of a string that is empty.
pub const EMPTY: Fault = (
    &STRING_EMPTY,
    "A string holds more than white space; leave the element out where there is nothing to say.",
    "En sträng innehåller mer än blanktecken; utelämna elementet när det inte finns något att säga.",
);
/// Of a string with characters that it may not have.
pub const CHARACTERS: Fault = (
    &STRING_CHARACTERS,
    "A string has no byte order mark and no control characters but tab, carriage return and line feed; remove them.",
    "En sträng har ingen byteordningsmarkering och inga styrtecken utom tabb, vagnretur och radmatning; ta bort dem.",
);
/// Of a value of type code.
pub const CODE: Fault = (
    &CODE_FORMAT,
    "A code has no white space at its ends and only single spaces inside; correct it.",
    "En kod har inga blanktecken i ändarna och endast enstaka mellanslag inuti; rätta den.",
);
/// Of a value of type id.
pub const ID: Fault = (
    &ID_FORMAT,
    "An id is 1 to 64 characters of A-Z, a-z, 0-9, hyphen and full stop; correct it.",
    "Ett id är 1 till 64 tecken av A-Z, a-z, 0-9, bindestreck och punkt; rätta det.",
);
/// Of a value of type uri, url, canonical.
pub const URI: Fault = (
    &URI_FORMAT,
    "A URI is not empty and has no white space; remove or percent-encode it.",
    "En URI är inte tom och har inga blanktecken; ta bort eller procentkoda dem.",
);
/// Of a value of type oid.
pub const OID: Fault = (
    &OID_FORMAT,
    "Write an oid as urn:oid: followed by numbers between full stops.",
    "Skriv en oid som urn:oid: följt av tal med punkter emellan.",
);
/// Of a value of type uuid.
pub const UUID: Fault = (
    &UUID_FORMAT,
    "Write a uuid as urn:uuid: followed by its 36 characters in lower case.",
    "Skriv en uuid som urn:uuid: följt av dess 36 tecken i gemener.",
);
/// Of a value of type base64Binary.
pub const BASE64: Fault = (
    &BASE64_FORMAT,
    "Write the content in base64 with the characters A-Z a-z 0-9 + / and padding.",
    "Skriv innehållet i base64 med tecknen A-Z a-z 0-9 + / och utfyllnad.",
);
/// Of a value of type date.
pub const DATE: Fault = (
    &DATE_FORMAT,
    "Write a date as YYYY-MM-DD, YYYY-MM or YYYY, and a day that exists.",
    "Skriv ett datum som ÅÅÅÅ-MM-DD, ÅÅÅÅ-MM eller ÅÅÅÅ, och en dag som finns.",
);
/// Of a value of type dateTime.
pub const DATE_TIME: Fault = (
    &DATE_TIME_FORMAT,
    "Write a date, or a date with time of day and zone as 2026-03-02T08:00:00+01:00.",
    "Skriv ett datum, eller ett datum med klockslag och tidszon som 2026-03-02T08:00:00+01:00.",
);
/// Of a value of type instant.
pub const INSTANT: Fault = (
    &INSTANT_FORMAT,
    "Write the day, the time of day to the second and the zone, as 2026-03-02T08:00:00+01:00.",
    "Skriv dag, klockslag med sekunder och tidszon, som 2026-03-02T08:00:00+01:00.",
);
/// Of a value of type time.
pub const TIME: Fault =
    (&TIME_FORMAT, "Write the time of day as hh:mm:ss, without zone.", "Skriv klockslaget som tt:mm:ss, utan tidszon.");
