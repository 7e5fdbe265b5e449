//! A provider of identities on a port of this machine that can be told to misbehave.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use ed25519_dalek::{Signer, SigningKey};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    time::Duration,
};
use workflows::{Provider, ProviderSettings};

pub const SECRET: &str = "a secret of both";

/// What it does wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wrong {
    #[default]
    Nothing,
    /// Takes ten seconds to answer.
    Slow,
    /// Ends every request with 500.
    Broken,
    /// Says it is somebody else.
    OtherName,
    /// Answers with a page.
    Page,
    /// Signs with another key.
    OtherKey,
    /// Signs with the secret of both.
    SharedSecret,
    /// Does not sign.
    Unsigned,
    /// Gives no token of an identity.
    NoToken,
}

#[derive(Default)]
struct Told {
    wrong: Wrong,
    /// Claims by code; each is handed out once.
    codes: HashMap<String, (String, Value)>,
}

/// The provider.
#[derive(Clone)]
pub struct Fake {
    pub issuer: String,
    told: Arc<Mutex<Told>>,
}

impl Fake {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let told = Arc::default();
        let fake = Self { issuer, told };
        let served = fake.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let fake = served.clone();
                std::thread::spawn(move || fake.answer(&stream.unwrap()));
            }
        });
        fake
    }

    /// It as the site sees it; `second_factor` is what stands for a second factor.
    pub fn provider(&self, second_factor: &[&str]) -> Provider {
        provider_at(&self.issuer, second_factor)
    }

    pub fn does(&self, wrong: Wrong) {
        self.told.lock().unwrap().wrong = wrong;
    }

    /// Somebody signs in at this address: the code, and the state handed back. The claims are changed as the test says.
    pub fn signs_in(&self, address: &str, changed: &Value) -> (String, String) {
        let asked = fields(address.split_once('?').unwrap().1);
        assert_eq!(
            asked["redirect_uri"],
            "http://127.0.0.1:8080/sign-in/provider/back"
        );
        assert_eq!(asked["scope"], "openid", "nothing more is asked for");
        assert_eq!(asked["code_challenge_method"], "S256");
        let mut claims = json!({
            "iss": self.issuer, "aud": "huiyin", "sub": "fang", "nonce": asked["nonce"],
            "iat": super::morning().timestamp(), "exp": super::morning().timestamp() + 600,
        });
        for (name, value) in changed.as_object().unwrap() {
            claims[name] = value.clone();
        }
        let mut told = self.told.lock().unwrap();
        let code = format!("code-{}", told.codes.len());
        let kept = (asked["code_challenge"].clone(), claims);
        told.codes.insert(code.clone(), kept);
        (code, asked["state"].clone())
    }

    fn answer(&self, stream: &TcpStream) {
        let (path, body) = read(stream);
        let wrong = self.told.lock().unwrap().wrong;
        let (status, answer) = match (wrong, path.as_str()) {
            (Wrong::Slow, _) => {
                std::thread::sleep(Duration::from_secs(10));
                (500, Value::Null)
            }
            (Wrong::Broken, _) => (500, Value::Null),
            (Wrong::Page, _) => (200, Value::Null),
            (_, "/.well-known/openid-configuration") => (200, self.about(wrong)),
            (_, "/keys") => (200, json!({"keys": [public_key()]})),
            (_, "/token") => self.token(wrong, &fields(&body)),
            _ => (404, Value::Null),
        };
        let (kind, answer) = match answer {
            Value::Null => ("text/html", "<h1>回音</h1>".to_owned()),
            answer => ("application/json", answer.to_string()),
        };
        let length = answer.len();
        // Whoever waits no longer has gone away.
        drop(write!(
            &*stream,
            "HTTP/1.1 {status} -\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{answer}"
        ));
    }

    fn about(&self, wrong: Wrong) -> Value {
        let own = &self.issuer;
        let issuer = match wrong {
            Wrong::OtherName => "http://127.0.0.1:9",
            _ => own.as_str(),
        };
        json!({
            "issuer": issuer, "authorization_endpoint": format!("{own}/auth"), "token_endpoint": format!("{own}/token"),
            "jwks_uri": format!("{own}/keys"), "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["EdDSA", "HS256", "none"],
        })
    }

    fn token(&self, wrong: Wrong, form: &HashMap<String, String>) -> (u16, Value) {
        let found = self.told.lock().unwrap().codes.remove(&form["code"]);
        let proof = BASE64.encode(Sha256::digest(&form["code_verifier"]));
        let Some((_, claims)) = found.filter(|(challenge, _)| *challenge == proof) else {
            return (400, json!({"error": "invalid_grant"}));
        };
        let mut answer = json!({"access_token": "none of ours", "token_type": "Bearer"});
        if wrong != Wrong::NoToken {
            answer["id_token"] = Value::String(signed(&claims, wrong));
        }
        (200, answer)
    }
}

/// A provider of this address as the site sees it.
pub fn provider_at(issuer: &str, second_factor: &[&str]) -> Provider {
    let settings = ProviderSettings {
        issuer: issuer.to_owned(),
        client_id: "huiyin".to_owned(),
        client_secret: SECRET.to_owned(),
        name: "云溪市统一身份认证".to_owned(),
        second_factor: second_factor.iter().map(ToString::to_string).collect(),
    };
    Provider::new(settings, "http://127.0.0.1:8080").unwrap()
}

fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

fn public_key() -> Value {
    let x = BASE64.encode(key(1).verifying_key().as_bytes());
    json!({"kty": "OKP", "crv": "Ed25519", "x": x, "kid": "one", "use": "sig", "alg": "EdDSA"})
}

fn signed(claims: &Value, wrong: Wrong) -> String {
    let algorithm = match wrong {
        Wrong::SharedSecret => "HS256",
        Wrong::Unsigned => "none",
        _ => "EdDSA",
    };
    let head = json!({"alg": algorithm, "kid": "one"}).to_string();
    let text = format!(
        "{}.{}",
        BASE64.encode(head),
        BASE64.encode(claims.to_string())
    );
    let signature = match wrong {
        Wrong::Unsigned => Vec::new(),
        Wrong::SharedSecret => {
            let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
            mac.chain_update(&text).finalize().into_bytes().to_vec()
        }
        Wrong::OtherKey => key(2).sign(text.as_bytes()).to_vec(),
        _ => key(1).sign(text.as_bytes()).to_vec(),
    };
    format!("{text}.{}", BASE64.encode(signature))
}

/// Path and body of one request.
fn read(stream: &TcpStream) -> (String, String) {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        match header.trim().to_lowercase().split_once(": ") {
            Some(("content-length", value)) => length = value.parse().unwrap(),
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    (path, String::from_utf8(body).unwrap())
}

/// The fields of a query or form.
fn fields(text: &str) -> HashMap<String, String> {
    let plain = |text: &str| {
        text.replace("%3A", ":")
            .replace("%2F", "/")
            .replace('+', " ")
    };
    text.split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.to_owned(), plain(value)))
        .collect()
}
