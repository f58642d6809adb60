//! The check digit of personnummer, samordningsnummer and organisationsnummer (modulus 10, ISO/IEC 7812-1 annex B).

/// Whether the last of the digits agrees with the others. Of ten digits, the first is the first to be doubled.
pub(super) fn agrees(digits: &str) -> bool {
    digits
        .bytes()
        .rev()
        .enumerate()
        .try_fold(0_u32, |sum, (place, byte)| Some(sum + weight(place, byte)?))
        .is_some_and(|sum| sum % 10 == 0)
}

fn weight(place_from_right: usize, byte: u8) -> Option<u32> {
    let digit = char::from(byte).to_digit(10)?;
    let weighed = if place_from_right % 2 == 1 { digit * 2 } else { digit };
    Some(weighed / 10 + weighed % 10)
}

#[cfg(test)]
mod tests {
    use super::agrees;

    #[test]
    fn the_published_numbers_agree() {
        for digits in ["1212121212", "9002029800", "0302022389", "7010632391", "5565594230"] {
            assert!(agrees(digits), "{digits}");
        }
    }

    #[test]
    fn a_changed_digit_and_a_letter_do_not() {
        assert!(!agrees("1212121213"));
        assert!(!agrees("121212121A"));
    }
}
