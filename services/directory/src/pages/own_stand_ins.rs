//! Letting somebody stand in for one's own post, and where one stands in for others.

use super::form_page::{FormPage, command, fresh, sent, settle};
use super::picking::{self, Sought};
use super::scope::read;
use super::stand_in_form;
use crate::stand_in::{self, StandIn};
use crate::tree::UnitTree;
use crate::unit::UnitKind;
use axum::response::IntoResponse;
use types::{Error, Id, Result, Timestamp};
use ui::{Button, Card, Container, EmptyState, FormState, Html, Icon, PageHead, Stack};
use web::{Ctx, Fields, HeldPost, Outcome, Page, Path, Query, see};

/// What the page shows.
pub(crate) struct OwnStandInsPage {
    /// Posts of one's own with those who stand in.
    pub posts: Vec<(Id, String, Vec<StandIn>)>,
    /// Where one stands in.
    pub given: Vec<StandIn>,
    pub now: Timestamp,
    pub command: String,
}

impl OwnStandInsPage {
    pub(crate) fn draw(&self) -> Page {
        let head = PageHead::new("Thay mặt").back("Tài khoản của tôi", "/tai-khoan").lead(
            "Khi đi vắng, ông/bà có thể giao người khác thay mặt vị trí của mình trong một thời gian. Mọi việc người đó làm đều ghi «thay mặt».",
        );
        let mut body = Html::from(head);
        if self.posts.is_empty() {
            body =
                body.and(EmptyState::new("Ông/bà chưa giữ vị trí nào", "Quản trị của đơn vị giao vị trí cho cán bộ."));
        }
        for (post, title, stand_ins) in &self.posts {
            let table = stand_in_form::table(stand_ins, self.now, &self.command, |one| {
                Some(format!("/tai-khoan/thay-mat/{}/ket-thuc", one.id))
            });
            let add = Button::link("Giao người thay mặt", format!("/tai-khoan/thay-mat/{post}/moi"))
                .about(title.clone())
                .icon(Icon::Plus)
                .secondary();
            body = body.and(Card::new(title.clone()).around(table.and(add)));
        }
        let given = stand_in_form::table(&self.given, self.now, &self.command, |_| None);
        Page::desk("Thay mặt", Stack.around(body.and(Card::new("Tôi thay mặt người khác").around(given))))
    }
}

fn own_posts(ctx: &Ctx) -> Vec<HeldPost> {
    ctx.who.posts().filter(|post| !post.stand_in).cloned().collect()
}

/// A post that the officer holds; another's is not there.
fn own_post(ctx: &Ctx, id: Id) -> Result<HeldPost> {
    own_posts(ctx).into_iter().find(|post| post.id == id).ok_or_else(|| Error::not_found("vị trí"))
}

pub(crate) async fn show(ctx: Ctx) -> Outcome {
    let (me, posts, now) = (ctx.officer()?.id, own_posts(&ctx), ctx.now());
    let (posts, given) = ctx
        .store()
        .read(move |reader| {
            let mut shown = Vec::new();
            for post in posts {
                shown.push((
                    post.id,
                    format!("{} – {}", post.title, post.unit_name),
                    stand_in::of_post(reader, post.id)?,
                ));
            }
            Ok((shown, stand_in::of_officer(reader, me)?))
        })
        .await?;
    Ok(OwnStandInsPage { posts, given, now, command: ctx.new_command() }.draw().into_response())
}

/// The unit whose people may stand in for each other: the commune, province or agency around a post's unit.
fn home(tree: &UnitTree, unit: Id) -> Id {
    let whole = |id: &Id| {
        let kind = tree.get(*id).map(|unit| unit.kind);
        matches!(kind, Some(UnitKind::Province | UnitKind::District | UnitKind::Commune | UnitKind::Agency))
    };
    tree.line(unit).into_iter().find(whole).unwrap_or(unit)
}

async fn form_page(ctx: &Ctx, post: &HeldPost, (form, sought): (&FormState, &str)) -> Result<Page> {
    let (unit, words) = (post.unit, sought.to_owned());
    let choices =
        read(ctx, move |reader, _, tree| picking::officers(reader, tree, tree.below(home(tree, unit)), &words)).await?;
    let action = format!("/tai-khoan/thay-mat/{}", post.id);
    let page = FormPage {
        title: "Giao người thay mặt".into(),
        lead: format!("{} – {}", post.title, post.unit_name),
        back: ("Thay mặt".into(), "/tai-khoan/thay-mat".into()),
        action: action.clone(),
        command: ctx.new_command(),
        submit: "Giao thay mặt",
        danger: false,
        version: None,
    };
    let search = choices.search(&format!("{action}/moi"), "Tìm cán bộ theo tên", sought);
    Ok(page.draw_with(form, search, stand_in_form::fields(choices.choices, ctx.now().day())))
}

pub(crate) async fn new(ctx: Ctx, Path(post): Path<Id>, Query(sought): Query<Sought>) -> Outcome {
    let post = own_post(&ctx, post)?;
    Ok(form_page(&ctx, &post, (&fresh(), &sought.q)).await?.into_response())
}

pub(crate) async fn authorise(ctx: Ctx, Path(post): Path<Id>, fields: Fields) -> Outcome {
    let post = own_post(&ctx, post)?;
    let mut form = sent(&fields);
    if let Some(entry) = stand_in_form::entry(&mut form) {
        let (unit, officer) = (post.unit, entry.officer);
        let near = read(&ctx, move |reader, _, tree| {
            let kept_by = crate::officer::unit_of(reader, officer)?;
            Ok(tree.below(home(tree, unit)).contains(&kept_by))
        });
        if near.await? {
            let (id, command) = (post.id, command(&ctx, &fields, "directory.authorise_stand_in")?);
            let done = ctx.store().write(command, move |tx| stand_in::authorise(tx, id, &entry)).await;
            if settle(&mut form, done)?.is_some() {
                return Ok(see("/tai-khoan/thay-mat"));
            }
        } else {
            form.refuse("officer", "elsewhere", "Chọn người của cùng cơ quan.");
        }
    }
    Ok(form_page(&ctx, &post, (&form, "")).await?.into_response())
}

pub(crate) async fn end(ctx: Ctx, Path(id): Path<Id>, fields: Fields) -> Outcome {
    let found = ctx.store().read(move |reader| stand_in::one(reader, id)).await?;
    let found = found.ok_or_else(|| Error::not_found("việc thay mặt"))?;
    own_post(&ctx, found.post)?;
    let command = command(&ctx, &fields, "directory.end_stand_in")?;
    ctx.store().write(command, move |tx| stand_in::end(tx, id)).await?;
    Ok(see("/tai-khoan/thay-mat"))
}
