//! Entering a whole year from a file or a pasted text, and taking it back.

use axum::extract::Multipart;
use axum::extract::multipart::MultipartRejection;
use axum::response::IntoResponse;
use serde::Deserialize;
use types::{Day, Error, Result};
use ui::{Field, FormState, Html, Lang, Notice, Tone, format};
use web::{Ctx, Fields, Outcome, Page, Path, Query, see};

use super::form_page::{FormPage, Kind, fresh, settle};
use super::{YEARS, scope};
use crate::holidays::PublicHolidays;
use crate::lunar;
use crate::national;

/// The year to begin with.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Begin {
    nam: Option<i16>,
}

/// The page with its form; `text` stands in it before anybody typed.
pub(crate) fn draw(form: &FormState, text: &str, command: String) -> Page {
    let page = FormPage {
        title: "Nhập lịch nghỉ của một năm".into(),
        lead: "Theo thông báo nghỉ Tết, nghỉ Quốc khánh và văn bản hoán đổi ngày làm việc. Năm đã có thì được thay bằng nội dung mới.".into(),
        back: ("Ngày nghỉ cả nước".into(), YEARS.into()),
        action: format!("{YEARS}/nhap"),
        command,
        submit: "Kiểm tra và lưu",
        kind: Kind::Upload,
    };
    let how = Notice::new(
        Tone::Info,
        Html::trusted(
            "Mỗi đợt nghỉ là một nhóm <code>[[break]]</code> với <code>from</code>, <code>to</code> (kể cả ngày cuối tuần); mỗi ngày hoán đổi là một nhóm <code>[[swap]]</code> với <code>off</code> (ngày nghỉ), <code>work</code> (ngày làm bù). <code>verified = true</code> chỉ khi đã đối chiếu với văn bản. Ngày lễ cố định và ngày nghỉ bù được tính sẵn theo luật.",
        ),
    );
    let fields = [
        Field::file("file", "Chọn tệp", ".toml,.txt,text/plain")
            .hint("Chọn tệp thì nội dung ở ô dưới được bỏ qua.")
            .optional(),
        Field::textarea("text", "Hoặc sửa, dán nội dung", 24).value(text),
    ];
    page.draw_with(form, Html::from(how), fields)
}

/// What a year looks like before its decisions are known: nothing is guessed, the days must be filled in.
pub(crate) fn blank(year: i16) -> String {
    let tet =
        lunar::new_year(year).map_or_else(String::new, |day| format!(" (mùng 1 Tết là {})", format::date(Day(day))));
    let group = |occasion: &str| {
        format!(
            "\n[[break]]\noccasion = \"{occasion}\"\nfrom = \"\"\nto = \"\"\nnumber = \"\"\ndate = \"\"\nissuer = \"\"\nsource = \"\"\nverified = false\n"
        )
    };
    format!(
        "# Điền ngày theo mẫu năm-tháng-ngày{tet}; bỏ dòng nào không có.\nyear = {year}\n{}{}",
        group("Tết Nguyên đán"),
        group("Quốc khánh 02/9")
    )
}

pub(crate) async fn new(ctx: Ctx, Query(begin): Query<Begin>) -> Outcome {
    scope::nation(&ctx).await?;
    let years = ctx.store().read(national::years).await?;
    let next = years.last().map_or(2027, |known| known.year) + 1;
    let year = begin.nam.unwrap_or(next);
    let text =
        years.iter().find(|known| known.year == year).map_or_else(|| blank(year), |known| known.file().to_text());
    Ok(draw(&fresh(), &text, ctx.new_command()).into_response())
}

pub(crate) async fn enter(ctx: Ctx, parts: std::result::Result<Multipart, MultipartRejection>) -> Outcome {
    let tops = scope::nation(&ctx).await?;
    let unreadable =
        |_| Error::invalid("form", "Biểu mẫu gửi lên không đọc được. Ông/bà hãy tải lại trang rồi gửi lại.");
    let Sent { command, text, mut form } = read(parts.map_err(unreadable)?).await?;
    if text.trim().is_empty() {
        form.refuse("text", "missing", "Chọn tệp hoặc dán nội dung lịch nghỉ của một năm.");
    }
    if form.is_valid() {
        let command = scope::command(&ctx, ("calendar.import_year", &command, &text), &tops)?;
        let done = ctx.store().write(command, move |tx| national::import_year(tx, &text)).await;
        if let Some(year) = settle(&mut form, done)? {
            return Ok(see(&format!("{YEARS}/{year}")));
        }
    }
    Ok(draw(&form, "", ctx.new_command()).into_response())
}

/// What was sent; the text of a file stands in the form as if it had been pasted, so that it can be mended there.
struct Sent {
    command: String,
    text: String,
    form: FormState,
}

async fn read(mut parts: Multipart) -> Result<Sent> {
    let broken = |_| Error::invalid("form", "Đường truyền bị ngắt giữa chừng. Ông/bà hãy gửi lại.");
    let (mut command, mut text, mut readable) = (String::new(), String::new(), true);
    let mut from_file = false;
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let name = part.name().unwrap_or_default().to_owned();
        let bytes = part.bytes().await.map_err(broken)?;
        let given = match String::from_utf8(bytes.to_vec()) {
            Ok(given) => given,
            Err(_) => {
                readable = false;
                continue;
            }
        };
        match name.as_str() {
            "command" => command = given,
            "file" if !given.trim().is_empty() => (text, from_file) = (given, true),
            "text" if !from_file => text = given,
            _ => {}
        }
    }
    let mut form = FormState::sent(Lang::Vi, [("text", text.clone())]);
    if !readable {
        form.refuse("file", "not_text", "Tệp không phải chữ đọc được (UTF-8). Hãy lưu lại tệp dạng văn bản UTF-8.");
    }
    Ok(Sent { command, text, form })
}

/// The page that asks again before what was entered is taken back.
pub(crate) fn draw_dropping(year: i16, shipped: bool, form: &FormState, command: String) -> Page {
    let after = if shipped {
        "Lịch kèm theo phần mềm sẽ được dùng lại."
    } else {
        "Sau đó thời hạn rơi vào năm này không tính được nữa."
    };
    let page = FormPage {
        title: format!("Bỏ dữ liệu đã nhập của năm {year}"),
        lead: after.into(),
        back: (format!("Ngày nghỉ năm {year}"), format!("{YEARS}/{year}")),
        action: format!("{YEARS}/{year}/bo"),
        command,
        submit: "Bỏ dữ liệu đã nhập",
        kind: Kind::Remove,
    };
    page.draw(form, [])
}

/// Whether a year ships with the program.
fn is_shipped(year: i16) -> bool {
    PublicHolidays::shipped_files().iter().any(|file| file.year == year)
}

pub(crate) async fn dropping(ctx: Ctx, Path(year): Path<i16>) -> Outcome {
    scope::nation(&ctx).await?;
    if !ctx.store().read(national::years).await?.iter().any(|known| known.year == year) {
        return Err(Error::not_found(format!("lịch năm {year}")).into());
    }
    Ok(draw_dropping(year, is_shipped(year), &fresh(), ctx.new_command()).into_response())
}

pub(crate) async fn drop_year(ctx: Ctx, Path(year): Path<i16>, fields: Fields) -> Outcome {
    let tops = scope::nation(&ctx).await?;
    let shipped = is_shipped(year);
    let command = scope::command(&ctx, ("calendar.drop_year", fields.text("command"), &fields.0), &tops)?;
    let mut form = fresh();
    let done = ctx.store().write(command, move |tx| national::drop_year(tx, year)).await;
    if settle(&mut form, done)?.is_some() {
        return Ok(see(&if shipped { format!("{YEARS}/{year}") } else { YEARS.to_owned() }));
    }
    Ok(draw_dropping(year, shipped, &form, ctx.new_command()).into_response())
}
