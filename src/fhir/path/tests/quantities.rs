use super::*;

#[test]
fn quantities_are_compared_across_units() {
    check(&[
        ("7 days = 1 week", "true"),
        ("7 days = 1 'wk'", "true"),
        ("1 year = 12 months", "true"),
        ("1 'a' = 1 year", ""),
        ("1 'a' ~ 1 year", "true"),
        ("4 'g' = 4000 'mg'", "true"),
        ("4 'g' ~ 4040 'mg'", "true"),
        ("4 'g' != 4040 'mg'", "true"),
        ("1 'cm' < 1 'm'", "true"),
        ("1 'cm' = 1 's'", ""),
        ("1 'mL' = 0.001 'L'", "true"),
        ("1 'mm[Hg]' < 1 'kPa'", "true"),
        ("5 'mmol/L' = 0.005 'mol/l'", "true"),
        ("10 '10*9/L' = 10 '10*3/uL'", "true"),
        ("1 'cm'.comparable(1 '[in_i]')", "true"),
        ("1 'cm'.comparable(1 's')", "false"),
        ("2 '{tablet}' = 2 '1'", "true"),
        ("1 '[what]' = 1 '[what]'", "true"),
        ("extension.value = 41 'a'", "true"),
    ]);
}

#[test]
fn quantities_are_reckoned_with() {
    check(&[
        ("2.0 'cm' * 2.0 'm' = 0.040 'm2'", "true"),
        ("4.0 'g' / 2.0 'm' = 2 'g/m'", "true"),
        ("1.0 'm' / 1.0 'm' = 1 '1'", "true"),
        ("1 'g' + 1 'mg' = 1.001 'g'", "true"),
        ("2 * 3 'mg'", "6 'mg'"),
        ("1 'g' - 1 's'", ""),
        ("1 'g' mod 1 'g'", "error"),
        ("-(1 'mg')", "-1 'mg'"),
    ]);
}
