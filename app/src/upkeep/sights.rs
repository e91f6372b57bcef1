//! What there is to see of a machine, each with how it stands and what is to be done.

mod sealing;
mod signing;
mod tls;

use super::plan::Plan;
use super::run::Run;
use crate::tls::Told;
use directory::keys::rotation::Turning;
use signatures::Care;
use std::path::PathBuf;
use std::time::Duration;
use store::{Backlog, Pulse};
use types::Timestamp;
use ui::format;

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
const GB: u64 = 1024 * 1024 * 1024;

/// How something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Good,
    /// Somebody should do something soon.
    Soon,
    /// Somebody must do something now.
    Now,
}

/// One thing to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    pub title: &'static str,
    pub state: State,
    /// What was found, in a sentence.
    pub found: String,
    /// What is to be done; empty when nothing is.
    pub advice: String,
}

/// What is known of the machine.
#[derive(Debug, Clone)]
pub struct Known {
    pub now: Timestamp,
    /// The newest moment in the audit.
    pub newest_entry: Option<Timestamp>,
    /// Room on the disk of the data folder, in bytes; none when it does not tell.
    pub free: Option<u64>,
    pub plan: Option<Plan>,
    /// The folder of backups stands on the disk of the data.
    pub same_disk: bool,
    pub last_backup: Option<Run>,
    pub good_backup: Option<Run>,
    pub last_rehearsal: Option<Run>,
    /// Whether the key that is used now was put away.
    pub key_put_away: bool,
    pub events: Backlog,
    pub unsealed: Backlog,
    pub pulse: Pulse,
    /// How long ago each recurring work was done.
    pub rounds: Vec<(&'static str, Duration)>,
    pub public_url: String,
    pub demo: bool,
    pub tls: Told,
    pub signing: Care,
    /// A change of keys that is on its way.
    pub turning: Option<Turning>,
    /// The key file is no continuation of the keys that this node works with.
    pub refuses_key_file: bool,
    /// The library of this server's signing tokens, and whether it is there.
    pub token_library: Option<(PathBuf, bool)>,
}

/// All of them, in the order in which a person would look.
pub fn all(known: &Known) -> Vec<Sight> {
    let machine = [clock(known), disk(known), backup(known), rehearsal(known), key(known), work(known), address(known)];
    machine.into_iter().chain([sealing::sight(known)]).chain(tls::sight(known)).chain(signing::sights(known)).collect()
}

fn good(title: &'static str, found: impl Into<String>) -> Sight {
    Sight { title, state: State::Good, found: found.into(), advice: String::new() }
}

fn worse(state: State, title: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Sight {
    Sight { title, state, found: found.into(), advice: advice.into() }
}

fn clock(known: &Known) -> Sight {
    let title = "Đồng hồ máy chủ";
    let shown = format!("{}, giờ Việt Nam", format::moment(known.now));
    match known.newest_entry {
        Some(newest) if newest > known.now => worse(
            State::Now,
            title,
            format!("{shown}: chậm hơn việc mới nhất đã ghi ({}).", format::moment(newest)),
            "Chỉnh lại giờ của máy và bật tự chỉnh giờ qua mạng.",
        ),
        _ => good(title, format!("{shown}. Hãy so với đồng hồ của ông/bà.")),
    }
}

fn disk(known: &Known) -> Sight {
    let title = "Ổ đĩa dữ liệu";
    let Some(free) = known.free else {
        return worse(
            State::Now,
            title,
            "Không đọc được thư mục dữ liệu.",
            "Kiểm tra ổ đĩa của máy chủ; báo người hỗ trợ.",
        );
    };
    let found = format!("Còn trống {}.", format::file_size(free));
    let advice = "Xóa bớt tệp không thuộc hệ thống, hoặc lắp thêm ổ. Khi đầy, hệ thống ngừng nhận hồ sơ.";
    match free {
        free if free < GB => worse(State::Now, title, found, advice),
        free if free < 5 * GB => worse(State::Soon, title, found, advice),
        _ => good(title, found),
    }
}

fn backup(known: &Known) -> Sight {
    let title = "Sao lưu";
    let Some(plan) = &known.plan else {
        return worse(
            State::Now,
            title,
            "Chưa đặt sao lưu tự động: hỏng ổ đĩa là mất hết.",
            "Chọn thư mục hoặc USB để sao lưu mỗi ngày.",
        );
    };
    if known.last_backup.as_ref().is_some_and(|last| is_stuck(last, known.now)) {
        return worse(State::Now, title, "Lần sao lưu đang chạy đã quá sáu giờ: nơi lưu không trả lời.", retry(plan));
    }
    let failure = known.last_backup.as_ref().and_then(|last| last.failure.clone());
    let Some(good_one) = &known.good_backup else {
        return match failure {
            Some(why) => worse(State::Now, title, format!("Lần sao lưu đầu tiên chưa được: {why}"), retry(plan)),
            None => worse(State::Soon, title, "Chưa có bản sao lưu nào.", "Đợi ít phút, hoặc bấm «Sao lưu ngay»."),
        };
    };
    let age = (known.now.0 - good_one.began_at.0) / 1_000_000;
    let found = format!("Bản tốt gần nhất: {}.", format::moment(good_one.began_at));
    match failure {
        Some(why) => {
            let state = if age > 3 * DAY { State::Now } else { State::Soon };
            worse(state, title, format!("{found} Lần sau đó không được: {why}"), retry(plan))
        }
        None if age > 3 * DAY => worse(State::Now, title, found, retry(plan)),
        None if age > DAY + 2 * HOUR => worse(State::Soon, title, found, retry(plan)),
        None if known.same_disk => worse(
            State::Soon,
            title,
            format!("{found} Nơi lưu ở cùng ổ đĩa với dữ liệu: hỏng ổ là mất cả hai."),
            "Chọn nơi lưu ở ổ khác, hoặc cắm USB.",
        ),
        None => good(title, found),
    }
}

/// Whether work goes on for longer than it ever takes.
fn is_stuck(run: &Run, now: Timestamp) -> bool {
    run.ended_at.is_none() && run.began_at.plus_seconds(6 * HOUR) < now
}

fn retry(plan: &Plan) -> String {
    format!("Kiểm tra thư mục {} rồi bấm «Sao lưu ngay».", plan.folder)
}

fn rehearsal(known: &Known) -> Sight {
    let title = "Diễn tập phục hồi";
    match &known.last_rehearsal {
        _ if known.good_backup.is_none() => {
            worse(State::Soon, title, "Chưa có bản sao lưu để diễn tập.", "Đặt sao lưu trước.")
        }
        None => {
            worse(State::Soon, title, "Chưa diễn tập lần nào.", "Máy tự làm sau bản sao lưu đầu tiên; đợi ít phút.")
        }
        Some(last) if is_stuck(last, known.now) => worse(
            State::Now,
            title,
            "Lần diễn tập đang chạy đã quá sáu giờ.",
            "Kiểm tra nơi lưu, rồi khởi động lại máy chủ.",
        ),
        Some(last) if last.ended_at.is_none() => good(title, "Đang diễn tập."),
        Some(last) => match &last.failure {
            Some(why) => worse(
                State::Now,
                title,
                format!("Ngày {}: không phục hồi được. {why}", format::moment(last.began_at)),
                "Bấm «Sao lưu ngay»: máy sẽ thử lại với bản mới. Còn lỗi thì báo người hỗ trợ.",
            ),
            None if last.began_at.plus_seconds(9 * DAY) < known.now => worse(
                State::Soon,
                title,
                format!("Lần gần nhất: {}.", format::moment(last.began_at)),
                "Máy tự diễn tập mỗi tuần khi có bản sao lưu mới; xem lại mục «Sao lưu».",
            ),
            None => good(title, format!("Đã phục hồi thử và kiểm tra đủ, {}.", format::moment(last.began_at))),
        },
    }
}

fn key(known: &Known) -> Sight {
    let title = "Khóa mở bản sao lưu";
    if known.key_put_away {
        return good(title, "Đã cất ngoài máy chủ.");
    }
    worse(
        State::Soon,
        title,
        "Chưa ai xác nhận đã cất khóa. Máy chủ hỏng mà không có khóa thì không mở được bản sao lưu nào.",
        "In hoặc chép khóa, cất trong két của cơ quan, rồi xác nhận.",
    )
}

fn work(known: &Known) -> Sight {
    let title = "Việc chạy nền";
    let (writes, background) = (known.pulse.writes_waiting, known.pulse.background_waiting);
    let oldest = known.events.age_seconds(known.now).max(known.unsealed.age_seconds(known.now));
    let idle = known.rounds.iter().map(|(_, age)| age.as_secs()).max().unwrap_or(0);
    let late = oldest > 600 || idle > 86_400;
    if late || writes > 500 {
        return worse(
            if writes > 500 { State::Now } else { State::Soon },
            title,
            format!(
                "Đang chờ: {writes} lệnh của người dùng, {background} lệnh nền, {} việc báo tin.",
                known.events.count
            ),
            "Đợi ít phút rồi xem lại; nếu vẫn chờ, khởi động lại máy chủ và báo người hỗ trợ.",
        );
    }
    good(title, "Mọi việc được làm ngay, không có gì ứ lại.")
}

fn address(known: &Known) -> Sight {
    let title = "Địa chỉ cho công dân";
    let url = &known.public_url;
    if known.demo {
        return good(title, format!("{url} (bản dùng thử)."));
    }
    if crate::warnings::is_only_here(url) {
        return worse(
            State::Now,
            title,
            format!("Điện thoại của công dân không mở được {url}, nên mã QR trên giấy tiếp nhận vô dụng."),
            "Đặt public_url trong nhaviec.toml là địa chỉ mà công dân mở được, rồi khởi động lại.",
        );
    }
    if !url.starts_with("https://") {
        return worse(
            State::Soon,
            title,
            format!("{url} chưa mã hóa đường truyền (https)."),
            "Đặt NHAVIEC_TLS để máy chủ tự mã hóa, hoặc đặt máy chủ sau một cổng có chứng thư (https), trước khi cho công dân dùng \
             qua Internet.",
        );
    }
    good(title, url.clone())
}

#[cfg(test)]
mod tests;
