//! Our side: what is measured of signing, as the house does it.

use signing::trust::{Entry, Kind, Listed, Role, TrustList};
use signing::verify::{Evidence, Verdict, verify};
use signing::{Certificate, HOLE_BYTES_PLAIN, Options, Secret, SigningKey, SoftKey, sign_basic};
use std::path::{Path, PathBuf};
use types::{Error, Result, Timestamp};

/// The unlocking code of the key files, which are made for one run.
const CODE: &str = "ma-mo-khoa-thu";

/// What is done with a document, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Work {
    /// A person signs, RSA 2048.
    Person,
    /// The agency signs after, P-256.
    Agency,
    /// Both signatures are verified.
    Verify,
}

impl Work {
    pub const ALL: [Self; 3] = [Self::Person, Self::Agency, Self::Verify];

    pub fn name(self) -> &'static str {
        match self {
            Self::Person => "ký, RSA 2048",
            Self::Agency => "ký tiếp, P-256",
            Self::Verify => "kiểm tra hai chữ ký",
        }
    }

    /// Where the document lies that this is done with.
    pub fn file(self, folder: &Path, document: &str) -> PathBuf {
        folder.join(format!("{document}-{}.pdf", self as usize))
    }
}

/// Keys, and what is trusted.
pub(super) struct Ours {
    person: SoftKey,
    agency: SoftKey,
    trust: TrustList,
    evidence: Evidence,
}

impl Ours {
    /// Opens what the other side has put into the folder.
    pub fn open(folder: &Path) -> Result<Self> {
        let read = |name: &str| std::fs::read(folder.join(name)).map_err(Error::internal);
        let key =
            |name: &str| -> Result<SoftKey> { Ok(SoftKey::from_pkcs12(&read(name)?, &Secret::new(CODE.to_owned()))?) };
        let root = read("root.der")?;
        let certificate = Certificate::from_der(&root)?;
        let (valid_from, valid_to) = (certificate.not_before().day(), certificate.not_after().day());
        let entry = Entry {
            name: certificate.common_name(),
            sha256: certificate.sha256(),
            kind: Kind::Own,
            role: Role::Anchor,
            valid_from,
            valid_to,
            url: None,
            source: "bench".to_owned(),
        };
        let listed = Listed { checked: valid_from, certificate: vec![entry] };
        Ok(Self {
            person: key("person.p12")?,
            agency: key("agency.p12")?,
            trust: listed.load(&[root]).map_err(Error::internal)?,
            evidence: Evidence { crls: vec![read("issuing.crl")?, read("root.crl")?], ..Evidence::default() },
        })
    }

    /// Does it with a document; what comes of it, nothing where it is verified.
    ///
    /// # Errors
    /// Also when a signature is not found to be good: what fails is quickly done.
    pub fn work(&self, work: Work, file: &[u8]) -> Result<Vec<u8>> {
        match work {
            Work::Person => sign(&self.person, file),
            Work::Agency => sign(&self.agency, file),
            Work::Verify => {
                let report = verify(file, &self.trust, Timestamp::now(), &self.evidence);
                if report.verdict == Verdict::Valid && report.signatures.len() == 2 {
                    return Ok(Vec::new());
                }
                Err(Error::internal(format!("our own signatures do not verify: {report:?}")))
            }
        }
    }

    /// Does everything once with a document, and leaves what each work begins with in the folder.
    pub fn take_through(&self, document: &[u8], (folder, name): (&Path, &str)) -> Result<()> {
        let mut file = document.to_vec();
        for work in Work::ALL {
            std::fs::write(work.file(folder, name), &file).map_err(Error::internal)?;
            file = self.work(work, &file)?;
        }
        Ok(())
    }
}

fn sign(key: &SoftKey, file: &[u8]) -> Result<Vec<u8>> {
    let mut options = Options::new(key.certificate().clone(), key.chain().to_vec(), Timestamp::now())?;
    options.hole_bytes = HOLE_BYTES_PLAIN;
    Ok(sign_basic(file, &options, key)?)
}
