//! Elliptic-curve keys as JWKs (RFC 7517, RFC 7518): ES256 for the gateway's own tokens, ES384 for clients.

use std::fmt;

use aws_lc_rs::encoding::AsBigEndian;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, KeyPair as _,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

/// A signature algorithm that we make keys for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256.
    #[serde(rename = "ES256")]
    Es256,
    /// ECDSA on P-384 with SHA-384.
    #[serde(rename = "ES384")]
    Es384,
}

impl Algorithm {
    fn signing(self) -> &'static EcdsaSigningAlgorithm {
        match self {
            Self::Es256 => &ECDSA_P256_SHA256_FIXED_SIGNING,
            Self::Es384 => &ECDSA_P384_SHA384_FIXED_SIGNING,
        }
    }

    fn curve(self) -> &'static str {
        match self {
            Self::Es256 => "P-256",
            Self::Es384 => "P-384",
        }
    }

    pub(super) fn jwt(self) -> jsonwebtoken::Algorithm {
        match self {
            Self::Es256 => jsonwebtoken::Algorithm::ES256,
            Self::Es384 => jsonwebtoken::Algorithm::ES384,
        }
    }
}

/// A public key in JWK form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicKey {
    kty: String,
    crv: String,
    x: String,
    y: String,
    /// The key's id.
    pub kid: String,
    /// What it signs with.
    pub alg: Algorithm,
    #[serde(rename = "use", default = "signature")]
    usage: String,
}

fn signature() -> String {
    "sig".into()
}

impl PublicKey {
    pub(super) fn decoding(&self) -> Result<jsonwebtoken::DecodingKey, KeyFault> {
        jsonwebtoken::DecodingKey::from_ec_components(&self.x, &self.y).map_err(|_| KeyFault)
    }
}

/// A private key with its public part, as it is kept in a file.
#[derive(Clone, Serialize, Deserialize)]
pub struct KeyPair {
    #[serde(flatten)]
    public: PublicKey,
    d: String,
}

impl fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyPair({}, private part redacted)", self.public.kid)
    }
}

/// A key that is not a key of these curves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the key is not a valid EC key")]
pub struct KeyFault;

impl KeyPair {
    /// A new key from the cryptographic library's own generator.
    ///
    /// # Errors
    /// Where that fails.
    pub fn generate(algorithm: Algorithm, kid: impl Into<String>) -> Result<Self, KeyFault> {
        let pair = EcdsaKeyPair::generate(algorithm.signing()).map_err(|_| KeyFault)?;
        let point = pair.public_key().as_ref();
        // Uncompressed point: 0x04, then x and y of equal length.
        let (x, y) = point.get(1..).map(|xy| xy.split_at(xy.len() / 2)).ok_or(KeyFault)?;
        let d = AsBigEndian::<aws_lc_rs::encoding::EcPrivateKeyBin<'_>>::as_be_bytes(&pair.private_key())
            .map_err(|_| KeyFault)?;
        Ok(Self {
            public: PublicKey {
                kty: "EC".into(),
                crv: algorithm.curve().into(),
                x: URL_SAFE_NO_PAD.encode(x),
                y: URL_SAFE_NO_PAD.encode(y),
                kid: kid.into(),
                alg: algorithm,
                usage: signature(),
            },
            d: URL_SAFE_NO_PAD.encode(d.as_ref()),
        })
    }

    /// The public part.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    pub(super) fn encoding(&self) -> Result<jsonwebtoken::EncodingKey, KeyFault> {
        let part = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| KeyFault);
        let mut point = vec![4];
        point.extend(part(&self.public.x)?);
        point.extend(part(&self.public.y)?);
        let pair = EcdsaKeyPair::from_private_key_and_public_key(self.public.alg.signing(), &part(&self.d)?, &point)
            .map_err(|_| KeyFault)?;
        let pkcs8 = pair.to_pkcs8v1().map_err(|_| KeyFault)?;
        Ok(jsonwebtoken::EncodingKey::from_ec_der(pkcs8.as_ref()))
    }

    /// Bytes that only the holder of the key can know, for a stated use.
    pub fn derive(&self, usage: &str) -> [u8; 32] {
        use sha2::{Digest, Sha256};
        Sha256::new().chain_update(usage).chain_update([0]).chain_update(&self.d).finalize().into()
    }

    /// A JWT signed with this key.
    ///
    /// # Errors
    /// Where the key is not valid.
    pub fn sign<T: Serialize>(&self, claims: &T) -> Result<String, KeyFault> {
        let mut header = jsonwebtoken::Header::new(self.public.alg.jwt());
        header.kid = Some(self.public.kid.clone());
        jsonwebtoken::encode(&header, claims, &self.encoding()?).map_err(|_| KeyFault)
    }
}
