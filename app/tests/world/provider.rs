//! The simulated provider of remote signatures, and a person's phone.

use super::{Rank, World};
use serde_json::Value;
use signatures::RemoteSettings;
use signing::remote::{Authorization, Credential, Job, Order};
use signing::verify::Evidence;
use signing::{HttpTransport, Secret, SigningKey, Transport, prepare};
use std::time::Duration;
use store::params;
use testkit::Simulator;
use types::Id;

/// A running provider.
pub struct Provider {
    simulator: Simulator,
    folder: tempfile::TempDir,
    transport: HttpTransport,
}

impl Provider {
    /// One with keys of these kinds, started with these options.
    pub fn with(kinds: &[&str], options: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().display().to_string();
        let mut all = vec!["--folder", &place];
        all.extend(kinds.iter().flat_map(|kind| ["--key", kind]));
        all.extend(options);
        let simulator = Simulator::start("signing_provider.py", &all);
        Self { simulator, folder, transport: HttpTransport::with_limits(Duration::from_secs(20), Duration::ZERO) }
    }

    fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.simulator.port())
    }

    /// How the office reaches it.
    pub fn settings(&self) -> RemoteSettings {
        RemoteSettings {
            url: format!("{}/csc/v2", self.base()),
            token_url: format!("{}/oauth2/token", self.base()),
            client: "nhaviec".to_owned(),
            secret: Secret::new("bí mật & lâu dài".to_owned()),
            authorities: None,
        }
    }

    /// Whose keys these are there.
    pub fn user(&self) -> String {
        self.simulator.ready["user"].as_str().expect("a user").to_owned()
    }

    /// The phone confirms or refuses all that waits.
    pub fn phone(&self, answer: &str) {
        let url = format!("{}/phone/{answer}", self.base());
        self.transport.post(&url, "text/plain", b"").expect("something waits at the phone");
    }

    /// What the phone shows.
    pub fn shown(&self) -> Value {
        let shown = self.transport.get(&format!("{}/phone", self.base())).expect("an answer");
        serde_json::from_slice(&shown).expect("JSON")
    }

    /// How often a method was asked for.
    pub fn requests(&self, method: &str) -> usize {
        self.simulator.said().lines().filter(|line| line.starts_with(&format!("/csc/v2/{method} "))).count()
    }

    /// The root of its certificates, DER.
    pub fn root(&self) -> Vec<u8> {
        self.file("root.der")
    }

    /// What tells that none of its certificates is revoked.
    pub fn evidence(&self) -> Evidence {
        let crls = vec![self.file("sub.crl"), self.file("root.crl")];
        Evidence { certificates: vec![self.file("sub.der")], crls, ..Evidence::default() }
    }

    fn file(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.folder.path().join(name)).expect("a file of the provider")
    }
}

impl World {
    /// This house trusts the provider's root.
    pub fn trusts(&self, provider: &Provider) {
        let root = provider.root();
        let hash = signing::Certificate::from_der(&root).expect("a certificate").sha256();
        let brought = signatures::trusted::bring(&root, (&hash, "Công văn mẫu")).expect("a root");
        self.write(move |tx| signatures::trusted::add(tx, &brought).map(drop));
    }

    /// Gives somebody another name.
    pub fn named(&self, rank: Rank, name: &'static str) {
        let officer = self.person(rank).officer;
        self.write(move |tx| {
            tx.not_audited("a test names somebody");
            store::revision::changed(tx, "people")?;
            tx.exec("UPDATE officer SET name = $1 WHERE id = $2", params![name, officer])
        });
    }

    /// Lets the house look for answers, and waits for what it does.
    pub fn answers(&self) {
        let jobs = || self.house.modules().iter().flat_map(|module| module.jobs);
        let job = jobs().find(|job| job.name == "signatures-remote").expect("the job");
        self.wait_seconds(10);
        (job.run)(&self.house).expect("a round");
        let claimed = |id: Id| {
            let next = self.read(|reader| {
                reader.opt::<(types::Timestamp,)>(
                    "SELECT next_at FROM remote_job WHERE id = $1 AND ended_at IS NULL",
                    params![id],
                )
            });
            next.is_some_and(|(next,)| next > self.house.now().plus_seconds(60))
        };
        let running: Vec<(Id,)> =
            self.read(|reader| reader.all("SELECT id FROM remote_job WHERE ended_at IS NULL", params![]));
        let began = std::time::Instant::now();
        while running.iter().any(|(id,)| claimed(*id)) {
            assert!(began.elapsed() < Duration::from_secs(60), "no answer is taken up");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// A request that waits for somebody's phone, without a provider behind it; the certificate is that of their key file.
pub fn waiting_at_phone(world: &World, rank: Rank, document: Id) -> Id {
    let (signer, officer) = (world.signer_of(rank), world.person(rank).officer);
    let key = super::tool::key_of(rank);
    let credential = Credential {
        id: "NV-1".to_owned(),
        certificate: key.certificate().clone(),
        chain: key.chain().to_vec(),
        enabled: true,
        // RSA whatever the hash, and ECDSA with SHA-256.
        algorithms: ["1.2.840.113549.1.1.1", "1.2.840.10045.4.3.2"].map(str::to_owned).to_vec(),
        authorization: Authorization::Explicit,
        wanted: Vec::new(),
        bound: true,
        multisign: 1,
    };
    let now = world.house.now();
    let options = credential.options(now).expect("an algorithm");
    let prepared = prepare(super::signing::UNSIGNED, &options).expect("a document");
    let (until, description) = (now.plus_seconds(300), "Bản sao chứng thực");
    let order = Order { reference: "r", description, asynchronous: false, until };
    let job = Job::new(&credential, &[prepared.outline()], &order).expect("a job");
    let job = serde_json::to_string(&job).expect("JSON");
    world.write(move |tx| {
        tx.not_audited("a test asks a service that is not there");
        // One request at a time.
        tx.exec("UPDATE remote_job SET ended_at = 0 WHERE ended_at IS NULL", params![])?;
        let (id, one) = (tx.id()?, tx.id()?);
        tx.exec(
            "INSERT INTO remote_job (id, signer_id, certificate, officer_id, description, job, asked_at, until, next_at)
             VALUES ($1, $2, 'x', $3, $4, $5, $6, $7, $7)",
            params![id, signer, officer, description, &job, now, until],
        )?;
        tx.exec(
            "INSERT INTO remote_document (id, job_id, place, title, document_id, revision, pictured)
             VALUES ($1, $2, 0, 'Bản sao chứng thực', $3, 1, $4)",
            params![one, id, document, false],
        )?;
        Ok(id)
    })
}
