//! Numbers as text: nothing is rounded on the way to a verdict.

/// Whether a JSON number is written as an integer of 32 bits that is at least `least`.
pub fn is_integer(text: &str, least: i32) -> bool {
    // FHIR's integers have no negative zero, and parse() would take it.
    text != "-0" && text.parse::<i32>().is_ok_and(|number| number >= least)
}

/// The digits of a JSON number that say something: all of the mantissa but its leading zeros.
pub fn significant_digits(text: &str) -> usize {
    let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
    mantissa.bytes().filter(u8::is_ascii_digit).skip_while(|digit| *digit == b'0').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_have_no_decimals_and_fit_32_bits() {
        assert!(is_integer("2147483647", i32::MIN) && is_integer("-2147483648", i32::MIN) && is_integer("0", 0));
        for text in ["2147483648", "1.0", "1e2", "-0"] {
            assert!(!is_integer(text, i32::MIN), "{text}");
        }
        assert!(!is_integer("0", 1) && !is_integer("-1", 0));
    }

    #[test]
    fn leading_zeros_and_exponents_are_not_significant() {
        for (text, digits) in [("1.50", 3), ("0.0010", 2), ("-12e100", 2), ("0", 0), ("123456789.012345678", 18)] {
            assert_eq!(significant_digits(text), digits, "{text}");
        }
    }
}
