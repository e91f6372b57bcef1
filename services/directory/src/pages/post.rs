//! One post: who holds it, who stands in, what it may do.

use super::lists::{officer_path, period, post_path, state, unit_path, with_parent};
use super::scope::{self, post_in, reaches};
use super::stand_in_form;
use crate::permissions::{DIRECTORY_KEEP, DIRECTORY_SEE};
use crate::post::{self, Holding, Post};
use crate::role::{self, Grant};
use crate::stand_in::{self, StandIn};
use axum::response::IntoResponse;
use types::{Day, Id, Timestamp};
use ui::{Actions, Button, Card, Cell, Container, EmptyState, Html, Icon, KeyValues, PageHead, Row, Stack, Table};
use web::{Ctx, Outcome, Page, Path};

/// What the page shows.
pub(crate) struct PostPage {
    pub post: Post,
    pub unit: String,
    /// Fields of work by code with their names.
    pub fields: Vec<(String, String)>,
    pub holdings: Vec<Holding>,
    pub grants: Vec<Grant>,
    pub stand_ins: Vec<StandIn>,
    /// How many tasks wait for it.
    pub waiting: i64,
    pub may_keep: bool,
    pub now: Timestamp,
    pub command: String,
}

impl PostPage {
    pub(crate) fn draw(&self) -> Page {
        let head = PageHead::new(&self.post.title)
            .back(self.unit.clone(), unit_path(self.post.unit))
            .lead(self.post.kind.title())
            .beside(state(self.post.from, self.post.to, self.today()));
        let body = Html::from(head).and(self.facts()).and(self.holders()).and(self.standing_in()).and(self.roles());
        Page::desk(self.post.title.clone(), Stack.around(body))
    }

    fn today(&self) -> Day {
        self.now.day()
    }

    fn path(&self, rest: &str) -> String {
        format!("{}/{rest}", post_path(self.post.id))
    }

    fn is_open(&self) -> bool {
        self.may_keep && self.post.to.is_none_or(|to| self.today() <= to)
    }

    /// What a field of work is called; its code where no procedure has it any more.
    fn field_name<'p>(&'p self, code: &'p str) -> &'p str {
        self.fields.iter().find(|(known, _)| known == code).map_or(code, |(_, name)| name)
    }

    fn facts(&self) -> Html {
        let names: Vec<&str> = self.post.fields.iter().map(|code| self.field_name(code)).collect();
        let fields = if names.is_empty() { "mọi lĩnh vực".to_owned() } else { names.join(", ") };
        let facts = KeyValues::new()
            .row("Đơn vị", &self.unit)
            .row("Lĩnh vực", fields)
            .row("Thời gian", period(self.post.from, self.post.to))
            .row("Việc đang chờ", self.waiting.to_string());
        let mut buttons = Html::default();
        if self.may_keep {
            buttons = buttons.and(Button::link("Sửa", self.path("sua")).icon(Icon::Pencil).secondary());
        }
        if self.is_open() {
            buttons = buttons.and(Button::link("Kết thúc vị trí", self.path("ket-thuc")).tertiary().danger());
        }
        Card::new("Thông tin").around(Html::from(facts).and(Actions.around(buttons)))
    }

    fn adding(&self, label: &str, rest: &str) -> Html {
        if self.is_open() {
            Button::link(label, self.path(rest)).icon(Icon::Plus).secondary().into()
        } else {
            Html::default()
        }
    }

    fn ending(&self, (rest, about): (String, &str), to: Option<Day>) -> Html {
        if self.may_keep && to.is_none_or(|to| self.today() <= to) {
            Button::link("Kết thúc", self.path(&rest)).about(about).tertiary().into()
        } else {
            Html::default()
        }
    }

    fn holders(&self) -> Html {
        let row = |one: &Holding| {
            let rest = format!("nguoi-giu/{}/ket-thuc", one.id);
            Row::new([
                Cell::link(&one.name, officer_path(one.officer)),
                Html::text(period(one.from, one.to)),
                state(one.from, one.to, self.today()),
                self.ending((rest, &one.name), one.to),
            ])
        };
        let table = Table::new("Người giữ vị trí")
            .columns(["Cán bộ", "Thời gian", "Tình trạng", "Thao tác"])
            .rows(self.holdings.iter().map(row))
            .empty(EmptyState::new(
                "Chưa có ai giữ vị trí này",
                "Việc chờ ở vị trí đến khi có người giữ hoặc thay mặt.",
            ));
        Card::new("Người giữ vị trí").around(Html::from(table).and(self.adding("Giao vị trí cho cán bộ", "nguoi-giu")))
    }

    fn standing_in(&self) -> Html {
        let end = |one: &StandIn| self.may_keep.then(|| self.path(&format!("thay-mat/{}/ket-thuc", one.id)));
        let table = stand_in_form::table(&self.stand_ins, self.now, &self.command, end);
        Card::new("Thay mặt").around(table.and(self.adding("Giao người thay mặt", "thay-mat")))
    }

    fn roles(&self) -> Html {
        let row = |one: &Grant| {
            let rest = format!("vai-tro/{}/ket-thuc", one.id);
            Row::new([
                Cell::link(&one.name, format!("/quan-tri/vai-tro/{}", one.role)),
                Html::text(period(one.from, one.to)),
                state(one.from, one.to, self.today()),
                self.ending((rest, &one.name), one.to),
            ])
        };
        let table = Table::new("Vai trò")
            .columns(["Vai trò", "Thời gian", "Tình trạng", "Thao tác"])
            .rows(self.grants.iter().map(row))
            .empty(EmptyState::new("Vị trí chưa có vai trò", "Không có vai trò thì người giữ không làm được việc gì."));
        Card::new("Vai trò").around(Html::from(table).and(self.adding("Thêm vai trò", "vai-tro")))
    }
}

pub(crate) async fn show(ctx: Ctx, Path(id): Path<Id>) -> Outcome {
    let (post, tree) = post_in(&ctx, &DIRECTORY_SEE, id).await?;
    let may_keep = reaches(&ctx, &DIRECTORY_KEEP, &tree, post.unit);
    let (unit, now, command) = (with_parent(&tree, post.unit), ctx.now(), ctx.new_command());
    let page = scope::read(&ctx, move |reader, directory, _| {
        Ok(PostPage {
            unit,
            fields: directory.fields_of_work(reader)?,
            holdings: post::holdings(reader, id)?,
            grants: role::grants(reader, id)?,
            stand_ins: stand_in::of_post(reader, id)?,
            waiting: directory.work_at(reader, id)?,
            may_keep,
            now,
            command,
            post,
        })
    });
    Ok(page.await?.draw().into_response())
}
