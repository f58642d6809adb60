//! Answers of a terminology service, kept for a while.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;

use super::Answer;

/// A bounded memory of answers.
pub(super) struct Cache {
    answers: HashMap<String, Kept>,
    most: usize,
    lifetime: Duration,
    /// Counts the uses, to tell which is the oldest.
    uses: u64,
}

struct Kept {
    answer: Answer,
    until: Timestamp,
    used: u64,
}

impl Cache {
    /// A memory of at most so many answers, each for so long.
    pub(super) fn new(most: usize, lifetime: Duration) -> Self {
        Self { answers: HashMap::new(), most: most.max(1), lifetime, uses: 0 }
    }

    /// The answer to a question, unless it is too old.
    pub(super) fn get(&mut self, question: &str, now: Timestamp) -> Option<Answer> {
        self.uses += 1;
        let kept = self.answers.get_mut(question).filter(|kept| kept.until > now)?;
        kept.used = self.uses;
        Some(kept.answer)
    }

    /// Keeps an answer; where there is no room the old ones go, and of the others those not used for longest.
    pub(super) fn put(&mut self, question: String, answer: Answer, now: Timestamp) {
        if self.answers.len() >= self.most && !self.answers.contains_key(&question) {
            self.make_room(now);
        }
        self.uses += 1;
        let until = now.checked_add(self.lifetime).unwrap_or(Timestamp::MAX);
        self.answers.insert(question, Kept { answer, until, used: self.uses });
    }

    /// An eighth at a time, so that looking for them costs little for each.
    fn make_room(&mut self, now: Timestamp) {
        self.answers.retain(|_, kept| kept.until > now);
        let wanted = self.most - (self.most / 8).max(1);
        if self.answers.len() > wanted {
            let mut uses: Vec<u64> = self.answers.values().map(|kept| kept.used).collect();
            uses.sort_unstable();
            let last_out = uses.get(self.answers.len() - wanted - 1).copied().unwrap_or_default();
            self.answers.retain(|_, kept| kept.used > last_out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    #[test]
    fn answers_grow_old() {
        let mut cache = Cache::new(4, Duration::from_secs(10));
        cache.put("a".into(), Answer::Yes, at(0));
        assert_eq!(cache.get("a", at(9)), Some(Answer::Yes));
        assert_eq!((cache.get("a", at(10)), cache.get("b", at(0))), (None, None));
    }

    #[test]
    fn what_is_not_used_goes_first_and_there_is_never_too_much() {
        let mut cache = Cache::new(4, Duration::from_secs(10));
        for name in ["a", "b", "c", "d"] {
            cache.put(name.into(), Answer::No, at(0));
        }
        cache.get("a", at(1));
        cache.put("e".into(), Answer::No, at(1));
        let kept = ["a", "b", "c", "d", "e"].map(|name| cache.get(name, at(2)).is_some());
        assert_eq!(kept, [true, false, true, true, true]);
        for n in 0..1000 {
            cache.put(n.to_string(), Answer::No, at(2));
            assert!(cache.answers.len() <= 4);
        }
    }
}
