//! A device with passkeys, together with the browser in front of it: answers questions as they stand in WebAuthn, and wrongly
//! where a test wants it to.

use data_encoding::BASE64URL_NOPAD;
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};

/// What is wrong with an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Slip {
    /// Nothing.
    None,
    /// The page stood at another address.
    Origin(String),
    /// The device was asked in another house's name.
    Party(String),
    /// The answer to another question.
    Challenge,
    /// Nobody showed a finger, a face or a PIN.
    Unverified,
    /// The signature is of something else.
    Signature,
    /// The device takes the passkey for somebody else's, by their handle.
    Handle(String),
    /// Our page stood inside another one.
    Framed,
}

/// A passkey in the device.
#[derive(Clone)]
struct Held {
    id: Vec<u8>,
    handle: String,
    pkcs8: Vec<u8>,
}

/// A device that holds passkeys.
#[derive(Clone)]
pub struct Authenticator {
    origin: String,
    held: Vec<Held>,
    /// The signature counter of its next answer; it stays zero in devices that do not count.
    pub counter: u32,
    /// Passkeys are copied between the owner's devices.
    pub synced: bool,
}

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const MAY_BE_COPIED: u8 = 0x08;
const COPIED: u8 = 0x10;
const NEW_KEY: u8 = 0x40;

impl Authenticator {
    /// An empty device whose browser is at this address.
    pub fn at(origin: &str) -> Self {
        Self { origin: origin.to_owned(), held: Vec::new(), counter: 1, synced: false }
    }

    /// Makes a passkey as the question wants it; answers what the browser sends.
    ///
    /// # Panics
    /// On a question that is none.
    pub fn make(&mut self, asked: &Value, slip: &Slip) -> String {
        let pair = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &SystemRandom::new());
        let pkcs8 = pair.expect("a key is drawn").as_ref().to_vec();
        let held = Held { id: random(32), handle: word(&asked["user"]["id"]), pkcs8 };
        let signer = held.signer();
        let data =
            [self.data(&word(&asked["rp"]["id"]), (slip, NEW_KEY)), key_data(&held.id, signer.public_key().as_ref())];
        let client = self.client("webauthn.create", asked, slip);
        let answer = json!({
            "id": BASE64URL_NOPAD.encode(&held.id),
            "rawId": BASE64URL_NOPAD.encode(&held.id),
            "type": "public-key",
            "response": {
                "clientDataJSON": BASE64URL_NOPAD.encode(&client),
                "attestationObject": BASE64URL_NOPAD.encode(&attestation(&data.concat())),
                "transports": ["internal"],
            },
            "clientExtensionResults": { "credProps": { "rk": true } },
        });
        self.held.push(held);
        self.count();
        answer.to_string()
    }

    /// Answers a question with its newest passkey, and counts.
    ///
    /// # Panics
    /// Without a passkey, and on a question that is none.
    pub fn answer(&mut self, asked: &Value, slip: &Slip) -> String {
        let held = self.held.last().expect("the device holds a passkey").clone();
        let data = self.data(&word(&asked["rpId"]), (slip, 0));
        let client = self.client("webauthn.get", asked, slip);
        let signed = match slip {
            Slip::Signature => [&data[..], b"something else"].concat(),
            _ => [&data[..], digest(&SHA256, &client).as_ref()].concat(),
        };
        let signature = held.signer().sign(&SystemRandom::new(), &signed).expect("it signs");
        let handle = if let Slip::Handle(other) = slip { other.clone() } else { held.handle.clone() };
        self.count();
        json!({
            "id": BASE64URL_NOPAD.encode(&held.id),
            "rawId": BASE64URL_NOPAD.encode(&held.id),
            "type": "public-key",
            "response": {
                "clientDataJSON": BASE64URL_NOPAD.encode(&client),
                "authenticatorData": BASE64URL_NOPAD.encode(&data),
                "signature": BASE64URL_NOPAD.encode(signature.as_ref()),
                "userHandle": handle,
            },
            "clientExtensionResults": {},
        })
        .to_string()
    }

    /// The handle under which the newest passkey is held.
    ///
    /// # Panics
    /// Without a passkey.
    pub fn handle(&self) -> String {
        self.held.last().expect("the device holds a passkey").handle.clone()
    }

    fn count(&mut self) {
        if self.counter > 0 {
            self.counter += 1;
        }
    }

    fn data(&self, party: &str, (slip, more): (&Slip, u8)) -> Vec<u8> {
        let party = if let Slip::Party(other) = slip { other } else { party };
        let verified = if *slip == Slip::Unverified { 0 } else { VERIFIED };
        let copied = if self.synced { MAY_BE_COPIED | COPIED } else { 0 };
        let mut data = digest(&SHA256, party.as_bytes()).as_ref().to_vec();
        data.push(PRESENT | verified | copied | more);
        data.extend(self.counter.to_be_bytes());
        data
    }

    fn client(&self, kind: &str, asked: &Value, slip: &Slip) -> Vec<u8> {
        let origin = if let Slip::Origin(other) = slip { other } else { &self.origin };
        let challenge = match slip {
            Slip::Challenge => BASE64URL_NOPAD.encode(&random(32)),
            _ => word(&asked["challenge"]),
        };
        let framed = *slip == Slip::Framed;
        json!({ "type": kind, "challenge": challenge, "origin": origin, "crossOrigin": framed })
            .to_string()
            .into_bytes()
    }
}

impl Held {
    fn signer(&self) -> EcdsaKeyPair {
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &self.pkcs8, &SystemRandom::new())
            .expect("a key of its own")
    }
}

fn word(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("a question without {value}")).to_owned()
}

fn random(bytes: usize) -> Vec<u8> {
    let mut drawn = vec![0; bytes];
    SystemRandom::new().fill(&mut drawn).expect("the system has random bytes");
    drawn
}

/// The device's kind (none said), the passkey's id and its public key as COSE: P-256 for ES256.
fn key_data(id: &[u8], point: &[u8]) -> Vec<u8> {
    let length = u16::try_from(id.len()).expect("a short id").to_be_bytes();
    let (x, y) = point[1..].split_at(32);
    // {1: 2, 3: -7, -1: 1, -2: x, -3: y}
    let head: &[u8] = &[0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
    [&[0; 16], &length[..], id, head, x, &[0x22, 0x58, 0x20], y].concat()
}

/// {"fmt": "none", "attStmt": {}, "authData": data} in CBOR.
fn attestation(data: &[u8]) -> Vec<u8> {
    let length = u8::try_from(data.len()).expect("a short passkey");
    [
        &[0xa3, 0x63][..],
        b"fmt",
        &[0x64],
        b"none",
        &[0x67],
        b"attStmt",
        &[0xa0, 0x68],
        b"authData",
        &[0x58, length],
        data,
    ]
    .concat()
}
