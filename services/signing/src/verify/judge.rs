//! Judges the signatures of a file: first what each one is, then the time, then who stands behind it, then what came after.

use super::byte_range::{Covered, covered};
use super::chain::{self, Sources, certificate, revocation};
use super::changes::{self, Found};
use super::cms::{Container, attributes, timestamp};
use super::dates::moment;
use super::document::{Document, Value, unicode};
use super::fields::Field;
use super::report::{
    CertificateNow, Change, ChangeClass, Code, Coverage, Finding, SignatureKind, SignatureReport, SigningTime, Status,
    TimeSource, Weight,
};
use super::rights::Rights;
use crate::certificate::sha256_hex;
use crate::trust::TrustList;
use cms::cert::x509::Certificate;
use const_oid::db::rfc5911;
use der::Encode;
use types::Timestamp;

/// Changes that the report of one signature tells, at most.
const CHANGES_MAX: usize = 300;

/// A signature as it is being judged.
pub struct Case<'d, 'a> {
    pub report: SignatureReport,
    pub covered: Option<Covered<'d, 'a>>,
    container: Option<Container>,
    /// The token of a timestamp over the document, or over this signature.
    stamp: Option<timestamp::Token>,
    rights: Option<Rights>,
}

/// What everything is judged against; times are seconds since 1970.
pub struct Court<'c> {
    pub trust: &'c TrustList,
    pub sources: &'c Sources,
    pub now: i64,
}

impl<'d, 'a> Case<'d, 'a> {
    /// Reads the signature in a field and checks all that needs no trust. `None` when the field is empty.
    pub fn open(document: &'d Document<'a>, field: &Field) -> Option<Self> {
        let report = SignatureReport {
            field: field.name.chars().take(200).collect(),
            kind: SignatureKind::Approval,
            intact: false,
            signer: None,
            signer_sha256: None,
            issuer: None,
            agency: None,
            trusted_by: None,
            time: None,
            then: Status::Indeterminate,
            now: CertificateNow::Unknown,
            coverage: None,
            changes: Vec::new(),
            findings: Vec::new(),
            evidence: Vec::new(),
        };
        let mut case = Self { report, covered: None, container: None, stamp: None, rights: None };
        match covered(document, field) {
            Ok(None) => return None,
            Ok(Some(covered)) => {
                case.read(&covered, field);
                let later_revisions = document.sections() - covered.view.sections;
                let whole_file = covered.end == document.bytes().len();
                case.report.coverage = Some(Coverage { whole_file, bytes: covered.end, later_revisions });
                case.covered = Some(covered);
            }
            Err((code, detail)) => case.find(Finding::with(code, detail)),
        }
        Some(case)
    }

    fn find(&mut self, finding: Finding) {
        if !self.report.findings.iter().any(|known| known.code == finding.code) {
            self.report.findings.push(finding);
        }
    }

    fn read(&mut self, covered: &Covered<'d, 'a>, field: &Field) {
        let format = covered.value.get(&b"SubFilter"[..]).and_then(Value::name).unwrap_or_default();
        if format == b"ETSI.RFC3161" {
            self.report.kind = SignatureKind::DocumentTimestamp;
        }
        let claimed = covered.value.get(&b"M"[..]).and_then(Value::text).and_then(|text| moment(&unicode(text)));
        self.report.time = claimed.map(|at| SigningTime { at, source: TimeSource::Claimed });
        match Rights::of(covered.view, &covered.value, &field.dict) {
            Ok(rights) => {
                if rights.certifies {
                    self.report.kind = SignatureKind::Certification;
                }
                self.rights = Some(rights);
            }
            Err(e) => self.find(Finding::with(Code::FileUnreadable, e)),
        }
        let container = match Container::read(&covered.contents) {
            Ok(container) => container,
            Err(code) => return self.find(Finding::new(code)),
        };
        self.name(&container.certificate);
        let parts = [covered.before, covered.after];
        let checked = match format {
            b"ETSI.RFC3161" => return self.read_stamp(container, parts),
            b"ETSI.CAdES.detached" | b"adbe.pkcs7.detached" => check_signature(&container, parts),
            b"adbe.pkcs7.sha1" | b"adbe.x509.rsa_sha1" => Err(Code::WeakAlgorithm),
            _ => Err(Code::UnknownFormat),
        };
        self.report.intact = checked.is_ok();
        if let Err(code) = checked {
            self.find(Finding::new(code));
        }
        match container.signer.signed_attrs.as_ref().map(|a| attributes::binds(a, &container.certificate, true)) {
            Some(Ok(Some(()))) | None => {}
            // A newer signature must name its certificate (EN 319 142-1, 6.3); older ones could not.
            Some(Ok(None)) if format == b"ETSI.CAdES.detached" => self.find(Finding::new(Code::NoBinding)),
            Some(Ok(None)) => self.find(Finding::new(Code::NotBound)),
            Some(Err(code)) => self.find(Finding::new(code)),
        }
        if !certificate::signs_documents(&container.certificate)
            || certificate::is_for_something_else(&container.certificate)
        {
            self.find(Finding::new(Code::KeyUsage));
        }
        match timestamp::of_signature(&container) {
            Some(Ok(token)) => self.stamp = Some(token),
            Some(Err(code)) => self.find(Finding::new(code)),
            None => {}
        }
        self.container = Some(container);
    }

    fn read_stamp(&mut self, container: Container, parts: [&[u8]; 2]) {
        match timestamp::checked(container, &|hash| hash.digest(&parts)) {
            Ok(token) => {
                self.report.intact = true;
                self.stamp = Some(token);
            }
            Err(code) => self.find(Finding::new(code)),
        }
    }

    fn name(&mut self, signer: &Certificate) {
        let tbs = &signer.tbs_certificate;
        self.report.signer = Some(certificate::common_name(&tbs.subject));
        self.report.signer_sha256 = signer.to_der().ok().map(|der| sha256_hex(&der));
        self.report.issuer = Some(certificate::common_name(&tbs.issuer));
        self.report.agency = certificate::organisation(&tbs.subject);
    }

    /// Containers whose certificates and revocation data may help.
    pub fn containers(&self) -> impl Iterator<Item = &Container> {
        self.container.iter().chain(self.stamp.iter().map(|token| &token.container))
    }

    /// Whether it is a timestamp over the document.
    pub fn is_stamp(&self) -> bool {
        self.report.kind == SignatureKind::DocumentTimestamp
    }

    /// Whether it certifies the document.
    pub fn certifies(&self) -> bool {
        self.report.kind == SignatureKind::Certification
    }

    /// Tells that it certifies although others signed before.
    pub fn is_out_of_order(&mut self) {
        self.find(Finding::new(Code::CertificationOrder));
    }

    /// Checks a timestamp's maker at `at`, when the timestamp itself is known to have existed. The time it proves.
    fn trusted_time(&mut self, court: &Court<'_>, at: i64) -> Option<i64> {
        let token = self.stamp.as_ref()?;
        let maker = &token.container.certificate;
        let (time, stamps) = (token.time, certificate::stamps_time(maker));
        let judged = chain::judge(maker, court.sources, court.trust, at, court.now);
        self.report.evidence.extend(judged.evidence);
        if !stamps {
            self.find(Finding::new(Code::TimestampUsage));
            return None;
        }
        if let Some((code, name)) = judged.wrong {
            let detail = format!("{name}: {}", code_name(code));
            self.find(Finding::with(
                if code == Code::NoRevocationData { code } else { Code::TimestampUntrusted },
                detail,
            ));
            return None;
        }
        // The maker's certificate was good when it stamped, and nothing is stamped in the future.
        let (from, to) = certificate::validity(maker);
        if time > at.saturating_add(revocation::CLOCKS_SECONDS) || !(from..=to).contains(&time) {
            self.find(Finding::new(Code::TimestampWrong));
            return None;
        }
        if self.is_stamp() {
            self.report.trusted_by = judged.anchor;
            self.report.now = standing_now(maker, judged.revoked_now, judged.known_now, court.now);
        }
        Some(time)
    }

    /// Judges a timestamp over the document that is known to have existed at `at`. The time it proves.
    pub fn judge_stamp(&mut self, court: &Court<'_>, at: i64) -> Option<i64> {
        let time = self.trusted_time(court, at)?;
        self.report.time = Some(SigningTime { at: seconds(time), source: TimeSource::Timestamp });
        Some(time)
    }

    /// Judges a signature that is known to have existed at `at`; `stamped` when a timestamp over the document says so.
    pub fn judge(&mut self, court: &Court<'_>, at: i64, stamped: bool) {
        let claimed = self.report.time.filter(|time| time.source == TimeSource::Claimed);
        let own = self.trusted_time(court, at);
        let at = own.unwrap_or(at);
        if own.is_some() || stamped {
            let source = if own.is_some() { TimeSource::Timestamp } else { TimeSource::DocumentTimestamp };
            self.report.time = Some(SigningTime { at: seconds(at), source });
        } else {
            self.find(Finding::new(Code::NoTimestamp));
        }
        // Some programs write their local time as if it were UTC.
        if let (Some(claimed), Some(own)) = (claimed, own)
            && (claimed.at.0 / 1_000_000).abs_diff(own) > 3600
        {
            self.find(Finding::new(Code::ClaimedTimeDiffers));
        }
        let Some(signer) = self.container.as_ref().map(|container| container.certificate.clone()) else { return };
        let judged = chain::judge(&signer, court.sources, court.trust, at, court.now);
        self.report.evidence.extend(judged.evidence);
        self.report.trusted_by = judged.anchor;
        self.report.now = standing_now(&signer, judged.revoked_now, judged.known_now, court.now);
        match judged.wrong {
            Some((code, name)) => self.find(Finding::with(code, name)),
            None if self.report.now == CertificateNow::Revoked => self.find(Finding::new(Code::RevokedSince)),
            None if self.report.now == CertificateNow::Expired => self.find(Finding::new(Code::ExpiredSince)),
            None => {}
        }
    }

    /// Whether nothing was found against it itself.
    pub fn holds(&self) -> bool {
        self.report.intact && self.report.findings.iter().all(|finding| finding.weight != Weight::Refuse)
    }

    /// Weighs the changes of every later revision. `steps[i]` leads from section `i` to the next, and `vouchers[i]` is the
    /// signature that stands behind what it wrote.
    pub fn weigh_changes(&mut self, steps: &[Result<Vec<Found>, String>], vouchers: &[Option<usize>]) {
        let (Some(covered), Some(rights)) = (&self.covered, &self.rights) else { return };
        let mut findings = Vec::new();
        for (step, voucher) in steps.iter().zip(vouchers).skip(covered.view.sections - 1) {
            let found = match step {
                Ok(found) => found,
                Err(e) => {
                    findings.push(Finding::with(Code::ChangedAfterSigning, e));
                    continue;
                }
            };
            for found in found {
                let class = changes::class(&found.kind, rights, voucher.is_some());
                let Found { object, key, kind } = found;
                if class == ChangeClass::Forbidden {
                    use changes::Kind as K;
                    let never = matches!(kind, K::Forbidden | K::Annotated | K::Reserved);
                    let code = if never { Code::ChangedAfterSigning } else { Code::LockedChange };
                    findings.push(Finding::with(code, format!("object {object}: {key}")));
                }
                // All are weighed; the report tells the first ones.
                if self.report.changes.len() >= CHANGES_MAX {
                    let last = self.report.changes.last_mut();
                    last.into_iter().for_each(|last| last.class = last.class.max(class));
                    continue;
                }
                let sentence = changes::sentence(kind);
                self.report.changes.push(Change { object: *object, key: key.clone(), class, sentence });
            }
        }
        findings.into_iter().for_each(|finding| self.find(finding));
    }

    /// Says what it was worth, from all that was found.
    pub fn conclude(mut self) -> SignatureReport {
        let refused = self.report.findings.iter().filter(|f| f.weight == Weight::Refuse).map(|f| f.code.status());
        let worst = [
            Status::HashMismatch,
            Status::ModifiedAfterSigning,
            Status::UntrustedChain,
            Status::Revoked,
            Status::ExpiredAtSigning,
            Status::Indeterminate,
        ];
        let refused: Vec<Status> = refused.collect();
        let untimed = self.report.findings.iter().any(|f| f.code == Code::NoTimestamp);
        self.report.then =
            worst.into_iter().find(|status| refused.contains(status)).unwrap_or(if !refused.is_empty() {
                Status::Indeterminate
            } else if untimed {
                Status::ValidNoTimestamp
            } else {
                Status::Valid
            });
        self.report
    }
}

fn check_signature(container: &Container, parts: [&[u8]; 2]) -> Result<(), Code> {
    if container.data.encap_content_info.econtent.is_some() {
        return Err(Code::NotDetached);
    }
    container.check(rfc5911::ID_DATA, &|hash| hash.digest(&parts))
}

fn standing_now(certificate: &Certificate, revoked: Option<i64>, known: bool, now: i64) -> CertificateNow {
    let (_, to) = certificate::validity(certificate);
    if revoked.is_some() {
        CertificateNow::Revoked
    } else if now > to {
        CertificateNow::Expired
    } else if known {
        CertificateNow::Valid
    } else {
        CertificateNow::Unknown
    }
}

fn code_name(code: Code) -> String {
    format!("{code:?}")
}

fn seconds(at: i64) -> Timestamp {
    Timestamp(at.saturating_mul(1_000_000))
}
