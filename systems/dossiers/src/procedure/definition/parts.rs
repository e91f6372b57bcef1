//! The small parts of a definition: closed lists, the field of work, laws, cases, results.

use serde::Serialize;
use types::Day;

use crate::procedure::choice::choices;
use crate::procedure::reader::Table;
use crate::procedure::takes::TimeLimit;

choices! {
    /// How a dossier comes in.
    Channel {
        /// In person at the one-stop counter.
        Counter = "counter", "Trực tiếp";
        /// Through an online form.
        Online = "online", "Trực tuyến";
        /// By public post.
        Post = "post", "Bưu chính công ích";
    }
}

choices! {
    /// How much of a procedure can be done online.
    OnlineLevel {
        /// All of it.
        Full = "full", "Toàn trình";
        /// Some of it.
        Partial = "partial", "Một phần";
        /// Only information is online.
        Information = "information", "Cung cấp thông tin";
    }
}

choices! {
    /// The level of government that decides.
    Level {
        /// Xã, phường, đặc khu.
        Commune = "commune", "Cấp xã";
        /// Tỉnh, thành phố.
        Province = "province", "Cấp tỉnh";
        /// Bộ, cơ quan ngang bộ.
        Ministry = "ministry", "Cấp bộ";
    }
}

choices! {
    /// Where the work on a dossier is done.
    HandledAt {
        /// In this program.
        Here = "here", "Giải quyết trên phần mềm này";
        /// In a ministry's own system; this one registers and follows it.
        Ministry = "ministry", "Giải quyết trên hệ thống của bộ, ngành";
    }
}

/// Channels that are open only in an emergency; whoever receives on one writes the reason down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChannelException {
    /// Which channels.
    pub channels: Vec<Channel>,
    /// When, e.g. `Khi hệ thống gặp sự cố`.
    pub condition: String,
}

/// The field of work (lĩnh vực) by which statistics are grouped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldOfWork {
    /// Our short stable name, `ho-tich`.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The portal's category code, where it was found.
    pub national: Option<String>,
}

/// Where a dossier is handled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Handled {
    /// Here or in a ministry's system.
    pub at: HandledAt,
    /// The ministry's system: where it is handled, or where the outcome is entered as well.
    pub system: Option<String>,
}

/// The decision that announced the procedure (quyết định công bố).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Announced {
    /// Number and symbol, `3152/QĐ-BTP`.
    pub number: String,
    /// When it was signed.
    pub date: Day,
    /// Whose decision it is.
    pub agency: String,
}

/// One document of the legal basis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Law {
    /// Number and symbol, `123/2015/NĐ-CP`.
    pub number: String,
    /// When it was signed, where that was found.
    pub date: Option<Day>,
    /// What it is and what it is about, in our words.
    pub title: String,
}

/// One of several cases that a code covers (trường hợp), with its own papers and perhaps its own time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Case {
    /// Short stable name.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// Its own time limit, when it differs.
    pub takes: Option<TimeLimit>,
}

/// A paper or a line of text with a short stable name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Named {
    /// Short stable name inside the procedure.
    pub code: String,
    /// Its name or text.
    pub name: String,
    /// The portal's code (of a result), where it was found.
    pub national: Option<String>,
}

pub(super) fn read_exception(table: Table<'_, '_>) -> ChannelException {
    let exception =
        ChannelException { channels: table.choices("channels"), condition: table.required_text("condition") };
    if exception.channels.is_empty() {
        table.error("channels", "phải ghi ít nhất một kênh");
    }
    table.finish();
    exception
}

pub(super) fn read_field(table: Table<'_, '_>) -> FieldOfWork {
    let field = FieldOfWork {
        code: table.required_text("code"),
        name: table.required_text("name"),
        national: table.text("national"),
    };
    table.finish();
    field
}

pub(super) fn read_handled(table: Table<'_, '_>) -> Option<Handled> {
    let at = table.required_choice("at");
    let system = table.text("system");
    if at == Some(HandledAt::Ministry) && system.is_none() {
        table.error("system", "giải quyết trên hệ thống của bộ, ngành thì phải ghi tên hệ thống");
    }
    table.finish();
    Some(Handled { at: at?, system })
}

pub(super) fn read_announced(table: Table<'_, '_>) -> Option<Announced> {
    let number = table.required_text("number");
    let date = table.day("date");
    if !table.has("date") {
        table.error("date", "còn thiếu, phải ghi ngày ký");
    }
    let agency = table.required_text("agency");
    table.finish();
    Some(Announced { number, date: date?, agency })
}

pub(super) fn read_case(table: Table<'_, '_>) -> Case {
    let case = Case {
        code: table.required_text("code"),
        name: table.required_text("name"),
        takes: table.table("takes").and_then(TimeLimit::read),
    };
    table.finish();
    case
}

pub(super) fn read_law(table: Table<'_, '_>) -> Law {
    let law =
        Law { number: table.required_text("number"), date: table.day("date"), title: table.required_text("title") };
    table.finish();
    law
}

pub(super) fn read_named(table: Table<'_, '_>, words: &'static str) -> Named {
    let code = table.required_text("code");
    let name = table.required_text(words);
    let national = if words == "name" { table.text("national") } else { None };
    table.finish();
    Named { code, name, national }
}
