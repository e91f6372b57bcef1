//! The page `/kieu-dang`: every component in every state, in the words of a fictional commune. People who write
//! pages look things up here; the browser tests look here for what is hard to read or too wide.

use crate::*;
use askama::Template;
use types::{Day, Timestamp};

/// The body of the style page of a surface.
pub fn style_page(surface: Surface) -> String {
    StylePage::new(surface).to_string()
}

/// The ten states of a dossier as the dossier module maps them: tone, icon and text together.
fn dossier_states() -> [Tag; 10] {
    [
        Tag::new(Tone::Neutral, Icon::Inbox, "Mới đăng ký"),
        Tag::new(Tone::Info, Icon::Stamp, "Được tiếp nhận"),
        Tag::new(Tone::Danger, Icon::Ban, "Không được tiếp nhận"),
        Tag::new(Tone::Info, Icon::Loader, "Đang xử lý"),
        Tag::new(Tone::Warning, Icon::FileWarning, "Yêu cầu bổ sung giấy tờ"),
        Tag::new(Tone::Warning, Icon::Coins, "Yêu cầu thực hiện nghĩa vụ tài chính"),
        Tag::new(Tone::Neutral, Icon::Undo, "Công dân yêu cầu rút hồ sơ"),
        Tag::new(Tone::Danger, Icon::CircleStop, "Dừng xử lý"),
        Tag::new(Tone::Success, Icon::Check, "Đã xử lý xong"),
        Tag::new(Tone::Success, Icon::PackageCheck, "Đã trả kết quả"),
    ]
}

fn terms() -> [TimeLeft; 5] {
    [
        TimeLeft::new(Term::InTime, "Còn 4 ngày", 40).due("hạn 17:00 27/11/2026"),
        TimeLeft::new(Term::Soon, "Còn 3 giờ", 82).due("hạn 17:00 hôm nay"),
        TimeLeft::new(Term::Late, "Trễ 1 ngày", 100).due("hạn 17:00 20/11/2026"),
        TimeLeft::new(Term::Stopped, "Tạm dừng", 55).due("chờ bổ sung giấy tờ"),
        TimeLeft::new(Term::Done, "Xong trước hạn", 60).due("trả 09:12 21/11/2026"),
    ]
}

#[derive(Template)]
#[template(path = "style/page.html")]
struct StylePage {
    surface: Surface,
    form: FormState,
    fresh: FormState,
    states: [Tag; 10],
    terms: [TimeLeft; 5],
}

impl StylePage {
    fn new(surface: Surface) -> Self {
        let sent = [
            ("name", "Lò Thị Mẩy"),
            ("born.day", "31"),
            ("born.month", "11"),
            ("born.year", "2026"),
            ("sex", "female"),
            ("people", "thai"),
            ("receive", "post"),
            ("receive", "sms"),
            ("identity", "0110980000"),
        ];
        let mut form = FormState::sent(Lang::Vi, sent);
        form.refuse("identity", "wrong_length", "Số định danh cá nhân gồm đúng 12 chữ số; ông/bà mới nhập 10");
        form.refuse("born", "no_such_day", "Tháng 11 chỉ có 30 ngày: kiểm tra lại ngày sinh");
        form.refuse("birth_certificate", "missing", "Chọn ảnh hoặc tệp PDF của giấy chứng sinh");
        form.refuse("agree", "missing", "Đánh dấu để xác nhận lời khai là đúng");
        form.refuse("", "closed", "Thủ tục này tạm dừng nhận hồ sơ trực tuyến từ 17:00 hôm nay");
        Self { surface, form, fresh: FormState::new(Lang::Vi), states: dossier_states(), terms: terms() }
    }

    fn is_desk(&self) -> bool {
        self.surface == Surface::Desk
    }

    /// What one presses has no place on paper.
    fn is_on_screen(&self) -> bool {
        self.surface != Surface::Print
    }

    fn moment(&self, minutes_ago: i64) -> Timestamp {
        let now: Timestamp = "2026-11-21T09:12".parse().unwrap_or(Timestamp(0));
        now.plus_seconds(-60 * minutes_ago)
    }

    fn day(&self) -> Day {
        self.moment(0).day()
    }

    fn timeline(&self) -> Timeline {
        Timeline::new([
            Event::by("Trần Thu Hà", "hoàn tất dự thảo kết quả", self.moment(0)),
            Event::by("Công an xã", "trả lời xác minh", self.moment(32))
                .note("Anh Nông Đức Toàn cư trú tại địa phương, không có thông tin kết hôn."),
            Event::of_system("Hệ thống gửi tin nhắn cho công dân: đang thẩm tra", self.moment(1026)),
            Event::of_system("Đã thu lệ phí 8.000 ₫ qua VietQR", self.moment(1145)),
        ])
    }

    fn figures(&self) -> Table {
        let columns = [
            Column::new("Lĩnh vực"),
            Column::number("Tiếp nhận").under("Tiếp nhận", "Tổng số"),
            Column::number("Trực tuyến").under("Tiếp nhận", "Trực tuyến"),
            Column::number("Trực tiếp").under("Tiếp nhận", "Trực tiếp"),
            Column::number("Từ kỳ trước").under("Tiếp nhận", "Từ kỳ trước"),
            Column::number("Từ chối, rút"),
        ];
        let row = |name: &str, numbers: [i64; 5]| {
            let numbers =
                numbers.map(|n| if n == 0 { Html::text("0") } else { Cell::link(format::number(n), "#figures") });
            Row::new(std::iter::once(Html::text(name)).chain(numbers))
        };
        Table::new("Số liệu mẫu")
            .id("figures")
            .columns(columns)
            .rows([row("Chứng thực", [1_284, 402, 870, 12, 3]), row("Hộ tịch", [96, 61, 35, 0, 0])])
            .rows([row("Tổng số", [1_380, 463, 905, 12, 3]).total()])
            .figures()
    }

    fn table(&self) -> Table {
        let rows = [
            ("0031", "Đăng ký biến động đất đai", "1.012781", "Dương Văn Thịnh", 45_000, 2, 4),
            ("0038", "Cấp bản sao trích lục hộ tịch", "2.000635", "Đặng Đình Ưởng", 8_000, 1, 3),
            ("0042", "Xác nhận tình trạng hôn nhân", "1.004873", "Nguyễn Thị Mỹ Hạnh", 8_000, 3, 4),
            ("0044", "Đăng ký khai sinh", "1.001193", "Chẩu Thị Xuyến Chi", 0, 0, 1),
        ];
        let states = dossier_states();
        let terms = terms();
        let rows = rows.map(|(number, procedure, code, who, fee, term, state)| {
            let id = format!("H55.62.05-261121-{number}");
            Row::new([
                Cell::link(&id, "#table"),
                Cell::two(procedure, code),
                Cell::two(who, "Xóm Rừng Vần"),
                format::money(fee).into(),
                terms[term].clone().into(),
                states[state].clone().into(),
            ])
            .pick(number, id, number == "0042")
        });
        let columns = [
            Column::new("Mã hồ sơ"),
            Column::new("Thủ tục"),
            Column::new("Người nộp").sort_at("#table"),
            Column::number("Lệ phí"),
            Column::new("Hạn trả").sorted(Sort::Up),
            Column::new("Trạng thái"),
        ];
        let table = Table::new("Hồ sơ mẫu").columns(columns).rows(rows);
        if self.is_desk() { table.pick("dossier") } else { table }
    }
}

/// A shell with fictional names, for the style page and for tests of pages.
pub fn sample_shell(surface: Surface, lang: Lang, title: &str) -> Shell {
    let mut shell = Shell::new(surface, lang, title, "UBND xã Suối Mơ");
    shell.demo = true;
    shell.other_language = Some(format!("?lang={}", lang.other().code()));
    match surface {
        Surface::Citizen => {
            shell.unit_detail = "tỉnh Phú Lâm".to_owned();
            shell.description = Some("Nộp hồ sơ, tra cứu, nộp phí và phản ánh trực tuyến.".to_owned());
            shell.navigation = vec![NavGroup::new(
                "",
                [
                    NavItem::new("Thủ tục hành chính", "/thu-tuc").icon(Icon::FileText),
                    NavItem::new("Tra cứu hồ sơ", "/tra-cuu").icon(Icon::SearchCheck).current(),
                    NavItem::new("Phản ánh, kiến nghị", "/phan-anh").icon(Icon::Megaphone),
                ],
            )];
            shell.contact = Contact {
                office: "Trung tâm Phục vụ hành chính công xã Suối Mơ".to_owned(),
                address: "Xóm Đồng Giữa, xã Suối Mơ, tỉnh Phú Lâm".to_owned(),
                phone: "0200 0000 115".to_owned(),
                hours: vec!["Thứ Hai – Thứ Sáu: 7:30–11:30, 13:30–17:30".to_owned()],
                hotline: Some(("Tổng đài Dịch vụ công quốc gia".to_owned(), "1800 1096".to_owned())),
                notes: vec!["Tổ công nghệ số cộng đồng tại 14 xóm".to_owned()],
            };
            shell.footer = vec![
                NavItem::new("Tuyên bố về khả năng tiếp cận", "/tiep-can"),
                NavItem::new("Giấy phép phần mềm", "/giay-phep"),
                NavItem::new("Dành cho cán bộ", "/dang-nhap"),
            ];
        }
        Surface::Desk | Surface::Print => {
            shell.unit_detail = "Hệ thống điều hành số".to_owned();
            let mut officer = OfficerBadge::new("Trần Thu Hà", "Công chức Tư pháp – Hộ tịch");
            officer.links = vec![NavItem::new("Tài khoản", "/tai-khoan").icon(Icon::User)];
            officer.sign_out = Some("/dang-xuat".to_owned());
            shell.officer = Some(officer);
            shell.search = Some(Search::new("/tim", "Tìm mã hồ sơ, số văn bản, tên công dân"));
            shell.tools = vec![
                NavItem::new("Trợ giúp", "/tro-giup").icon(Icon::CircleHelp),
                NavItem::new("Thông báo", "/thong-bao").icon(Icon::Bell).count(3),
            ];
            shell.navigation = vec![
                NavGroup::new(
                    "Công việc",
                    [
                        NavItem::new("Hồ sơ của tôi", "/viec").icon(Icon::Inbox).count(23).current(),
                        NavItem::new("Chờ ký số", "/ky").icon(Icon::Signature).count(6).urgent(),
                        NavItem::new("Lịch, cuộc họp", "/lich").icon(Icon::Calendar).count(2),
                    ],
                ),
                NavGroup::new(
                    "Nghiệp vụ",
                    [
                        NavItem::new("Hồ sơ một cửa", "/ho-so").icon(Icon::Files),
                        NavItem::new("Văn bản đi, đến", "/van-ban").icon(Icon::BookText).count(11),
                        NavItem::new("Tiếp công dân", "/tiep-dan").icon(Icon::Users),
                    ],
                ),
                NavGroup::new(
                    "Điều hành",
                    [
                        NavItem::new("Bảng điều hành", "/dieu-hanh").icon(Icon::Chart),
                        NavItem::new("Báo cáo", "/bao-cao").icon(Icon::FileChart),
                    ],
                ),
            ];
        }
    }
    shell
}
