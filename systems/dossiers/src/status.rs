//! The ten statuses that the National Public Service Portal synchronises, with its numbers, and which may follow which.

use ui::{Icon, Tag, Tone};

/// A dossier's status (TrangThaiHoSo).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Submitted = 1,
    Received = 2,
    Refused = 3,
    InProgress = 4,
    SupplementRequested = 5,
    PaymentRequested = 6,
    Withdrawn = 7,
    Stopped = 8,
    Finished = 9,
    Delivered = 10,
}

impl Status {
    /// All of them, in the portal's order.
    pub const ALL: [Self; 10] = [
        Self::Submitted,
        Self::Received,
        Self::Refused,
        Self::InProgress,
        Self::SupplementRequested,
        Self::PaymentRequested,
        Self::Withdrawn,
        Self::Stopped,
        Self::Finished,
        Self::Delivered,
    ];

    /// The portal's number.
    pub fn number(self) -> i64 {
        self as i64
    }

    /// The status with this number.
    pub fn from_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.number() == number)
    }

    /// The portal's words.
    pub fn title(self) -> &'static str {
        match self {
            Self::Submitted => "Mới đăng ký",
            Self::Received => "Được tiếp nhận",
            Self::Refused => "Không được tiếp nhận",
            Self::InProgress => "Đang xử lý",
            Self::SupplementRequested => "Yêu cầu bổ sung giấy tờ",
            Self::PaymentRequested => "Yêu cầu thực hiện nghĩa vụ tài chính",
            Self::Withdrawn => "Công dân yêu cầu rút hồ sơ",
            Self::Stopped => "Dừng xử lý",
            Self::Finished => "Đã xử lý xong",
            Self::Delivered => "Đã trả kết quả",
        }
    }

    /// The tag that shows it: colour, icon and words together.
    pub fn tag(self) -> Tag {
        let (tone, icon) = match self {
            Self::Submitted => (Tone::Neutral, Icon::Inbox),
            Self::Received => (Tone::Info, Icon::Stamp),
            Self::Refused => (Tone::Danger, Icon::Ban),
            Self::InProgress => (Tone::Info, Icon::Loader),
            Self::SupplementRequested => (Tone::Warning, Icon::FileWarning),
            Self::PaymentRequested => (Tone::Warning, Icon::Coins),
            Self::Withdrawn => (Tone::Neutral, Icon::Undo),
            Self::Stopped => (Tone::Danger, Icon::CircleStop),
            Self::Finished => (Tone::Success, Icon::Check),
            Self::Delivered => (Tone::Success, Icon::PackageCheck),
        };
        Tag::new(tone, icon, self.title())
    }

    /// Which statuses may come next (section 1.2 of the domain's standards).
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Submitted => &[Self::Received, Self::Refused, Self::Withdrawn],
            // From receipt straight to the end only where receipt, appraisal and result are one sitting (same-day procedures).
            Self::Received => {
                &[Self::InProgress, Self::SupplementRequested, Self::Withdrawn, Self::Stopped, Self::Finished]
            }
            Self::InProgress => {
                &[Self::SupplementRequested, Self::PaymentRequested, Self::Withdrawn, Self::Stopped, Self::Finished]
            }
            Self::SupplementRequested | Self::PaymentRequested => &[Self::InProgress, Self::Stopped, Self::Withdrawn],
            Self::Finished => &[Self::Delivered],
            Self::Refused | Self::Withdrawn | Self::Stopped | Self::Delivered => &[],
        }
    }

    /// Whether the dossier's clock runs.
    pub fn clock_runs(self) -> bool {
        matches!(self, Self::Received | Self::InProgress)
    }

    /// Whether the clock stands still and will run again.
    pub fn is_stop(self) -> bool {
        matches!(self, Self::SupplementRequested | Self::PaymentRequested)
    }

    /// Whether nothing more can happen.
    pub fn is_final(self) -> bool {
        self.next().is_empty()
    }

    /// `Ok` when `to` may follow, otherwise a sentence that says what can be done instead.
    pub fn check_move(self, to: Self) -> Result<(), String> {
        if self.next().contains(&to) {
            return Ok(());
        }
        let instead = match self.next() {
            [] => "hồ sơ đã kết thúc, chỉ còn xem và in được".to_owned(),
            next => {
                let names: Vec<String> = next.iter().map(|s| format!("«{}»", s.title())).collect();
                format!("từ đây chỉ có thể chuyển sang {}", names.join(", "))
            }
        };
        Err(format!("Hồ sơ đang ở trạng thái «{}», không chuyển sang «{}» được: {instead}.", self.title(), to.title()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_is_reachable_and_every_walk_ends() {
        for status in Status::ALL {
            assert_eq!(Status::from_number(status.number()), Some(status));
            let reached = Status::ALL.iter().any(|from| from.next().contains(&status));
            assert!(reached || status == Status::Submitted, "{status:?} cannot be reached");
            assert_eq!(status.is_final(), matches!(status.number(), 3 | 7 | 8 | 10));
        }
        assert!(Status::from_number(0).is_none() && Status::from_number(11).is_none());
    }

    #[test]
    fn a_refused_move_says_what_can_be_done_instead() {
        let sentence = Status::Finished.check_move(Status::InProgress).unwrap_err();
        assert!(sentence.contains("«Đã trả kết quả»"), "{sentence}");
        assert!(Status::Delivered.check_move(Status::InProgress).unwrap_err().contains("đã kết thúc"));
    }
}
