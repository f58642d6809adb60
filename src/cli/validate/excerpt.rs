//! The part of a source line around a place, as a terminal shows it, and where the caret goes under it.

use super::terminal::{is_obeyed, number};

/// A piece of a line.
#[derive(Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The text, ready for a terminal.
    pub text: String,
    /// Columns before the place.
    pub indent: usize,
    /// Columns of the place, at least 1.
    pub width: usize,
}

/// So many columns are shown of a line.
const MOST: usize = 96;
/// So many characters before the place, where the line is longer than that.
const BEFORE: usize = 40;
const TAB: usize = 4;
const CUT: &str = "…";

/// The line of a text, from 1, without its line break.
pub fn line(source: &str, line: u32) -> Option<&str> {
    source.split('\n').nth(line.checked_sub(1)? as usize).map(|it| it.strip_suffix('\r').unwrap_or(it))
}

/// The excerpt around a column, counted in characters from 1.
pub fn around(line: &str, column: u32) -> Excerpt {
    let at = (column as usize).saturating_sub(1);
    let is_long = line.chars().map(|c| shown(c, 0).1).scan(0, |sum, it| (*sum += it, Some(*sum)).1).any(|it| it > MOST);
    let start = if is_long { at.saturating_sub(BEFORE) } else { 0 };
    let place = at..at + token(line, at);
    let mut out = Excerpt { text: String::new(), indent: 0, width: 0 };
    let mut used = 0;
    if start > 0 {
        out.text.push_str(CUT);
        used += 1;
    }
    for (index, c) in line.chars().enumerate().skip(start) {
        let (text, width) = shown(c, used);
        if used + width > MOST {
            out.text.push_str(CUT);
            break;
        }
        if index == place.start {
            out.indent = used;
        }
        if place.contains(&index) {
            out.width += width;
        }
        out.text.push_str(&text);
        used += width;
    }
    // A place at the end of the line, where something is missing.
    if at >= line.chars().count() {
        out.indent = used;
    }
    out.width = out.width.max(1);
    out
}

/// The characters of the JSON value or mark at a place.
fn token(line: &str, at: usize) -> usize {
    let mut rest = line.chars().skip(at);
    match rest.next() {
        Some('"') => {
            let mut is_escaped = false;
            let inside = rest.take_while(|c| {
                let is_end = *c == '"' && !is_escaped;
                is_escaped = *c == '\\' && !is_escaped;
                !is_end
            });
            inside.count() + 2
        }
        Some(c) if c.is_alphanumeric() || c == '-' => {
            1 + rest.take_while(|c| c.is_alphanumeric() || "+-._".contains(*c)).count()
        }
        _ => 1,
    }
}

/// A character as it is shown at a column, and how many columns it takes.
fn shown(c: char, column: usize) -> (String, usize) {
    match c {
        '\t' => {
            let width = TAB - column % TAB;
            (" ".repeat(width), width)
        }
        _ if is_obeyed(c) => {
            let text = number(c);
            let width = text.len();
            (text, width)
        }
        _ => (c.to_string(), columns(c)),
    }
}

/// The columns of a character on a terminal: 0 for marks over the one before, 2 for East Asian characters and emoji
/// ([UAX 11](https://www.unicode.org/reports/tr11/), the blocks that matter).
fn columns(c: char) -> usize {
    match c {
        '\u{0300}'..='\u{036f}' | '\u{0483}'..='\u{0489}' | '\u{0591}'..='\u{05bd}' | '\u{0610}'..='\u{061a}' => 0,
        '\u{064b}'..='\u{065f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' => 0,
        '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}' | '\u{e0100}'..='\u{e01ef}' => 0,
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{303e}' | '\u{3041}'..='\u{a4cf}' | '\u{a960}'..='\u{a97f}' => 2,
        '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff01}'..='\u{ff60}' => 2,
        '\u{ffe0}'..='\u{ffe6}' | '\u{1f300}'..='\u{1f64f}' | '\u{1f680}'..='\u{1f6ff}' => 2,
        '\u{1f900}'..='\u{1f9ff}' | '\u{1fa70}'..='\u{1faff}' | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn under(line: &str, column: u32) -> String {
        let it = around(line, column);
        format!("{}\n{}{}", it.text, " ".repeat(it.indent), "^".repeat(it.width))
    }

    #[test]
    fn the_caret_is_under_the_whole_value() {
        assert_eq!(under(r#"  "a": "x\"y","#, 8), "  \"a\": \"x\\\"y\",\n       ^^^^^^");
        assert_eq!(under(r#"{"a":-1.50}"#, 6), "{\"a\":-1.50}\n     ^^^^^");
        assert_eq!(under("{}", 1), "{}\n^");
        assert_eq!(under("{", 2), "{\n ^");
    }

    #[test]
    fn tabs_and_wide_characters_do_not_move_it() {
        assert_eq!(under("\t\"a\": 1", 7), "    \"a\": 1\n         ^");
        assert_eq!(under("\"薬\": 1", 6), "\"薬\": 1\n      ^");
        assert_eq!(under("\"e\u{301}\": 1", 7), "\"e\u{301}\": 1\n     ^");
    }

    #[test]
    fn control_characters_are_shown_by_their_number() {
        assert_eq!(under("\"\u{1b}[2J\"", 1), "\"<U+001B>[2J\"\n^^^^^^^^^^^^^");
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let line = format!("{{\"a\":\"{}\",\"b\":true,\"c\":\"{}\"}}", "x".repeat(200), "y".repeat(200));
        let column = u32::try_from(line.find("true").unwrap()).unwrap() + 1;
        let it = around(&line, column);
        assert!(it.text.starts_with('…') && it.text.ends_with('…') && it.text.chars().count() <= MOST + 1);
        let shown: String = it.text.chars().skip(it.indent).take(it.width).collect();
        assert_eq!(shown, "true");
    }

    #[test]
    fn lines_are_found_with_either_line_break() {
        assert_eq!((line("a\r\nb", 1), line("a\nb", 2), line("a", 3)), (Some("a"), Some("b"), None));
    }
}
