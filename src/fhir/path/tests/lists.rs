use super::*;

#[test]
fn existence_of_items() {
    check(&[
        ("name.exists()", "true"),
        ("name.exists(use = 'usual')", "true"),
        ("name.all(given.exists())", "true"),
        ("name.empty()", "false"),
        ("(true | false).anyTrue()", "true"),
        ("(true | false).allFalse()", "false"),
        ("{}.all(false)", "true"),
        ("(1 | 2).subsetOf(1 | 2 | 3)", "true"),
        ("(1 | 2).supersetOf(1 | 2 | 3)", "false"),
        ("(1).combine(1).isDistinct()", "false"),
        ("(1).combine(1).distinct().count()", "1"),
    ]);
}

#[test]
fn filters_and_projections_see_this_and_index() {
    check(&[
        ("telecom.where(rank = 1).value", "2"),
        ("telecom.select($index)", "0;1"),
        ("name.given.where($this.length() = 3)", "Cia"),
        ("(1 | 2 | 3).aggregate($this + $total, 0)", "6"),
        ("(3 | 1 | 2).aggregate(iif($total.empty() or $this < $total, $this, $total))", "1"),
        ("1.repeat(iif($this < 4, $this + 1, {}))", "2;3;4"),
        ("name.repeat('a')", "a"),
    ]);
}

#[test]
fn parts_of_a_list() {
    check(&[
        ("(1 | 2 | 3)[1]", "2"),
        ("(1 | 2 | 3)[9]", ""),
        ("(1 | 2 | 3).first()", "1"),
        ("(1 | 2 | 3).last()", "3"),
        ("(1 | 2 | 3).tail()", "2;3"),
        ("(1 | 2 | 3).skip(-1).take(2)", "1;2"),
        ("(1 | 2).single()", "error"),
        ("(1 | 2 | 3).intersect(2 | 4)", "2"),
        ("1.combine(1 | 2).exclude(2)", "1;1"),
        ("(1 | 2 | 2).union(3)", "1;2;3"),
    ]);
}

#[test]
fn sorting_is_by_keys() {
    check(&[
        ("(3 | 1 | 2).sort()", "1;2;3"),
        ("('a' | 'c' | 'b').sort(-$this)", "c;b;a"),
        ("('a' | 'c').sort($this desc)", "c;a"),
        ("telecom.sort(rank).value", "2;1"),
        ("(@2026 | @2026-03 | @2025).sort()", "2025;2026;2026-03"),
        ("(active | name.first()).sort()", "error"),
    ]);
}

#[test]
fn variables_are_seen_by_the_rest_of_the_path() {
    check(&[
        ("defineVariable('n', name.first().use).telecom.where(%n = 'official').count()", "2"),
        ("name.defineVariable('v').select(%v.count())", "2;2"),
        ("%nothing", "error"),
        ("defineVariable('context')", "error"),
        ("name.where(defineVariable('x').exists()).select(%x)", "error"),
        ("%context.id", "p1"),
        ("%ucum", "http://unitsofmeasure.org"),
    ]);
}
