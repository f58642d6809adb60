//! The date form of HTTP headers (RFC 9110 section 5.6.7), in whole seconds.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// `Sun, 06 Nov 1994 08:49:37 GMT`
pub fn format(instant: Timestamp) -> String {
    instant.to_zoned(TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Reads that form.
pub fn parse(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_reads_back_to_the_second() {
        let instant: Timestamp = "1994-11-06T08:49:37.25Z".parse().unwrap();
        assert_eq!(format(instant), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(parse(&format(instant)).map(Timestamp::as_second), Some(instant.as_second()));
        assert_eq!(parse("yesterday"), None);
    }
}
