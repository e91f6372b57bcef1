//! What of a dossier's rules nobody has checked, in a few words: for "Chưa kiểm chứng" on the receipt and at the counter.
//! What a party relies on is told by name where no source states it: papers, time, cases, fees. Where the announcing
//! decision is not known, everything is told to be held against none. The form and the steps are our own draft in every
//! procedure.

use super::definition::{Channel, Definition};
use super::requirement::Requirement;

/// What is said of all that a public source states while the announcing decision is not known.
const AGAINST_NONE: &str = "mọi nội dung khác (theo nguồn công khai, chưa đối chiếu quyết định công bố)";
/// Up to this many papers are named, more are counted.
const NAMED_MAX: usize = 2;

impl Definition {
    /// The doubts about a dossier on one of these channels, in this case; without a case about all of them.
    pub fn doubts(&self, channels: &[Channel], case: Option<&str>) -> Vec<String> {
        let (time, verification) = self.doubtful_times(case);
        let divided = self.cases.iter().filter(|c| case.is_none_or(|case| case == c.code));
        let divided = divided.map(|c| format!("cases.{}", c.code)).any(|path| self.in_doubt(&path));
        let fee = self.fees.iter().any(|fee| self.in_doubt(&format!("fees.{}", fee.code)));
        let exempt = self.fees.iter().filter(|fee| !fee.exempt.is_empty());
        let exempt = exempt.map(|fee| format!("fees.{}.exempt", fee.code)).any(|path| self.in_doubt(&path));
        let words = |there: bool, words: &str| there.then(|| words.to_owned());
        let all = [
            self.doubtful_papers(channels, case),
            words(time, "thời gian giải quyết"),
            words(verification, "thời gian khi phải xác minh"),
            words(divided, "cách chia trường hợp"),
            words(fee, "phí, lệ phí"),
            words(exempt && !fee, "diện được miễn phí, lệ phí"),
            words(self.decision().is_none(), AGAINST_NONE),
        ];
        all.into_iter().flatten().collect()
    }

    fn in_doubt(&self, path: &str) -> bool {
        self.provenance(path).is_none_or(|provenance| provenance.is_doubtful())
    }

    /// Whether the ordinary time is in doubt, and whether that of a verification is.
    fn doubtful_times(&self, case: Option<&str>) -> (bool, bool) {
        let own = self.cases.iter().filter(|c| c.takes.is_some() && case.is_none_or(|case| case == c.code));
        let own: Vec<String> = own.map(|c| format!("cases.{}.takes", c.code)).collect();
        // A case with a time of its own has nothing of the general one.
        let general = case.is_none() || own.is_empty();
        let time = own.iter().any(|path| self.in_doubt(path))
            || (general && (self.in_doubt("takes.rule") || self.in_doubt("takes.printed")));
        let verification = general && self.takes.verification.is_some() && self.in_doubt("takes.verification");
        (time, verification)
    }

    fn doubtful_papers(&self, channels: &[Channel], case: Option<&str>) -> Option<String> {
        let applies = |paper: &&Requirement| {
            let on_channel = paper.channels.is_empty() || paper.channels.iter().any(|c| channels.contains(c));
            let in_case = paper.cases.is_empty() || case.is_none_or(|case| paper.cases.iter().any(|code| code == case));
            on_channel && in_case
        };
        let doubtful = |paper: &&Requirement| {
            let path = format!("requirements.{}", paper.code);
            self.in_doubt(&path) || (paper.condition.is_some() && self.in_doubt(&format!("{path}.condition")))
        };
        let asked: Vec<&Requirement> = self.requirements.iter().filter(applies).collect();
        let found: Vec<&Requirement> = asked.iter().copied().filter(doubtful).collect();
        match found.len() {
            0 => None,
            n if n == asked.len() => Some("thành phần hồ sơ".to_owned()),
            n if n <= NAMED_MAX => {
                let names: Vec<String> = found.iter().map(|paper| format!("«{}»", paper.name)).collect();
                Some(format!("giấy tờ {}", names.join(", ")))
            }
            n => Some(format!("{n} trong {} thành phần hồ sơ", asked.len())),
        }
    }
}
