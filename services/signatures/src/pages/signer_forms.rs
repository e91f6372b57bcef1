//! Adding a certificate with its key, and taking one out of use.

use super::queue::sample_signer;
use super::reading::{self, Sent};
use super::{REGISTER, SIGNERS};
use crate::permissions::{SIGNATURES_SEAL, SIGNATURES_SIGN_OWN};
use crate::rights;
use crate::signer::{self, Brought, Key, KeyPlace, NewSigner, Signer, SignerKind};
use crate::{Means, look, sign, tries};
use ::signing::Secret;
use axum::extract::Multipart;
use axum::extract::multipart::MultipartRejection;
use axum::response::IntoResponse;
use directory::Directory;
use serde::Deserialize;
use types::{Error, Id, Result};
use ui::{
    Actions, Button, Choice, Container, ErrorSummary, Field, FormBox, FormState, Html, Lang, PageHead, Panel, Stack,
    Width, format,
};
use web::{Ctx, Fields, Outcome, Page, Path, Query, Sample, Who, see};

/// Characters of a person's name at the remote service.
const USER_MAX: usize = 100;
/// Key files and pictures have some kilobytes.
const FILE_BYTES_MAX: usize = 512 * 1024;

/// What may be added: one's own, and the seals of these agencies.
struct Adding {
    /// The officer with the name, who may sign.
    person: Option<(Id, String)>,
    agencies: Vec<(Id, String)>,
    has_tokens: bool,
    has_remote: bool,
    /// Certificates at the remote service among which one is chosen: the key's name there, and what people read.
    offered: Vec<(String, String)>,
    command: String,
}

/// Whether this person may add any.
pub(super) fn may_add(who: &Who) -> bool {
    who.may(&SIGNATURES_SIGN_OWN) || who.may(&SIGNATURES_SEAL)
}

async fn load(ctx: &Ctx) -> Result<Adding> {
    if !may_add(&ctx.who) {
        return Err(Error::forbidden("Ông/bà chưa được giao ký số hoặc đóng dấu số nên không thêm chứng thư."));
    }
    let (who, directory, officer) = (ctx.who.clone(), ctx.house.service::<Directory>(), ctx.officer()?);
    let agencies = ctx.store().read(move |reader| {
        let tree = directory.tree(reader)?;
        Ok(rights::sealed_units(&who, &tree).into_iter().map(|unit| (unit, tree.name(unit).to_owned())).collect())
    });
    Ok(Adding {
        person: Some((officer.id, officer.name.clone())).filter(|_| ctx.who.may(&SIGNATURES_SIGN_OWN)),
        agencies: agencies.await?,
        has_tokens: ctx.house.service::<Means>().library().is_some(),
        has_remote: ctx.house.service::<Means>().has_remote(),
        offered: Vec::new(),
        command: ctx.new_command(),
    })
}

/// GET /chung-thu-ky/them
pub(super) async fn new(ctx: Ctx) -> Outcome {
    Ok(load(&ctx).await?.draw(&FormState::new(Lang::Vi)).into_response())
}

/// POST /chung-thu-ky/them
pub(super) async fn add(ctx: Ctx, parts: std::result::Result<Multipart, MultipartRejection>) -> Outcome {
    let mut adding = load(&ctx).await?;
    let mut sent = match reading::read(parts, (FILE_BYTES_MAX, "Tệp lớn quá 512 KB.")).await {
        Ok(sent) => sent,
        Err(error) => {
            let mut form = FormState::sent(Lang::Vi, [("whose", "")]);
            form.absorb(error)?;
            return Ok(adding.draw(&form).into_response());
        }
    };
    let code = Secret::new(sent.fields.0.remove("code").and_then(|mut all| all.pop()).unwrap_or_default());
    let mut form =
        FormState::sent(Lang::Vi, ["whose", "token", "key", "user", "credential"].map(|name| sent.typed(name)));
    match enter(&ctx, &mut adding, (sent, code)).await {
        Ok(()) => Ok(see(SIGNERS)),
        Err(error) => {
            form.absorb(error)?;
            Ok(adding.draw(&form).into_response())
        }
    }
}

async fn enter(ctx: &Ctx, adding: &mut Adding, (mut sent, code): (Sent, Secret)) -> Result<()> {
    let officer = ctx.officer()?.id;
    let (kind, unit) = adding.whose(ctx, sent.fields.text("whose")).await?;
    let picture = sent.take("picture").map(|file| file.bytes);
    if let Some(picture) = picture.clone() {
        // Opening a picture is work for a thread that may be busy.
        let work = move || look::check_picture(kind, picture);
        tokio::task::spawn_blocking(work).await.map_err(|e| Error::internal(format!("opening a picture: {e}")))??;
    }
    let command = sent.fields.text("command").to_owned();
    let user = sent.fields.text("user").trim().to_owned();
    let brought = if user.is_empty() {
        bring(ctx, sent, code).await?
    } else {
        adding.remote(ctx, (kind, user), sent.fields.text("credential")).await?
    };
    let post = if kind == SignerKind::Agency { sealing_post(ctx, unit).await? } else { None };
    let command = ctx.command("signatures.enter-certificate", &command, post)?;
    let command = command.about(&(kind, unit, brought.certificate.sha256()));
    let new = NewSigner { kind, officer: Some(officer).filter(|_| kind == SignerKind::Person), unit, brought, picture };
    ctx.store().write(command, move |tx| signer::enter(tx, &new)).await.map(drop)
}

/// Opens what was brought, on a thread that may be busy: unlocking takes a while on purpose.
async fn bring(ctx: &Ctx, mut sent: Sent, code: Secret) -> Result<Brought> {
    let (now, library) = (ctx.now(), ctx.house.service::<Means>().library().map(ToOwned::to_owned));
    let file = sent.take("file");
    let (token, key) = (sent.fields.text("token").to_owned(), sent.fields.text("key").to_owned());
    if file.is_none() && token.is_empty() && key.is_empty() {
        return Err(Error::invalid("file", "Chọn tệp khóa (.p12, .pfx) hoặc chứng thư (.cer)."));
    }
    // Whoever brings a file has it anyway; the token is the house's.
    let watched = file.is_none().then(|| signer::token_watched_as(&token, &key));
    if let Some(watched) = &watched {
        tries::begin(ctx.store(), watched).await?;
    }
    let work = move || match file {
        Some(file) if signer::is_certificate(&file.bytes) => signer::bring_certificate(&file.bytes, now),
        Some(file) => signer::bring(&file.bytes, &code, now),
        None => signer::bring_token(library.as_deref(), (&token, &key), code, now),
    };
    let brought =
        tokio::task::spawn_blocking(work).await.map_err(|e| Error::internal(format!("opening a key: {e}")))?;
    if let Some(watched) = &watched {
        tries::end(ctx.store(), watched, &brought).await?;
    }
    brought
}

/// The post by which this person seals for a unit: where it is another's, the audit says on whose behalf.
async fn sealing_post(ctx: &Ctx, unit: Id) -> Result<Option<Id>> {
    let (who, directory) = (ctx.who.clone(), ctx.house.service::<Directory>());
    let read = ctx.store().read(move |reader| {
        let tree = directory.tree(reader)?;
        let seals = |post: &&web::HeldPost| {
            post.permissions.contains(SIGNATURES_SEAL.name) && tree.authority(post.unit) == unit
        };
        Ok(who.posts().find(seals).map(|post| post.id))
    });
    read.await
}

impl Adding {
    /// A certificate at the remote service; where the person has several there, they are offered first.
    async fn remote(&mut self, ctx: &Ctx, (kind, user): (SignerKind, String), chosen: &str) -> Result<Brought> {
        if user.chars().count() > USER_MAX || user.chars().any(char::is_control) {
            return Err(Error::invalid("user", "Tên người dùng này quá dài hoặc có ký tự lạ."));
        }
        let own = self.person.as_ref().filter(|_| kind == SignerKind::Person).map(|(_, name)| name.clone());
        let mut all = sign::offered(ctx, user, own).await?;
        let named = |brought: &Brought| match &brought.key {
            Key::Service { credential, .. } => credential.clone(),
            _ => String::new(),
        };
        if all.len() == 1 {
            return Ok(all.remove(0));
        }
        if let Some(place) = all.iter().position(|brought| named(brought) == chosen) {
            return Ok(all.remove(place));
        }
        self.offered = all
            .iter()
            .map(|brought| {
                let Brought { certificate, .. } = brought;
                let until = format::date(certificate.not_after().day());
                let title =
                    format!("{}, {}, hiệu lực đến {until}", certificate.common_name(), certificate.issuer_name());
                (named(brought), title)
            })
            .collect();
        Err(Error::invalid("credential", "Chọn một chứng thư ở dịch vụ ký từ xa."))
    }

    /// Whose the new certificate is: the id of the officer, or of an agency.
    async fn whose(&self, ctx: &Ctx, said: &str) -> Result<(SignerKind, Id)> {
        let wrong = || Error::invalid("whose", "Chọn chứng thư này là của ai.");
        let said: Id = said.parse().map_err(|_| wrong())?;
        if self.agencies.iter().any(|(agency, _)| *agency == said) {
            return Ok((SignerKind::Agency, said));
        }
        if self.person.as_ref().is_none_or(|(officer, _)| *officer != said) {
            return Err(wrong());
        }
        let (who, directory) = (ctx.who.clone(), ctx.house.service::<Directory>());
        let read = ctx.store().read(move |reader| {
            let tree = directory.tree(reader)?;
            // Where one stands in for somebody, one signs for nobody's agency but one's own.
            let own = |post: &&web::HeldPost| !post.stand_in && post.permissions.contains(SIGNATURES_SIGN_OWN.name);
            Ok(who.posts().find(own).map(|post| tree.authority(post.unit)))
        });
        Ok((SignerKind::Person, read.await?.ok_or_else(wrong)?))
    }

    fn draw(&self, form: &FormState) -> Page {
        let title = "Thêm chứng thư ký số";
        let head = PageHead::new(title).back("Chứng thư ký số của tôi", SIGNERS).lead(
            "Tệp khóa được giữ trên máy chủ và vẫn khóa bằng mật khẩu của nó; mật khẩu không được lưu. \
             Khóa trong USB ký số không bao giờ đến máy chủ. Con dấu của cơ quan nên để trong thiết bị ký hoặc HSM theo quy định.",
        );
        let mine = self.person.iter().map(|(id, name)| Choice::new(id.to_string(), format!("Cá nhân: {name}")));
        let agencies =
            self.agencies.iter().map(|(unit, name)| Choice::new(unit.to_string(), format!("Con dấu của {name}")));
        let mut fields = vec![
            Field::radios("whose", "Chứng thư của", mine.chain(agencies)),
            Field::file("file", "Tệp khóa hoặc chứng thư", ".p12,.pfx,.cer,.crt,.pem,.p7b").hint(
                "Tệp khóa PKCS#12 (.p12, .pfx) do tổ chức chứng thực cấp. Khóa nằm trong USB ký số cắm ở máy của ông/bà thì chỉ thêm chứng thư (.cer, .crt, .pem); khóa không rời USB.",
            ),
        ];
        if self.has_tokens {
            fields[1] = fields[1].clone().optional();
            fields.push(Field::text("token", "Hoặc: nhãn của thiết bị trên máy chủ").optional().width(Width::Long));
            fields.push(Field::text("key", "Nhãn của khóa trong thiết bị").optional().width(Width::Long));
        }
        if self.has_remote {
            fields[1] = fields[1].clone().optional();
            fields.push(
                Field::text("user", "Hoặc: tên người dùng ở dịch vụ ký từ xa")
                    .hint("Do nhà cung cấp dịch vụ cấp, thường là số định danh cá nhân hoặc mã số thuế. Mỗi lần ký được xác nhận trên điện thoại.")
                    .optional()
                    .width(Width::Long),
            );
        }
        if !self.offered.is_empty() {
            let choices = self.offered.iter().map(|(name, title)| Choice::new(name, title));
            fields.push(Field::radios("credential", "Chứng thư ở dịch vụ ký từ xa", choices));
        }
        fields.push(
            Field::password("code", "Mật khẩu tệp khóa hoặc mã PIN")
                .hint("Chỉ thêm chứng thư của USB ký số thì để trống.")
                .optional()
                .complete("off")
                .width(Width::Medium),
        );
        fields.push(
            Field::file("picture", "Hình chữ ký hoặc con dấu", ".png,image/png")
                .hint("PNG nền trong suốt, cắt sát mép: chữ ký màu xanh, con dấu tròn màu đỏ (in ra 36 mm). Không có hình thì in tên và thời gian ký.")
                .optional(),
        );
        let fields = fields.into_iter().fold(Html::default(), |all, field| all.and(field.of(form)));
        let buttons =
            Actions.around(Html::from(Button::submit("Thêm chứng thư")).and(Button::link("Hủy", SIGNERS).tertiary()));
        let boxed = FormBox::post(format!("{SIGNERS}/them")).hidden("command", &self.command).upload();
        let body = Html::from(head).and(ErrorSummary::of(form)).and(Panel.around(boxed.around(fields.and(buttons))));
        Page::desk(form.title(title), Stack.around(body)).with_status(form.status())
    }
}

/// Where the page of ending leads back to.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Back {
    ve: String,
}

impl Back {
    fn path(&self) -> &'static str {
        if self.ve == REGISTER { REGISTER } else { SIGNERS }
    }
}

/// GET /chung-thu-ky/{id}/ngung
pub(super) async fn ending(ctx: Ctx, Path(id): Path<Id>, Query(back): Query<Back>) -> Outcome {
    let signer = find(&ctx, id).await?;
    Ok(taking_out(&signer, &ctx.new_command(), back.path()).into_response())
}

/// POST /chung-thu-ky/{id}/ngung
pub(super) async fn end(ctx: Ctx, Path(id): Path<Id>, fields: Fields) -> Outcome {
    let signer = find(&ctx, id).await?;
    let command = ctx.command("signatures.end-certificate", fields.text("command"), None)?;
    ctx.store().write(command, move |tx| signer::end(tx, &signer)).await?;
    Ok(see(Back { ve: fields.text("ve").to_owned() }.path()))
}

/// A certificate that this person may take out of use.
async fn find(ctx: &Ctx, id: Id) -> Result<Signer> {
    let (who, directory) = (ctx.who.clone(), ctx.house.service::<Directory>());
    let read = ctx.store().read(move |reader| {
        let tree = directory.tree(reader)?;
        let signer = signer::by_id(reader, id)?.filter(|signer| rights::may_end(&who, &tree, signer));
        signer.ok_or_else(|| Error::not_found("chứng thư"))
    });
    read.await
}

fn taking_out(signer: &Signer, command: &str, back: &str) -> Page {
    let head = PageHead::new(format!("Ngừng dùng chứng thư «{}»", signer.name))
        .lead(format!(
            "Cấp bởi {}, hiệu lực đến {}. {}; các văn bản đã ký vẫn có giá trị. Nếu lộ khóa, phải báo tổ chức chứng thực thu hồi chứng thư.",
            signer.issuer,
            format::date(signer.valid_to.day()),
            match signer.key_place {
                KeyPlace::File => "Tệp khóa trên máy chủ bị xóa ngay",
                KeyPlace::Token | KeyPlace::Desk => "Phần mềm không dùng thiết bị này nữa, khóa vẫn nằm trong thiết bị",
                KeyPlace::Service => "Phần mềm không gửi yêu cầu ký đến dịch vụ nữa, khóa vẫn ở dịch vụ",
            }
        ))
        .back("Chứng thư ký số", back);
    let buttons = Html::from(Button::submit("Ngừng dùng").danger()).and(Button::link("Hủy", back).tertiary());
    let boxed = FormBox::post(format!("{SIGNERS}/{}/ngung", signer.id)).hidden("command", command).hidden("ve", back);
    let body = Html::from(head).and(Panel.around(boxed.around(Actions.around(buttons))));
    Page::desk("Ngừng dùng chứng thư", Stack.around(body))
}

/// Certificates that do not exist.
const OFFERED: [&str; 2] = [
    "Nguyễn Thị Phương Thảo (mẫu), Tổ chức chứng thực mẫu, hiệu lực đến 01/03/2027",
    "Nguyễn Thị Phương Thảo (mẫu), Tổ chức chứng thực mẫu của các cơ quan Đảng và Nhà nước, hiệu lực đến 30/06/2028",
];

pub(super) fn samples() -> Vec<Sample> {
    let adding = |has_tokens: bool, offered: &[&str]| Adding {
        person: Some((Id(7), "Nguyễn Thị Phương Thảo (mẫu)".to_owned())),
        agencies: vec![(Id(3), "Ủy ban nhân dân xã Phúc Khê Thượng Hạ Nguyên (mẫu)".to_owned())],
        has_tokens,
        has_remote: has_tokens || !offered.is_empty(),
        offered: offered.iter().map(|title| ((*title).to_owned(), (*title).to_owned())).collect(),
        command: "0".repeat(32),
    };
    let mut wrong = FormState::sent(Lang::Vi, [("whose", "7")]);
    wrong.refuse("code", "invalid", "Mã mở khóa không đúng.");
    let mut several = FormState::sent(Lang::Vi, [("whose", "7"), ("user", "001099000001")]);
    several.refuse("credential", "invalid", "Chọn một chứng thư ở dịch vụ ký từ xa.");
    vec![
        Sample { name: "signers/new", page: adding(true, &[]).draw(&FormState::new(Lang::Vi)) },
        Sample { name: "signers/wrong", page: adding(false, &[]).draw(&wrong) },
        Sample { name: "signers/offered", page: adding(false, &OFFERED).draw(&several) },
        Sample { name: "signers/end", page: taking_out(&sample_signer(SignerKind::Agency), &"0".repeat(32), SIGNERS) },
    ]
}
