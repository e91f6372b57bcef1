//! The columns of form II.06, and the list behind each number.

use super::{Counts, Period};
use crate::lists::counted::Kind;

/// A column; the form's own, and one more for what was closed without a result, without which no row balances.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Received,
    Online,
    Direct,
    Carried,
    Resolved,
    Early,
    OnTime,
    Late,
    InProgress,
    InTime,
    Overdue,
    Closed,
}

impl Column {
    /// In the order of the form.
    pub const ALL: [Self; 12] = [
        Self::Received,
        Self::Online,
        Self::Direct,
        Self::Carried,
        Self::Resolved,
        Self::Early,
        Self::OnTime,
        Self::Late,
        Self::InProgress,
        Self::InTime,
        Self::Overdue,
        Self::Closed,
    ];

    /// As addresses name it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Received => "tiep-nhan",
            Self::Online => "truc-tuyen",
            Self::Direct => "truc-tiep",
            Self::Carried => "ky-truoc",
            Self::Resolved => "da-giai-quyet",
            Self::Early => "truoc-han",
            Self::OnTime => "dung-han",
            Self::Late => "qua-han",
            Self::InProgress => "dang-giai-quyet",
            Self::InTime => "dang-trong-han",
            Self::Overdue => "dang-qua-han",
            Self::Closed => "khong-giai-quyet",
        }
    }

    /// The column that an address names.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.code() == code)
    }

    /// What it belongs to.
    pub fn group(self) -> Option<&'static str> {
        match self {
            Self::Received | Self::Online | Self::Direct | Self::Carried => Some("Tiếp nhận"),
            Self::Resolved | Self::Early | Self::OnTime | Self::Late => Some("Đã giải quyết"),
            Self::InProgress | Self::InTime | Self::Overdue => Some("Đang giải quyết"),
            Self::Closed => None,
        }
    }

    /// Its head within the group.
    pub fn title(self) -> &'static str {
        match self {
            Self::Received | Self::Resolved | Self::InProgress => "Tổng số",
            Self::Online => "Trực tuyến",
            Self::Direct => "Trực tiếp, bưu chính",
            Self::Carried => "Từ kỳ trước",
            Self::Early => "Trước hạn",
            Self::OnTime => "Đúng hạn",
            Self::Late | Self::Overdue => "Quá hạn",
            Self::InTime => "Trong hạn",
            Self::Closed => "Từ chối, rút, dừng",
        }
    }

    /// What is listed behind a number, in words.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Received => "Tiếp nhận trong kỳ và từ kỳ trước chuyển qua",
            Self::Online => "Tiếp nhận trực tuyến trong kỳ",
            Self::Direct => "Tiếp nhận trực tiếp, qua bưu chính trong kỳ",
            Self::Carried => "Từ kỳ trước chuyển qua",
            Self::Resolved => "Đã giải quyết trong kỳ",
            Self::Early => "Đã giải quyết trước hạn",
            Self::OnTime => "Đã giải quyết đúng hạn",
            Self::Late => "Đã giải quyết quá hạn",
            Self::InProgress => "Đang giải quyết khi hết kỳ",
            Self::InTime => "Đang giải quyết, trong hạn khi hết kỳ",
            Self::Overdue => "Đang giải quyết, quá hạn khi hết kỳ",
            Self::Closed => "Từ chối, rút, dừng trong kỳ",
        }
    }

    /// The number of this column.
    pub fn of(self, counts: &Counts) -> i64 {
        match self {
            Self::Received => counts.online + counts.direct + counts.carried,
            Self::Online => counts.online,
            Self::Direct => counts.direct,
            Self::Carried => counts.carried,
            Self::Resolved => counts.early + counts.on_time + counts.late,
            Self::Early => counts.early,
            Self::OnTime => counts.on_time,
            Self::Late => counts.late,
            Self::InProgress => counts.open,
            Self::InTime => counts.open - counts.overdue,
            Self::Overdue => counts.overdue,
            Self::Closed => counts.closed,
        }
    }

    /// What the list behind the number is made of.
    pub fn kinds(self, period: Period) -> Vec<Kind> {
        let carried = Kind::Open { on: period.day_before(), overdue: None };
        let open = |overdue| vec![Kind::Open { on: period.last, overdue }];
        match self {
            Self::Received => [vec![carried], Kind::online(), Kind::direct()].concat(),
            Self::Online => Kind::online(),
            Self::Direct => Kind::direct(),
            Self::Carried => vec![carried],
            Self::Resolved => Kind::resolved(),
            Self::Early => vec![Kind::Ended("early")],
            Self::OnTime => vec![Kind::Ended("on_time")],
            Self::Late => vec![Kind::Ended("late")],
            Self::InProgress => open(None),
            Self::InTime => open(Some(false)),
            Self::Overdue => open(Some(true)),
            Self::Closed => Kind::closed(),
        }
    }
}
