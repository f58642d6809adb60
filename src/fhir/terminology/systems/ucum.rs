//! Whether a text is a unit of UCUM (<https://ucum.org/ucum>, sections 2 and 3), in its case sensitive form.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Deep enough for every unit in use.
const NESTING: u8 = 16;

const PREFIXES: [&str; 24] = [
    "Y", "Z", "E", "P", "T", "G", "M", "k", "h", "da", "d", "c", "m", "u", "n", "p", "f", "a", "z", "y", "Ki", "Mi",
    "Gi", "Ti",
];

/// Atom -> whether it takes prefixes.
static ATOMS: LazyLock<HashMap<&str, bool>> = LazyLock::new(|| {
    let mut is_metric = false;
    let mut atoms = HashMap::new();
    for word in super::list::words(include_str!("ucum.txt")) {
        match word {
            "metric:" => is_metric = true,
            "plain:" => is_metric = false,
            atom => {
                atoms.insert(atom, is_metric);
            }
        }
    }
    atoms
});

/// Whether it is a unit.
pub(super) fn is_code(text: &str) -> bool {
    Parser { rest: text }.term(0).is_some_and(str::is_empty)
}

struct Parser<'t> {
    rest: &'t str,
}

impl<'t> Parser<'t> {
    /// Components with `.` and `/` between them, and perhaps a `/` in front; gives what is left.
    fn term(&mut self, depth: u8) -> Option<&'t str> {
        self.takes('/');
        self.component(depth)?;
        while self.takes('.') || self.takes('/') {
            self.component(depth)?;
        }
        Some(self.rest)
    }

    fn component(&mut self, depth: u8) -> Option<()> {
        if self.takes('(') {
            (depth < NESTING).then_some(())?;
            self.term(depth + 1)?;
            return self.takes(')').then_some(());
        }
        if self.rest.starts_with('{') {
            return self.annotation();
        }
        let is_power_of_ten = self.rest.starts_with("10*") || self.rest.starts_with("10^");
        let digits = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        if digits > 0 && !is_power_of_ten {
            // Nobody counts in zeroes.
            self.rest[..digits].bytes().any(|b| b != b'0').then_some(())?;
            self.rest = &self.rest[digits..];
        } else {
            self.unit()?;
            self.exponent()?;
        }
        if self.rest.starts_with('{') { self.annotation() } else { Some(()) }
    }

    /// `{...}`: says something to people; printable ASCII.
    fn annotation(&mut self) -> Option<()> {
        let end = self.rest.find('}')?;
        let is_plain = |b: u8| (b' '..=b'~').contains(&b) && b != b'{';
        self.rest[1..end].bytes().all(is_plain).then_some(())?;
        self.rest = &self.rest[end + 1..];
        Some(())
    }

    /// An atom, with a prefix if it is metric.
    fn unit(&mut self) -> Option<()> {
        let symbol = &self.rest[..self.symbol()];
        let is_atom = ATOMS.contains_key(symbol);
        let is_prefixed = || {
            let bare = PREFIXES.iter().filter_map(|prefix| symbol.strip_prefix(prefix));
            bare.into_iter().any(|atom| ATOMS.get(atom) == Some(&true))
        };
        (is_atom || is_prefixed()).then_some(())?;
        self.rest = &self.rest[symbol.len()..];
        Some(())
    }

    /// The length of the symbol in front: what stands in brackets belongs to it, and an exponent does not.
    fn symbol(&self) -> usize {
        if self.rest.starts_with("10*") || self.rest.starts_with("10^") {
            return 3;
        }
        let mut is_bracketed = false;
        let mut last = 0;
        for (at, c) in self.rest.char_indices() {
            match c {
                '[' => is_bracketed = true,
                ']' if is_bracketed => is_bracketed = false,
                _ if is_bracketed => {}
                // The digits of `m[H2O]` are bracketed; other digits are an exponent.
                _ if c.is_ascii_alphabetic() || matches!(c, '%' | '_' | '\'') => {}
                _ => return at,
            }
            last = at + c.len_utf8();
        }
        last
    }

    /// Digits, perhaps with a sign.
    fn exponent(&mut self) -> Option<()> {
        let is_signed = self.takes('+') || self.takes('-');
        let digits = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        if digits == 0 && is_signed || digits > 3 {
            return None;
        }
        self.rest = &self.rest[digits..];
        Some(())
    }

    fn takes(&mut self, symbol: char) -> bool {
        let after = self.rest.strip_prefix(symbol);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNITS_OF_CARE: &str = r#"1 % kg mg g ug mm[Hg] cm[H2O] Cel [degF] /min {beats}/min /d 10*9/L 10*-3.mol 10^6 mmol/L mL/min/{1.73_m2} kg/m2 m2 m-2 m+2 [in_i] [lb_av] [IU]/L m[IU]/L k[IU]/mL U/L ukat/L nkat mosm/kg meq/L (24.h) mg/(24.h) mg/kg/d a mo wk d h min s ms {tablet} {tbl} /{tbl} [drp] [arb'U] [pH] {score} dB B[SPL] dB[SPL] /100{WBCs} 100.mg mg{creat} L/min/m2 ng/mL{FEU} [ppm] cal kcal J m/s2 deg ' '' N.m g.m/{hb} [TCID_50] dyn.s/cm5 KiBy eV MBq mGy g% l dL daL [in_i'H2O] cal_th"#;

    #[test]
    fn units_of_care_are_units() {
        for good in UNITS_OF_CARE.split_whitespace() {
            assert!(is_code(good), "{good}");
        }
    }

    #[test]
    fn what_people_write_by_hand_is_no_unit() {
        for bad in [
            "", "x", "Kg", "KG", "mgs", "mcg", "µg", "mmHg", "mm Hg", "°C", "C°", "celsius", "lbs", "in", "years",
            "year", "tablett", "IU/L", "ML/MIN", "mg//L", "mg/", ".mg", "(mg", "mg)", "{open", "{a{b}}", "k%", "kh",
            "m^2", "m2-", "kg m", "10*9 /L", "kmin", "k[in_i]", "å", "{ö}", "mg..L", "()", "0", "m1000",
        ] {
            assert!(!is_code(bad), "{bad}");
        }
    }

    #[test]
    fn nesting_has_an_end() {
        let nested = |depth: usize| format!("{}m{}", "(".repeat(depth), ")".repeat(depth));
        assert!(is_code(&nested(10)));
        assert!(!is_code(&nested(100_000)));
    }
}
