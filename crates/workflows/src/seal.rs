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

/// Shortest sealed content; longer content is filled up to the next power of two.
const SHORTEST: usize = 2048;

/// Seals bytes with XChaCha20-Poly1305 under a fresh nonce; `context` must be given again to open.
///
/// The content is filled up, so that its length does not tell a long answer from a short one.
pub fn seal(key: &Key, context: &str, plain: &[u8], rng: &mut impl Rng) -> Vec<u8> {
    let mut nonce = [0; NONCE];
    rng.fill_bytes(&mut nonce);
    let filled = filled_up(plain);
    let payload = Payload {
        msg: &filled,
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
    let mut filled = XChaCha20Poly1305::new(&(*key).into())
        .decrypt(&XNonce::from(nonce), payload)
        .ok()?;
    let end = filled.iter().rposition(|byte| *byte == END)?;
    filled.truncate(end);
    Some(filled)
}

const END: u8 = 0x80;

/// The content, one end byte, and zeros.
fn filled_up(plain: &[u8]) -> Vec<u8> {
    let length = (plain.len() + 1).next_power_of_two().max(SHORTEST);
    let mut filled = Vec::with_capacity(length);
    filled.extend_from_slice(plain);
    filled.push(END);
    filled.resize(length, 0);
    filled
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

    #[test]
    fn short_and_long_answers_have_the_same_length_once_sealed() {
        let mut rng = ChaCha20Rng::seed_from_u64(3);
        let mut seal_of = |plain: &[u8]| seal(&[7; 32], "", plain, &mut rng);
        let lengths = [0, 1, 300, 2_047].map(|length| seal_of(&vec![END; length]).len());

        assert_eq!(lengths, [2_048 + 40; 4]);
        for plain in [[].as_slice(), &[0, 0], &[END], &[7; 5_000]] {
            assert_eq!(open(&[7; 32], "", &seal_of(plain)).unwrap(), plain);
        }
    }
}
