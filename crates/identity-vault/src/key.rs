//! The key of the vault, and sealing under it.

use crate::VaultError;
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use rand::Rng;
use std::fmt;

/// Bytes of a nonce; it stands before the sealed bytes.
const NONCE: usize = 24;

/// The key under which everything in a vault is sealed. Never printed.
#[derive(Clone)]
pub struct VaultKey(XChaCha20Poly1305);

/// A text that is not a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("密钥文件应为 64 个十六进制字符")]
pub struct BadKey;

impl VaultKey {
    /// From 32 random bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(&bytes.into()))
    }

    /// From the text of a key file: 64 hexadecimal digits, white space around them ignored.
    ///
    /// # Errors
    /// [`BadKey`] for any other text.
    pub fn parse(text: &str) -> Result<Self, BadKey> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text.trim(), &mut bytes).map_err(|_| BadKey)?;
        Ok(Self::new(bytes))
    }

    /// Seals text so that it opens only under the same name.
    pub(crate) fn seal(&self, name: &str, text: &[u8], rng: &mut impl Rng) -> Vec<u8> {
        let mut nonce = [0; NONCE];
        rng.fill_bytes(&mut nonce);
        self.seal_with(nonce, name, text)
    }

    /// What a vault made with this key holds to tell a wrong key at once.
    ///
    /// The one text that is sealed without a random nonce: it is always the same, so nothing can be learned from it.
    pub(crate) fn check_value(&self) -> Vec<u8> {
        self.seal_with([0; NONCE], "key_check", b"huiyin identity vault")
    }

    fn seal_with(&self, nonce: [u8; NONCE], name: &str, text: &[u8]) -> Vec<u8> {
        let payload = Payload {
            msg: text,
            aad: name.as_bytes(),
        };
        let sealed = self
            .0
            .encrypt(&XNonce::from(nonce), payload)
            .expect("texts are far shorter than the 256 GiB the cipher allows");
        [nonce.as_slice(), &sealed].concat()
    }

    /// Opens what was sealed under this name.
    pub(crate) fn open(&self, name: &str, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        let (nonce, sealed) = sealed
            .split_first_chunk::<NONCE>()
            .ok_or(VaultError::Damaged)?;
        let payload = Payload {
            msg: sealed,
            aad: name.as_bytes(),
        };
        self.0
            .decrypt(&XNonce::from(*nonce), payload)
            .map_err(|_| VaultError::Damaged)
    }
}

impl From<[u8; 32]> for VaultKey {
    fn from(bytes: [u8; 32]) -> Self {
        Self::new(bytes)
    }
}

impl fmt::Debug for VaultKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VaultKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    #[test]
    fn what_is_sealed_opens_only_under_its_name_and_key() {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let key = VaultKey::new([1; 32]);

        let sealed = key.seal("P1", "张三".as_bytes(), &mut rng);

        assert_eq!(key.open("P1", &sealed).unwrap(), "张三".as_bytes());
        assert_eq!(key.open("P2", &sealed), Err(VaultError::Damaged));
        let other = VaultKey::new([2; 32]);
        assert_eq!(other.open("P1", &sealed), Err(VaultError::Damaged));
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert_eq!(key.open("P1", &changed), Err(VaultError::Damaged));
        }
        assert_eq!(key.open("P1", &sealed[..10]), Err(VaultError::Damaged));
    }

    #[test]
    fn the_same_text_is_never_sealed_alike() {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let key = VaultKey::new([1; 32]);

        assert_ne!(
            key.seal("P1", b"x", &mut rng),
            key.seal("P1", b"x", &mut rng)
        );
    }

    #[test]
    fn a_key_file_holds_64_hexadecimal_digits_and_is_never_printed() {
        let text = format!(" {}\n", "0a".repeat(32));

        assert_eq!(format!("{:?}", VaultKey::parse(&text).unwrap()), "VaultKey");
        for bad in ["", "0a", "zz", &"0a".repeat(33)] {
            assert_eq!(VaultKey::parse(bad).unwrap_err(), BadKey);
        }
    }
}
