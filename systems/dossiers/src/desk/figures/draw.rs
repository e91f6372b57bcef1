//! The report as a page: on phones each row is a card of numbers.

use super::asked::{address, closer, of_row, presets};
use super::{FIGURES_PAGE, Source};
use crate::figures::{By, Column as Figure, Counts, Key, Question, Row as Line};
use askama::Template;
use ui::format;
use ui::prelude::*;
use web::Page as WebPage;

/// View data of the report.
#[derive(Template)]
#[template(path = "figures.html")]
pub(super) struct FiguresPage {
    source: Source,
}

pub(super) fn draw(source: Source) -> WebPage {
    WebPage::desk("Số liệu giải quyết hồ sơ", FiguresPage { source })
}

impl FiguresPage {
    fn question(&self) -> &Question {
        &self.source.question
    }

    fn head(&self) -> PageHead {
        let file = |ending: &str| address(&format!("{FIGURES_PAGE}/ii-06.{ending}"), self.question(), None);
        PageHead::new("Số liệu giải quyết hồ sơ")
            .lead(format!(
                "Biểu II.06: tình hình, kết quả giải quyết thủ tục hành chính {}.",
                self.question().period.words()
            ))
            .beside(Button::link("Tải bảng tính", file("xlsx")).icon(Icon::Download).secondary().download())
            .beside(Button::link("In biểu", file("pdf")).icon(Icon::Printer).secondary().new_tab())
    }

    fn views(&self) -> Tabs {
        let by_unit = self.source.units.len() > 1;
        let views = By::ALL.into_iter().filter(|by| *by != By::Unit || by_unit);
        views.fold(Tabs::new(), |tabs, by| {
            let asked = Question { by, ..self.question().clone() };
            let title = format!("Theo {}", by.title().to_lowercase());
            tabs.tab(title, address(FIGURES_PAGE, &asked, None), by == self.question().by)
        })
    }

    fn periods(&self) -> Tabs {
        let today = self.source.now.day();
        presets(self.question(), today)
            .into_iter()
            .fold(Tabs::new().called("Kỳ báo cáo"), |tabs, (name, asked, current)| {
                tabs.tab(name, address(FIGURES_PAGE, &asked, None), current)
            })
    }

    fn filters(&self) -> FilterBar {
        let Question { period, by, scope } = self.question();
        let given = |value: &Option<String>| value.clone().unwrap_or_default();
        let bar = FilterBar::new(FIGURES_PAGE)
            .keep("theo", by.code())
            .day("tu", "Từ ngày")
            .set(period.first.to_string())
            .day("den", "đến ngày")
            .set(period.last.to_string())
            .pick("linh-vuc", "Lĩnh vực", "Mọi lĩnh vực", &self.source.fields)
            .set(given(&scope.field))
            .pick("thu-tuc", "Thủ tục", "Mọi thủ tục", &self.source.procedures)
            .set(given(&scope.procedure));
        if self.source.units.is_empty() {
            return bar;
        }
        bar.pick("don-vi", "Đơn vị", "Mọi đơn vị", &self.source.units)
            .set(scope.unit.map(|unit| unit.to_string()).unwrap_or_default())
    }

    fn table(&self) -> Table {
        let first = std::iter::once(Column::new(self.question().by.title()));
        let rows = self.source.report.rows.iter().map(|line| self.row(line));
        let all =
            Line {
                key: Key::All, name: "Tổng số".to_owned(), note: String::new(), counts: self.source.report.total
            };
        let total = (self.source.report.rows.len() > 1).then(|| self.row(&all).total());
        let empty = EmptyState::new(
            "Không có hồ sơ nào trong kỳ này",
            "Không có hồ sơ được tiếp nhận, được giải quyết hay còn lại từ kỳ trước theo điều kiện đã chọn.",
        );
        Table::new("Tình hình, kết quả giải quyết thủ tục hành chính")
            .columns(first.chain(Figure::ALL.map(column)))
            .rows(rows)
            .rows(total)
            .figures()
            .empty(empty)
    }

    fn row(&self, line: &Line) -> Row {
        let name = match closer(self.question(), &line.key) {
            Some(asked) => Html::from(Link::new(&line.name, address(FIGURES_PAGE, &asked, None))),
            None => Html::text(&line.name),
        };
        let name = if line.note.is_empty() { name } else { Cell::two(name, Html::text(&line.note)) };
        let numbers = Figure::ALL.into_iter().map(|column| self.number(line, column));
        Row::new(std::iter::once(name).chain(numbers))
    }

    fn number(&self, line: &Line, column: Figure) -> Html {
        let number = column.of(&line.counts);
        if number == 0 {
            return Html::text("0");
        }
        let asked = of_row(self.question(), &line.key);
        Cell::link(format::number(number), address("/ho-so", &asked, Some(column)))
    }

    /// A row that does not balance is said aloud; it would be a mistake of ours.
    fn wrong(&self) -> Html {
        let wrong = |counts: &Counts| !counts.balances();
        if !self.source.report.rows.iter().any(|line| wrong(&line.counts)) {
            return Html::default();
        }
        Notice::new(Tone::Danger, "Có dòng mà số tiếp nhận không bằng số đã giải quyết, đang giải quyết và từ chối, rút, dừng cộng lại. Hãy báo người quản trị chạy kiểm tra dữ liệu (nhaviec check).")
            .titled("Số liệu không cân")
            .into()
    }

    /// What each number means, so that nobody has to guess.
    fn notes(&self) -> Vec<&'static str> {
        notes(&self.source)
    }
}

/// The same on the page, the sheet and the print.
pub(super) fn notes(source: &Source) -> Vec<&'static str> {
    let left_out = "Không tính hồ sơ hạn chế (khiếu nại, tố cáo) mà người lập biểu không được xem.";
    let without = source.report.without_restricted.then_some(left_out);
    NOTES.into_iter().chain(without).collect()
}

/// How the form is to be read.
const NOTES: [&str; 5] = [
    "Tiếp nhận = trực tuyến + trực tiếp, bưu chính + từ kỳ trước = đã giải quyết + đang giải quyết + từ chối, rút, dừng.",
    "Từ chối, rút, dừng: hồ sơ kết thúc không có kết quả trong kỳ. Biểu mẫu không có cột này; thiếu nó thì các dòng không cân.",
    "Đang giải quyết: hồ sơ chưa kết thúc khi hết ngày cuối kỳ. Quá hạn tính từ ngày sau hạn trả; hồ sơ đang dừng tính thời gian (chờ bổ sung, chờ nộp tiền) là trong hạn.",
    "Lĩnh vực và thủ tục theo phiên bản khi tiếp nhận; đơn vị là đơn vị đã tiếp nhận, xếp dưới cấp trên vào ngày cuối kỳ. Đơn vị đã kết thúc vẫn đứng riêng, dưới cấp trên cuối cùng của nó.",
    "Kỳ tính theo lịch. Kỳ báo cáo chốt vào ngày khác thì chọn từ ngày, đến ngày.",
];

fn column(figure: Figure) -> Column {
    match figure.group() {
        // On phones the sum is told by the name of its group.
        Some(group) if figure.title() == "Tổng số" => Column::number(group).under(group, figure.title()),
        Some(group) => Column::number(figure.title()).under(group, figure.title()),
        None => Column::number(figure.title()),
    }
}
