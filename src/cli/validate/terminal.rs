//! What may be written to a terminal, and in which colours.

use std::io::{IsTerminal as _, Write as _};

/// A text with nothing in it that a terminal would obey: control characters and those that turn the direction of
/// writing are told by their number.
pub fn plain(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        if is_obeyed(c) {
            out.push_str(&number(c))
        } else {
            out.push(c)
        }
        out
    })
}

/// Whether a terminal would act on a character in place of showing it.
pub fn is_obeyed(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{61c}')
        || matches!(c, '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A character by its number.
pub fn number(c: char) -> String {
    format!("<U+{:04X}>", u32::from(c))
}

/// Says something on standard error.
pub fn note(text: &str) {
    // Nobody is left to tell when standard error is gone.
    let _ = writeln!(std::io::stderr(), "{}", plain(text));
}

/// Says on standard error why something could not be checked.
pub fn fault(text: &str) {
    note(&format!("vardbro: {text}"));
}

/// Colours, or none.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Paint(bool);

impl Paint {
    /// No colours.
    #[cfg(test)]
    pub const NONE: Self = Self(false);

    /// Colours on a terminal, unless `NO_COLOR` (<https://no-color.org>) is set.
    pub fn of_output() -> Self {
        let unwanted = std::env::var_os("NO_COLOR").is_some_and(|it| !it.is_empty());
        Self(!unwanted && std::io::stdout().is_terminal())
    }

    pub fn bold(self, text: &str) -> String {
        self.with("1", text)
    }

    pub fn red(self, text: &str) -> String {
        self.with("1;31", text)
    }

    pub fn yellow(self, text: &str) -> String {
        self.with("33", text)
    }

    pub fn green(self, text: &str) -> String {
        self.with("32", text)
    }

    pub fn dim(self, text: &str) -> String {
        self.with("2", text)
    }

    fn with(self, code: &str, text: &str) -> String {
        if self.0 { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_obeys_nothing_of_a_text() {
        assert_eq!(plain("a\u{1b}[2Jb\u{202e}c\u{85}å"), "a<U+001B>[2Jb<U+202E>c<U+0085>å");
    }
}
