//! GET /quan-tri/may : how the machine stands, and what is to be done.

use super::{command, keepers_only, kept_by_others};
use crate::backup::Key;
use crate::jobs::Rounds;
use crate::os;
use crate::tls::{self, Certificates, Mode};
use crate::upkeep::run::{self, Kind, Run};
use crate::upkeep::sights::{self, Known, Sight, State};
use crate::upkeep::{TOP, plan};
use directory::Directory;
use directory::keys::rotation;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use store::{audit, outbox};
use types::{Error, Result};
use ui::prelude::*;
use web::{Ctx, Fields, Keep, Outcome, Page, Query, Span, see};

/// How many backups and rehearsals the page lists.
const LISTED: i64 = 10;

/// What was just done, told once.
#[derive(Debug, Default, Deserialize)]
pub struct Told {
    xong: Option<String>,
}

/// What the page shows.
pub struct Look {
    pub sights: Vec<Sight>,
    /// Backups and rehearsals, the newest first.
    pub runs: Vec<Run>,
    /// Where backups go, if somebody has said so.
    pub folder: Option<String>,
    pub command: String,
    pub told: Option<&'static str>,
    /// Other machines are given the authority of this one.
    pub offers: bool,
}

/// GET /quan-tri/may
pub async fn show(ctx: Ctx, Query(told): Query<Told>) -> Outcome<Page> {
    if let Some(keepers) = kept_by_others(&ctx).await? {
        return Ok(draw_closed(&keepers));
    }
    let (known, runs) = look(&ctx).await?;
    let told = match told.xong.as_deref() {
        Some("sao-luu") => Some("Đã ghi. Máy chủ bắt đầu sao lưu trong ít giây; hãy tải lại trang để xem kết quả."),
        Some("noi-luu") => Some("Đã đặt nơi và giờ sao lưu. Bản đầu tiên được làm ngay."),
        Some("khoa") => Some("Đã ghi là khóa được cất ngoài máy chủ."),
        _ => None,
    };
    let folder = known.plan.as_ref().map(|plan| plan.folder.clone());
    let offers = matches!(known.tls.mode, Mode::Local { .. });
    Ok(Look { sights: sights::all(&known), runs, folder, command: ctx.new_command(), told, offers }.draw())
}

/// POST /quan-tri/may/sao-luu-ngay
pub async fn back_up_now(ctx: Ctx, fields: Fields) -> Outcome {
    keepers_only(&ctx).await?;
    let command = command(&ctx, "upkeep.want_backup", &fields)?;
    ctx.store().write(command, plan::want).await?;
    Ok(see(&format!("{TOP}?xong=sao-luu")))
}

async fn look(ctx: &Ctx) -> Result<(Known, Vec<Run>)> {
    let settings = ctx.house.settings();
    let (now, pulse) = (ctx.now(), ctx.store().pulse());
    let rounds: Rounds = ctx.house.service();
    let (public_url, demo) = (settings.public_url.clone(), settings.demo);
    let told = ctx.house.service::<Certificates>().told();
    let tables = rotation::tables(&ctx.house);
    let refuses_key_file = ctx.house.service::<Directory>().refuses_key_file();
    let (mut known, runs) = ctx
        .store()
        .read(move |reader| {
            let mut runs = run::newest(reader, Kind::Backup, now, LISTED)?;
            let rehearsals = run::newest(reader, Kind::Rehearsal, now, LISTED)?;
            let known = Known {
                now,
                newest_entry: audit::newest_at(reader)?,
                free: None,
                plan: plan::read(reader)?,
                same_disk: false,
                last_backup: runs.first().cloned(),
                good_backup: run::newest_good(reader, Kind::Backup, now)?,
                last_rehearsal: rehearsals.first().cloned(),
                key_put_away: false,
                events: outbox::open(reader)?,
                unsealed: audit::unsealed(reader)?,
                pulse,
                rounds: rounds.ages(),
                public_url,
                demo,
                tls: told,
                signing: signatures::care(reader, now)?,
                turning: rotation::turning(reader, &tables)?,
                refuses_key_file,
                token_library: None,
            };
            runs.extend(rehearsals);
            runs.sort_by_key(|run| std::cmp::Reverse(run.began_at));
            Ok((known, runs))
        })
        .await?;
    let (data, plan) = (settings.data.clone(), known.plan.clone());
    let folder = plan.as_ref().map(|plan| PathBuf::from(&plan.folder));
    let library = ctx.house.service::<signatures::Means>().library().map(Path::to_owned);
    // A disk that hangs must not hold the thread that serves others.
    let found = tokio::task::spawn_blocking(move || {
        let library = library.map(|path| {
            let is_there = path.is_file();
            (path, is_there)
        });
        let same = folder.is_some_and(|folder| os::same_disk(&data, &folder));
        (os::free_bytes(&data), same, Key::read(&Key::path(&data)).ok().map(|key| key.public()), library)
    });
    let (free, same_disk, public, library) =
        found.await.map_err(|e| Error::internal(format!("looking at disks: {e}")))?;
    let put_away = plan.and_then(|plan| plan.key_put_away);
    (known.free, known.same_disk, known.key_put_away) = (free, same_disk, public.is_some() && put_away == public);
    known.token_library = library;
    Ok((known, runs))
}

/// What who does not keep the machine is told: who does.
pub fn draw_closed(keepers: &str) -> Page {
    let empty = EmptyState::new("Máy chủ dùng chung", keepers);
    Page::desk("Kiểm tra máy", Stack.around(Html::from(PageHead::new("Kiểm tra máy")).and(empty)))
}

impl Look {
    pub fn draw(&self) -> Page {
        let open = self.sights.iter().filter(|sight| sight.state != State::Good).count();
        let lead = match open {
            0 => "Mọi thứ đều ổn.".to_owned(),
            open => format!("Có {open} việc cần làm."),
        };
        let told = self.told.map_or_else(Html::default, |text| Html::from(Flash::success(text)));
        let body = Html::from(PageHead::new("Kiểm tra máy").lead(lead)).and(told).and(self.state()).and(self.backups());
        let body = body.and(kept());
        Page::desk("Kiểm tra máy", Stack.around(body))
    }

    fn state(&self) -> Html {
        let row = |sight: &Sight| {
            let (tone, text) = match sight.state {
                State::Good => (Tone::Success, "Ổn"),
                State::Soon => (Tone::Warning, "Nên làm"),
                State::Now => (Tone::Danger, "Làm ngay"),
            };
            let advice = if sight.advice.is_empty() { Cell::none() } else { Html::text(&sight.advice) };
            let what = Cell::two(Html::text(sight.title), Tag::new(tone, tone.icon(), text));
            Row::new([what, Html::text(&sight.found), advice])
        };
        let mut sights: Vec<&Sight> = self.sights.iter().collect();
        sights.sort_by_key(|sight| std::cmp::Reverse(sight.state));
        let table = Table::new("Tình trạng của máy chủ")
            .columns(["Mục", "Thấy gì", "Cần làm gì"])
            .rows(sights.into_iter().map(row));
        let card = Card::new("Tình trạng").flush();
        let card = if self.offers { card.link("Cài chứng thư trên máy khác", tls::plain::PAGE) } else { card };
        card.around(table)
    }

    fn backups(&self) -> Html {
        let change = if self.folder.is_some() { "Đổi nơi, giờ sao lưu" } else { "Đặt sao lưu tự động" };
        let mut buttons = Html::default();
        if self.folder.is_some() {
            let now = Button::submit("Sao lưu ngay").secondary();
            let form = FormBox::post(format!("{TOP}/sao-luu-ngay")).hidden("command", &self.command);
            buttons = buttons.and(form.around(Html::from(now)));
        }
        let plan = Button::link(change, format!("{TOP}/sao-luu")).secondary();
        let key = Button::link("Khóa mở bản sao lưu", format!("{TOP}/khoa")).icon(Icon::Key).secondary();
        let buttons = Actions.around(buttons.and(plan).and(key));
        let lead = match &self.folder {
            Some(folder) => Html::from(KeyValues::new().row("Nơi lưu", folder)),
            None => Html::default(),
        };
        let table = Table::new("Những lần sao lưu và diễn tập gần đây")
            .columns(["Lúc", "Việc", "Kết quả", "Tệp"])
            .rows(self.runs.iter().map(row_of))
            .empty(EmptyState::new(
                "Chưa sao lưu lần nào",
                "Khi đã đặt nơi lưu, máy tự sao lưu mỗi ngày và tự diễn tập phục hồi mỗi tuần.",
            ));
        Card::new("Sao lưu").around(lead.and(buttons).and(table))
    }
}

/// How long what is kept, as the modules declare it.
fn kept() -> Html {
    let row = |keep: &Keep| {
        let span = match keep.span {
            Span::Days(days) => format!("{days} ngày"),
            Span::Months(months) => format!("{months} tháng"),
        };
        let basis = match keep.basis {
            Some(basis) => Html::text(basis),
            None => NotVerified::because("Chưa tìm thấy văn bản quy định thời hạn này").into(),
        };
        let from = keep.from.parse().map(format::date).unwrap_or_default();
        Row::new([
            Html::text(keep.what),
            Cell::two(span, format!("từ {}", keep.since)),
            Cell::two(basis, format!("áp dụng từ {from}")),
        ])
    };
    let all = crate::modules::ALL.iter().flat_map(|module| module.keeps);
    let table = Table::new("Dữ liệu giữ có thời hạn").columns(["Dữ liệu", "Giữ trong", "Căn cứ"]).rows(all.map(row));
    let lead = "Máy tự xóa những thứ này khi hết hạn. Hồ sơ, giấy tờ, sổ và nhật ký kiểm toán là tài liệu lưu trữ: không tự xóa.";
    Card::new("Giữ trong bao lâu").around(Html::text(lead).and(table))
}

fn row_of(run: &Run) -> Row {
    let what = match run.kind {
        Kind::Backup => "Sao lưu",
        Kind::Rehearsal => "Diễn tập phục hồi",
    };
    let result = match (&run.failure, run.ended_at) {
        (Some(why), _) => Cell::two(Tag::new(Tone::Danger, Icon::CircleX, "Không được"), Html::text(why)),
        (None, None) => Tag::new(Tone::Info, Icon::Loader, "Đang làm").into(),
        (None, Some(_)) => Tag::new(Tone::Success, Icon::CircleCheck, "Tốt").into(),
    };
    let name = Path::new(&run.file).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let size = run.bytes.and_then(|bytes| u64::try_from(bytes).ok()).map(format::file_size).unwrap_or_default();
    Row::new([
        Cell::whole(format::moment(run.began_at)),
        Html::text(what),
        result,
        Cell::two(Html::text(name), Html::text(size)),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_rule_of_keeping_says_what_for_how_long_and_from_when() {
        let rules: Vec<&Keep> = crate::modules::ALL.iter().flat_map(|module| module.keeps).collect();
        assert_eq!(rules.len(), 6, "of six kinds of rows");
        assert_eq!(rules.iter().map(|rule| rule.what).collect::<BTreeSet<_>>().len(), rules.len());
        let now: types::Timestamp = "2026-11-28T09:00".parse().expect("a moment");
        for rule in rules {
            rule.from.parse::<types::Day>().unwrap_or_else(|e| panic!("{}: {e}", rule.what));
            assert!(rule.before(now) <= now.plus_seconds(-86_400), "{} goes within a day", rule.what);
        }
        let shown = kept().to_string();
        assert!(shown.contains("12 tháng") && shown.contains("90 ngày") && shown.contains("28/11/2026"), "{shown}");
    }
}
