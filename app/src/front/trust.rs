//! /cai-chung-thu : how other machines come to trust this one, where it has an authority of its own. Also the only page that
//! the door of plain http answers with, since whoever needs it has no encrypted way yet.

use crate::tls::Certificates;
use axum::response::{IntoResponse, Response};
use http::header;
use types::{Error, Timestamp};
use ui::prelude::*;
use web::{Ctx, Outcome, Page, Sample};

use crate::tls::plain::FILE;

const TITLE: &str = "Cài chứng thư của máy chủ";

/// GET /cai-chung-thu
pub async fn show(ctx: Ctx) -> Page {
    match ctx.house.service::<Certificates>().authority() {
        Some(authority) => draw(&authority.fingerprint(), authority.ends()),
        None => draw_none(),
    }
}

/// GET /cai-chung-thu/nha-viec.crt : as telephones and computers take it in, which is why it is no download like others.
pub async fn give(ctx: Ctx) -> Outcome<Response> {
    let authority = ctx.house.service::<Certificates>().authority().ok_or_else(|| Error::not_found("chứng thư gốc"))?;
    let kind = [(header::CONTENT_TYPE, "application/x-x509-ca-cert")];
    Ok((kind, authority.certificate().to_vec()).into_response())
}

fn draw_none() -> Page {
    let empty = EmptyState::new(
        "Không phải cài gì",
        "Máy chủ này không dùng chứng thư riêng. Nếu trình duyệt báo lỗi bảo mật, hãy hỏi người quản trị.",
    );
    Page::citizen(TITLE, ui::Page.around(Html::from(PageHead::new(TITLE)).and(empty)))
}

fn draw(fingerprint: &str, ends: Timestamp) -> Page {
    let head = PageHead::new(TITLE).lead(
        "Làm một lần trên mỗi máy tính, điện thoại của cơ quan. Sau đó trình duyệt tin máy chủ này và không báo lỗi bảo mật nữa.",
    );
    let print = Card::new("Dấu vân tay SHA-256").around(Prose.around(Html::text(fingerprint)));
    let warning = Notice::new(
        Tone::Warning,
        "Trước khi cài, so dấu vân tay với bản người quản trị đưa (xem ở «Quản trị», «Kiểm tra máy» ngay trên máy chủ). \
         Khác dù một ký tự thì đừng cài, và báo người quản trị: có thể ai đó đang giả máy chủ.",
    );
    let facts = KeyValues::new().row("Tệp", "nha-viec.crt").row("Dùng đến", format::date(ends.day()));
    let button = Actions.around(Button::link("Tải chứng thư", FILE).icon(Icon::Download));
    let file = Card::new("Chứng thư gốc").around(Html::from(facts).and(button));
    let body = print.and(warning).and(file).and(windows()).and(android()).and(iphone());
    Page::citizen(TITLE, ui::Page.around(Html::from(head).and(Stack.around(body))))
}

fn windows() -> Html {
    let steps = StepList::new()
        .step("Tải tệp nha-viec.crt về máy", "Trình duyệt có thể hỏi lại: chọn giữ tệp.")
        .step(
            "So dấu vân tay của tệp",
            "Mở Command Prompt trong thư mục Downloads, gõ: certutil -hashfile nha-viec.crt SHA256",
        )
        .step(
            "Mở tệp, bấm «Install Certificate…»",
            "Chọn «Local Machine» (cần quyền quản trị của máy) hoặc «Current User».",
        )
        .step(
            "Chọn «Place all certificates…» (mục thứ hai)",
            "Bấm «Browse…», chọn «Trusted Root Certification Authorities», rồi «Next», «Finish», «Yes».",
        )
        .step("Đóng hết cửa sổ trình duyệt rồi mở lại", "Dùng cho Edge, Chrome, Cốc Cốc; Firefox tự theo Windows.");
    Card::new("Windows").around(steps)
}

fn android() -> Html {
    let steps = StepList::new()
        .step("Bấm «Tải chứng thư» ở trên", "")
        .step(
            "Mở Cài đặt, Bảo mật, «Mã hóa và thông tin xác thực», «Cài đặt chứng chỉ», «Chứng chỉ CA»",
            "Tên mục khác nhau tùy hãng: tìm chữ «chứng chỉ» trong Cài đặt. Điện thoại phải có khóa màn hình.",
        )
        .step("Bấm «Vẫn cài đặt», chọn tệp nha-viec.crt", "")
        .step(
            "So dấu vân tay",
            "Cũng trong mục đó: «Thông tin xác thực đáng tin cậy», thẻ «Người dùng», mở chứng chỉ «Nhà Việc». Khác thì bấm «Xóa» ngay và báo quản trị.",
        );
    Card::new("Điện thoại Android").around(steps)
}

fn iphone() -> Html {
    let steps = StepList::new()
        .step("Mở trang này bằng Safari, bấm «Tải chứng thư»", "Chọn «Cho phép» khi được hỏi.")
        .step(
            "Mở Cài đặt, «Đã tải về hồ sơ», bấm «Cài đặt»",
            "Trước khi cài, bấm «Thêm chi tiết», mở chứng chỉ để so dấu vân tay.",
        )
        .step(
            "Vào Cài đặt, Cài đặt chung, Giới thiệu, «Cài đặt tin cậy chứng nhận»",
            "Bật công tắc cạnh «Nhà Việc». Thiếu bước này, iPhone vẫn báo lỗi.",
        );
    Card::new("iPhone, iPad").around(steps)
}

/// In its states.
pub fn samples() -> Vec<Sample> {
    let print = "8F3A 04D2 19BC 77E0 5A61 C0FE 12D9 3B48 90AB 6E2F D471 0C35 E8F9 A716 2B5D 4C03";
    vec![
        Sample { name: "trust/authority", page: draw(print, Timestamp(2_110_000_000_000_000)) },
        Sample { name: "trust/none", page: draw_none() },
    ]
}
