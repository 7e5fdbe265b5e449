//! Signed roots of the public log, as any transparency log writes them.
//!
//! Source: C2SP tlog-checkpoint and signed-note, <https://c2sp.org/tlog-checkpoint>, <https://c2sp.org/signed-note>.

use crate::keys::Key;
use base64::{Engine, prelude::BASE64_STANDARD};
use ed25519_dalek::{Signer, SigningKey};
use sha2::{Digest, Sha256};
use vocabulary::RoundId;

/// The kind of a signature in a note: Ed25519.
const ED25519: u8 = 1;

/// The name and key under which the roots of one round are signed.
pub(crate) struct LogSigner {
    origin: String,
    key: SigningKey,
}

impl LogSigner {
    /// The signer of a round; the origin names the installation by its public key, so that no two can be mixed up.
    pub fn new(key: &Key, round: &RoundId) -> Self {
        let key = SigningKey::from_bytes(key);
        let fingerprint = Sha256::digest(key.verifying_key().as_bytes());
        Self {
            origin: format!("huiyin/{}/{round}", hex::encode(&fingerprint[..8])),
            key,
        }
    }

    /// The name of the log.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Name, key id and public key in one line, with which anybody checks the signatures.
    pub fn verifier(&self) -> String {
        let public = [&[ED25519], self.key.verifying_key().as_bytes().as_slice()].concat();
        format!(
            "{}+{}+{}",
            self.origin,
            hex::encode(self.key_id()),
            BASE64_STANDARD.encode(public)
        )
    }

    /// The signed text of a root of so many leaves.
    pub fn checkpoint(&self, size: u64, root: &[u8; 32]) -> String {
        let text = format!(
            "{}\n{size}\n{}\n",
            self.origin,
            BASE64_STANDARD.encode(root)
        );
        let signature = self.key.sign(text.as_bytes()).to_bytes();
        let signature = BASE64_STANDARD.encode([self.key_id().as_slice(), &signature].concat());
        format!("{text}\n\u{2014} {} {signature}\n", self.origin)
    }

    fn key_id(&self) -> [u8; 4] {
        let public = self.key.verifying_key();
        let named = [self.origin.as_bytes(), b"\n", &[ED25519], public.as_bytes()].concat();
        let digest: [u8; 32] = Sha256::digest(named).into();
        [digest[0], digest[1], digest[2], digest[3]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ed25519_dalek::{Signature, Verifier};

    #[test]
    fn a_checkpoint_is_a_note_that_its_key_verifies() {
        let signer = LogSigner::new(&[5; 32], &RoundId::new("2026Q3"));
        let note = signer.checkpoint(3, &[7; 32]);
        let (text, signature) = note.split_once("\n\n").unwrap();
        let text = format!("{text}\n");
        let signature = BASE64_STANDARD
            .decode(signature.trim_end().rsplit_once(' ').unwrap().1)
            .unwrap();
        let signed = Signature::from_slice(&signature[4..]).unwrap();

        assert_eq!(text.lines().nth(1), Some("3"));
        assert!(note.ends_with('\n') && note.contains(&format!("\u{2014} {} ", signer.origin())));
        assert_eq!(&signature[..4], signer.key_id());
        signer
            .key
            .verifying_key()
            .verify(text.as_bytes(), &signed)
            .unwrap();
    }
}
