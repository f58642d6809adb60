//! The known name that is nearest to an unknown one.

/// Longer names are not compared.
const MOST_BYTES: usize = 64;

/// The name of `known` that differs from `unknown` by at most two letters put in, left out, changed or swapped
/// (one in short names), case aside.
pub fn nearest<'a>(unknown: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    // Nobody's slip of the pen is that long, and the distance costs its square.
    if unknown.len() > MOST_BYTES {
        return None;
    }
    let unknown = unknown.to_lowercase();
    let most = if unknown.chars().count() < 5 { 1 } else { 2 };
    let distances = known.map(|name| (distance(&unknown, &name.to_lowercase()), name));
    distances.filter(|(distance, _)| *distance <= most).min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}

/// Edits between two names, swaps of neighbours counted as one (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before_last = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let changed = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = changed.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                let swapped: usize = before_last[j - 2];
                least = least.min(swapped + 1);
            }
            row.push(least);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_suggested() {
        let known = ["name", "gender", "birthDate", "identifier"];
        let nearest = |unknown| nearest(unknown, known.into_iter());
        assert_eq!(nearest("nmae"), Some("name"));
        assert_eq!(nearest("birthdate"), Some("birthDate"));
        assert_eq!(nearest("identifiers"), Some("identifier"));
        assert_eq!(nearest("efternamn"), None);
        assert_eq!(nearest(""), None);
    }
}
