//! Sealing: what lies in the database before closing cannot be read from the database.

use crate::keys::Key;
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use rand::Rng;
use sha2::Sha256;

const NONCE: usize = 24;

/// Seals bytes with XChaCha20-Poly1305 under a fresh nonce; `context` must be given again to open.
pub fn seal(key: &Key, context: &str, plain: &[u8], rng: &mut impl Rng) -> Vec<u8> {
    let mut nonce = [0; NONCE];
    rng.fill_bytes(&mut nonce);
    let payload = Payload {
        msg: plain,
        aad: context.as_bytes(),
    };
    let sealed = XChaCha20Poly1305::new(&(*key).into())
        .encrypt(&XNonce::from(nonce), payload)
        .expect("sealing fails only beyond 256 GB");
    [nonce.as_slice(), &sealed].concat()
}

/// Opens what [`seal`] made; `None` when key, context or bytes differ.
pub fn open(key: &Key, context: &str, sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, body) = sealed.split_at_checked(NONCE)?;
    let nonce: [u8; NONCE] = nonce.try_into().ok()?;
    let payload = Payload {
        msg: body,
        aad: context.as_bytes(),
    };
    XChaCha20Poly1305::new(&(*key).into())
        .decrypt(&XNonce::from(nonce), payload)
        .ok()
}

/// HMAC-SHA-256 of the parts, each followed by a zero byte.
pub fn keyed(key: &[u8], parts: &[&[u8]]) -> Key {
    let mut mac =
        <Hmac<Sha256> as KeyInit>::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(part);
        mac.update(&[0]);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    #[test]
    fn only_the_same_key_and_context_open_a_seal() {
        let mut rng = ChaCha20Rng::seed_from_u64(3);
        let sealed = seal(&[7; 32], "2026Q3", b"answer", &mut rng);

        assert_eq!(open(&[7; 32], "2026Q3", &sealed).unwrap(), b"answer");
        assert!(open(&[8; 32], "2026Q3", &sealed).is_none());
        assert!(open(&[7; 32], "2026Q2", &sealed).is_none());
        assert!(open(&[7; 32], "2026Q3", &sealed[..30]).is_none());
    }
}
