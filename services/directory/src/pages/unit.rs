//! Units: the ones an administrator keeps, and one unit with what lies in it.

use super::lists::{codes, period, post_path, state, unit_path};
use super::scope::{self, reaches, tops, unit_in};
use crate::permissions::{DIRECTORY_KEEP, DIRECTORY_SEE};
use crate::post::Post;
use crate::role::{self, Role};
use crate::tree::{Place, UnitTree};
use crate::unit::Unit;
use axum::response::IntoResponse;
use types::{Day, Id};
use ui::{
    Actions, Breadcrumbs, Button, Card, Cell, Container, EmptyState, Html, Icon, KeyValues, PageHead, Row, Stack,
    Table, format,
};
use web::{Ctx, Outcome, Page, Path};

/// One line of a list of units.
pub(crate) struct UnitLine {
    pub unit: Unit,
    pub children: usize,
}

impl UnitLine {
    fn of(tree: &UnitTree, id: &Id) -> Option<Self> {
        Some(Self { unit: tree.get(*id)?.clone(), children: tree.children(*id).len() })
    }

    fn row(&self) -> Row {
        let name = Cell::link(&self.unit.name, unit_path(self.unit.id));
        Row::new([Cell::two(name, codes(&self.unit)), self.unit.kind.title().into(), self.children.to_string().into()])
    }
}

fn table(caption: &str, lines: &[UnitLine], empty: EmptyState) -> Html {
    let columns = [ui::Column::new("Đơn vị"), ui::Column::new("Loại"), ui::Column::number("Đơn vị cấp dưới")];
    Table::new(caption).columns(columns).rows(lines.iter().map(UnitLine::row)).empty(empty).into()
}

/// The start of the directory.
pub(crate) fn draw_list(lines: &[UnitLine]) -> Page {
    let empty = EmptyState::new("Chưa có đơn vị nào", "Ông/bà chưa được giao quyền trong đơn vị nào.");
    let body = Html::from(PageHead::new("Đơn vị").lead("Các đơn vị ông/bà được giao quản lý hoặc xem."));
    let body = body.and(Card::quiet("Đơn vị").flush().around(table("Đơn vị", lines, empty)));
    Page::desk("Đơn vị", Stack.around(body))
}

pub(crate) async fn list(ctx: Ctx) -> Outcome {
    let tree = scope::tree(&ctx).await?;
    let lines: Vec<UnitLine> =
        tops(&ctx, &DIRECTORY_SEE, &tree).iter().filter_map(|id| UnitLine::of(&tree, id)).collect();
    Ok(draw_list(&lines).into_response())
}

/// What the page of one unit shows.
pub(crate) struct UnitPage {
    pub unit: Unit,
    /// Units above that the reader may open, the highest first.
    pub above: Vec<(Id, String)>,
    pub children: Vec<UnitLine>,
    pub posts: Vec<Post>,
    pub roles: Vec<Role>,
    /// Where it has been, with the names of the units above.
    pub places: Vec<(Place, String)>,
    pub may_keep: bool,
    pub today: Day,
}

impl UnitPage {
    pub(crate) fn draw(&self) -> Page {
        let mut way = Breadcrumbs::to(&self.unit.name).via("Đơn vị", "/quan-tri/don-vi");
        for (id, name) in &self.above {
            way = way.via(name.clone(), unit_path(*id));
        }
        let head = PageHead::new(&self.unit.name).lead(self.unit.kind.title()).beside(state(
            self.unit.valid_from,
            self.unit.valid_to,
            self.today,
        ));
        let body = Html::from(way)
            .and(head)
            .and(self.facts())
            .and(self.children())
            .and(self.posts())
            .and(self.roles())
            .and(self.history());
        Page::desk(self.unit.name.clone(), Stack.around(body))
    }

    fn path(&self, rest: &str) -> String {
        format!("{}/{rest}", unit_path(self.unit.id))
    }

    fn is_over(&self) -> bool {
        self.unit.valid_to.is_some_and(|to| to < self.today)
    }

    fn facts(&self) -> Html {
        let facts = KeyValues::new()
            .row("Tên ngắn", &self.unit.short_name)
            .row("Mã định danh điện tử", self.unit.code.as_deref().unwrap_or("chưa có"))
            .maybe("Mã đơn vị hành chính", self.unit.gso_code.as_deref())
            .row("Thời gian", period(self.unit.valid_from, self.unit.valid_to));
        let mut buttons = Html::default();
        if self.may_keep {
            buttons = buttons.and(Button::link("Sửa", self.path("sua")).icon(Icon::Pencil).secondary());
            if !self.is_over() {
                buttons = buttons.and(Button::link("Chuyển", self.path("chuyen")).icon(Icon::Forward).secondary());
                buttons = buttons.and(Button::link("Kết thúc", self.path("ket-thuc")).tertiary().danger());
            }
        }
        Card::new("Thông tin").around(Html::from(facts).and(Actions.around(buttons)))
    }

    fn adding(&self, label: &str, rest: &str) -> Html {
        if self.may_keep && !self.is_over() {
            Button::link(label, self.path(rest)).icon(Icon::Plus).secondary().into()
        } else {
            Html::default()
        }
    }

    fn children(&self) -> Html {
        let empty = EmptyState::new("Không có đơn vị cấp dưới", "Thêm phòng, ban hoặc bộ phận một cửa khi cần.");
        let table = table("Đơn vị cấp dưới", &self.children, empty);
        Card::new("Đơn vị cấp dưới").around(table.and(self.adding("Thêm đơn vị cấp dưới", "them")))
    }

    fn posts(&self) -> Html {
        let row = |post: &Post| {
            let fields = if post.fields.is_empty() { "mọi lĩnh vực".to_owned() } else { post.fields.join(", ") };
            Row::new([
                Cell::two(Cell::link(&post.title, post_path(post.id)), fields),
                post.kind.title().into(),
                Html::text(post.holder_names()),
                Html::text(period(post.from, post.to)),
            ])
        };
        let table = Table::new("Vị trí")
            .columns(["Vị trí", "Loại", "Người giữ", "Thời gian"])
            .rows(self.posts.iter().map(row))
            .empty(EmptyState::new(
                "Chưa có vị trí nào",
                "Việc được giao cho vị trí; hãy thêm vị trí rồi giao cán bộ giữ.",
            ));
        Card::new("Vị trí").around(Html::from(table).and(self.adding("Thêm vị trí", "vi-tri/moi")))
    }

    fn roles(&self) -> Html {
        let row = |role: &Role| {
            let permissions = format!("{} quyền", format::number(i64::try_from(role.permissions.len()).unwrap_or(0)));
            Row::new([Cell::link(&role.name, format!("/quan-tri/vai-tro/{}", role.id)), Html::text(permissions)])
        };
        let table =
            Table::new("Vai trò của đơn vị").columns(["Vai trò", "Quyền"]).rows(self.roles.iter().map(row)).empty(
                EmptyState::new("Đơn vị không có vai trò riêng", "Vị trí của đơn vị dùng vai trò của đơn vị cấp trên."),
            );
        Card::new("Vai trò của đơn vị").around(Html::from(table).and(self.adding("Thêm vai trò", "vai-tro/moi")))
    }

    fn history(&self) -> Html {
        let row =
            |(place, above): &(Place, String)| Row::new([Html::text(above), Html::text(period(place.from, place.to))]);
        let table = Table::new("Thuộc đơn vị").columns(["Thuộc", "Thời gian"]).rows(self.places.iter().map(row));
        Card::new("Lịch sử").around(table)
    }
}

pub(crate) async fn show(ctx: Ctx, Path(id): Path<Id>) -> Outcome {
    let read = scope::read(&ctx, move |reader, directory, tree| {
        Ok((tree.clone(), directory.posts(reader, id)?, role::owned_by(reader, id)?))
    });
    let (tree, posts, roles) = read.await?;
    let unit = unit_in(&ctx, &DIRECTORY_SEE, &tree, id)?.clone();
    let line = tree.line_of_rights(id);
    let above = line.iter().skip(1).rev().filter(|unit| reaches(&ctx, &DIRECTORY_SEE, &tree, **unit));
    let place = |place: &Place| {
        (place.clone(), place.parent.map_or("cấp cao nhất".to_owned(), |above| tree.name(above).to_owned()))
    };
    let page = UnitPage {
        above: above.map(|unit| (*unit, tree.name(*unit).to_owned())).collect(),
        children: tree.children(id).iter().filter_map(|child| UnitLine::of(&tree, child)).collect(),
        posts,
        roles,
        places: tree.places(id).iter().rev().map(place).collect(),
        may_keep: reaches(&ctx, &DIRECTORY_KEEP, &tree, id),
        today: tree.day,
        unit,
    };
    Ok(page.draw().into_response())
}
