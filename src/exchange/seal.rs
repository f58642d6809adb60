//! Page links that tell nothing: the query in them is sealed (AES-256-GCM), because it may hold a personal number, which
//! has no place in a URL.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::entropy::Entropy;

/// Seals and opens texts under one key.
pub struct Seal {
    key: LessSafeKey,
}

impl Seal {
    /// A seal with this key.
    pub fn new(key: &[u8; 32]) -> Self {
        #[expect(clippy::expect_used, reason = "the key has the length that the algorithm asks for")]
        let key = UnboundKey::new(&AES_256_GCM, key).expect("32 bytes are an AES-256 key");
        Self { key: LessSafeKey::new(key) }
    }

    /// The sealed text, fit for a URL.
    pub fn seal(&self, text: &str, entropy: &dyn Entropy) -> String {
        let mut nonce = [0_u8; NONCE_LEN];
        entropy.fill(&mut nonce);
        let mut sealed = text.as_bytes().to_vec();
        if self.key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut sealed).is_err() {
            // Only texts of 64 GiB and more can't be sealed.
            return String::new();
        }
        URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat())
    }

    /// The text behind a sealed one; `None` where it is not one of ours.
    pub fn open(&self, sealed: &str) -> Option<String> {
        let mut bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, rest) = bytes.split_at_mut_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let text = self.key.open_in_place(nonce, Aad::empty(), rest).ok()?;
        String::from_utf8(text.to_vec()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    #[test]
    fn only_what_was_sealed_here_opens() {
        let entropy = SeededEntropy::new(1);
        let (ours, theirs) = (Seal::new(&[1; 32]), Seal::new(&[2; 32]));
        let sealed = ours.seal("identifier=a|b", &entropy);
        assert_eq!(ours.open(&sealed).as_deref(), Some("identifier=a|b"));
        assert_eq!(theirs.open(&sealed), None);
        assert_eq!(ours.open(&sealed[1..]), None);
        assert_eq!(ours.open(""), None);
    }
}
