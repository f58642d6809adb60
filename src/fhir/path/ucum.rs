//! As much of UCUM (<https://ucum.org/ucum>) as quantities need to be compared: products and powers of the units
//! that care uses, with metric prefixes. A unit outside it is comparable to itself alone.

use rust_decimal::Decimal;

/// Base units, in this order: m, g, s, rad, K, C, cd, mol, `[iU]`, Cel, and the calendar month, whose length in
/// seconds is not fixed.
type Dimensions = [i8; 11];

/// A unit as a multiple of a product of base units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) factor: Decimal,
    pub(super) dimensions: Dimensions,
}

const NONE: Dimensions = [0; 11];
/// Deep enough for every unit in use.
const NESTING: usize = 8;

/// Atom, its factor, its dimensions, whether it takes prefixes.
type Atom = (&'static str, &'static str, Dimensions, bool);

const LENGTH: Dimensions = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
const VOLUME: Dimensions = [3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
const MASS: Dimensions = [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
const TIME: Dimensions = [0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];
const ANGLE: Dimensions = [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0];
const CHARGE: Dimensions = [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0];
const AMOUNT: Dimensions = [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0];
const MONTH: Dimensions = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
const FORCE: Dimensions = [1, 1, -2, 0, 0, 0, 0, 0, 0, 0, 0];
const PRESSURE: Dimensions = [-1, 1, -2, 0, 0, 0, 0, 0, 0, 0, 0];
const ENERGY: Dimensions = [2, 1, -2, 0, 0, 0, 0, 0, 0, 0, 0];
const POWER: Dimensions = [2, 1, -3, 0, 0, 0, 0, 0, 0, 0, 0];

const ATOMS: [Atom; 63] = [
    ("m", "1", LENGTH, true),
    ("g", "1", MASS, true),
    ("s", "1", TIME, true),
    ("rad", "1", ANGLE, true),
    ("K", "1", [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0], true),
    ("C", "1", CHARGE, true),
    ("cd", "1", [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0], true),
    ("mol", "1", AMOUNT, true),
    ("[iU]", "1", [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0], true),
    ("[IU]", "1", [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0], true),
    ("Cel", "1", [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0], true),
    ("10*", "10", NONE, false),
    ("10^", "10", NONE, false),
    ("%", "0.01", NONE, false),
    ("[ppth]", "0.001", NONE, false),
    ("[ppm]", "0.000001", NONE, false),
    ("[pi]", "3.1415926535897932384626433833", NONE, false),
    ("l", "0.001", VOLUME, true),
    ("L", "0.001", VOLUME, true),
    ("ar", "100", [2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], true),
    ("t", "1000000", MASS, true),
    ("u", "0.0000000000000000000000016605", MASS, true),
    ("min", "60", TIME, false),
    ("h", "3600", TIME, false),
    ("d", "86400", TIME, false),
    ("wk", "604800", TIME, false),
    ("mo", "2629800", TIME, false),
    ("a", "31557600", TIME, false),
    ("year", "12", MONTH, false),
    ("month", "1", MONTH, false),
    ("week", "604800", TIME, false),
    ("day", "86400", TIME, false),
    ("hour", "3600", TIME, false),
    ("minute", "60", TIME, false),
    ("second", "1", TIME, false),
    ("millisecond", "0.001", TIME, false),
    ("Hz", "1", [0, 0, -1, 0, 0, 0, 0, 0, 0, 0, 0], true),
    ("Bq", "1", [0, 0, -1, 0, 0, 0, 0, 0, 0, 0, 0], true),
    ("N", "1000", FORCE, true),
    ("Pa", "1000", PRESSURE, true),
    ("bar", "100000000", PRESSURE, true),
    ("m[Hg]", "133322000", PRESSURE, true),
    ("m[H2O]", "9806650", PRESSURE, true),
    ("J", "1000", ENERGY, true),
    ("cal", "4184", ENERGY, true),
    ("W", "1000", POWER, true),
    ("A", "1", [0, 0, -1, 0, 0, 1, 0, 0, 0, 0, 0], true),
    ("V", "1000", [2, 1, -2, 0, 0, -1, 0, 0, 0, 0, 0], true),
    ("Gy", "1", [2, 0, -2, 0, 0, 0, 0, 0, 0, 0, 0], true),
    ("Sv", "1", [2, 0, -2, 0, 0, 0, 0, 0, 0, 0, 0], true),
    ("kat", "1", [0, 0, -1, 0, 0, 0, 0, 1, 0, 0, 0], true),
    ("U", "0.0000000166666666666666666667", [0, 0, -1, 0, 0, 0, 0, 1, 0, 0, 0], true),
    ("eq", "1", AMOUNT, true),
    ("osm", "1", AMOUNT, true),
    ("deg", "0.0174532925199432957692369077", ANGLE, false),
    ("[in_i]", "0.0254", LENGTH, false),
    ("[ft_i]", "0.3048", LENGTH, false),
    ("[yd_i]", "0.9144", LENGTH, false),
    ("[mi_i]", "1609.344", LENGTH, false),
    ("[lb_av]", "453.59237", MASS, false),
    ("[oz_av]", "28.349523125", MASS, false),
    ("[drp]", "0.00000005", VOLUME, false),
    ("[dr_av]", "1.7718451953125", MASS, false),
];

/// Longer prefixes stand before their own beginnings.
const PREFIXES: [(&str, i32); 20] = [
    ("da", 1),
    ("Y", 24),
    ("Z", 21),
    ("E", 18),
    ("P", 15),
    ("T", 12),
    ("G", 9),
    ("M", 6),
    ("k", 3),
    ("h", 2),
    ("d", -1),
    ("c", -2),
    ("m", -3),
    ("u", -6),
    ("n", -9),
    ("p", -12),
    ("f", -15),
    ("a", -18),
    ("z", -21),
    ("y", -24),
];

impl Unit {
    const ONE: Self = Self { factor: Decimal::ONE, dimensions: NONE };

    /// Reads a unit; `None` where it is not among those that are known here.
    pub(super) fn parse(code: &str) -> Option<Self> {
        let code = without_annotations(code);
        if code.is_empty() {
            return Some(Self::ONE);
        }
        let mut parser = Parser { rest: &code };
        let unit = parser.product(0)?;
        parser.rest.is_empty().then_some(unit)
    }

    fn times(self, other: Self, sign: i8) -> Option<Self> {
        let mut dimensions = self.dimensions;
        for (mine, theirs) in dimensions.iter_mut().zip(other.dimensions) {
            *mine = mine.checked_add(theirs.checked_mul(sign)?)?;
        }
        let factor =
            if sign > 0 { self.factor.checked_mul(other.factor) } else { self.factor.checked_div(other.factor) };
        Some(Self { factor: factor?, dimensions })
    }

    fn power(self, exponent: i8) -> Option<Self> {
        (0..exponent.unsigned_abs()).try_fold(Self::ONE, |unit, _| unit.times(self, exponent.signum()))
    }
}

/// `{...}` says something to people and nothing to arithmetic.
fn without_annotations(code: &str) -> String {
    let mut depth = 0_usize;
    code.chars()
        .filter(|c| {
            depth += usize::from(*c == '{');
            let outside = depth == 0;
            depth = depth.saturating_sub(usize::from(*c == '}'));
            outside
        })
        .collect()
}

struct Parser<'t> {
    rest: &'t str,
}

impl Parser<'_> {
    fn takes(&mut self, symbol: char) -> bool {
        let after = self.rest.strip_prefix(symbol);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    /// Components with `.` and `/` between them, from left to right.
    fn product(&mut self, depth: usize) -> Option<Unit> {
        let mut unit = if self.rest.starts_with('/') { Unit::ONE } else { self.component(depth)? };
        loop {
            if self.takes('.') {
                unit = unit.times(self.component(depth)?, 1)?;
            } else if self.takes('/') {
                // What was all annotation leaves nothing after the stroke, as in `/{tbl}`.
                let below = if self.rest.is_empty() { Unit::ONE } else { self.component(depth)? };
                unit = unit.times(below, -1)?;
            } else {
                return Some(unit);
            }
        }
    }

    fn component(&mut self, depth: usize) -> Option<Unit> {
        if depth > NESTING {
            return None;
        }
        if self.takes('(') {
            let unit = self.product(depth + 1)?;
            return self.takes(')').then_some(unit);
        }
        let length = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        if length > 0 && !self.rest.starts_with("10*") && !self.rest.starts_with("10^") {
            let factor = self.rest[..length].parse().ok()?;
            self.rest = &self.rest[length..];
            return Some(Unit { factor, dimensions: NONE });
        }
        let atom = self.atom()?;
        atom.power(self.exponent()?)
    }

    fn atom(&mut self) -> Option<Unit> {
        let symbol = self.symbol()?;
        let prefixed = PREFIXES.iter().filter_map(|(prefix, exponent)| {
            let (_, factor, dimensions, _) = ATOMS.iter().find(|a| a.3 && Some(a.0) == symbol.strip_prefix(prefix))?;
            let scale = Unit { factor: Decimal::TEN, dimensions: NONE }.power(i8::try_from(*exponent).ok()?)?;
            Unit { factor: factor.parse().ok()?, dimensions: *dimensions }.times(scale, 1)
        });
        let plain = ATOMS.iter().find(|atom| atom.0 == symbol);
        match plain {
            Some((_, factor, dimensions, _)) => Some(Unit { factor: factor.parse().ok()?, dimensions: *dimensions }),
            None => prefixed.into_iter().next(),
        }
    }

    /// Takes the letters, brackets and marks of one unit.
    fn symbol(&mut self) -> Option<String> {
        let mut is_bracketed = false;
        let length = self
            .rest
            .find(|c: char| {
                is_bracketed = (is_bracketed || c == '[') && c != ']';
                !(is_bracketed || c.is_ascii_alphabetic() || matches!(c, ']' | '%' | '_'))
            })
            .unwrap_or(self.rest.len());
        let length = if self.rest.starts_with("10*") || self.rest.starts_with("10^") { 3 } else { length };
        let symbol = self.rest[..length].to_owned();
        self.rest = &self.rest[length..];
        (!symbol.is_empty()).then_some(symbol)
    }

    fn exponent(&mut self) -> Option<i8> {
        let digits = self.rest.find(|c: char| !matches!(c, '0'..='9' | '+' | '-')).unwrap_or(self.rest.len());
        if digits == 0 {
            return Some(1);
        }
        let exponent: i8 = self.rest[..digits].parse().ok()?;
        self.rest = &self.rest[digits..];
        // 28 digits are all that a Decimal holds.
        (exponent.unsigned_abs() <= 28).then_some(exponent)
    }
}
