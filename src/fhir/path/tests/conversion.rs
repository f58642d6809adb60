use super::*;

#[test]
fn what_converts_is_converted() {
    check(&[
        ("'1'.toInteger()", "1"),
        ("'1.a'.toDecimal()", ""),
        ("'1.50'.toDecimal()", "1.50"),
        ("'yes'.toBoolean()", "true"),
        ("2.toBoolean()", ""),
        ("'2015-02'.toDate()", "2015-02"),
        ("'2015-02-04T14'.convertsToDateTime()", "true"),
        ("'14:34'.toTime()", "14:34"),
        ("'25'.convertsToTime()", "false"),
        ("1.0.toString()", "1.0"),
        ("1 week.toString()", "1 week"),
        ("1 'wk'.toString()", "1 'wk'"),
        ("'1 \\'mg\\''.toQuantity()", "1 'mg'"),
        ("1 'g'.toQuantity('mg')", "1000 'mg'"),
        ("(1 | 2).toString()", "error"),
        ("{}.convertsToString()", ""),
        ("name.first().convertsToString()", "false"),
    ]);
}
