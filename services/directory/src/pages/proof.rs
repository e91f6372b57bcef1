//! Whoever changes a password or a factor proves to be the officer: by the password, and by a code as well where a second
//! factor is in use, or in place of both by a passkey. A PC may stand unattended, and who has seen a password typed has
//! not got the phone. With phone or passkey lost there is another way: the unit's administrator takes it off.

use super::scope::directory;
use super::sign_in::raw;
use crate::account::Account;
use crate::directory::Directory;
use crate::keys::totp_of;
use crate::passkey::party::Party;
use crate::{passkey, totp};
use store::Reader;
use types::{Id, Result};
use ui::{Field, FormState, Html, Notice, PasskeyBox, Tone, Width};
use web::{Ctx, Fields};

/// The name of the code's field; the page of the second factor has another code beside it.
const CODE: &str = "proof_code";
/// Where a browser asks for a question that a passkey answers.
pub(super) const ASK_PATH: &str = "/dang-nhap/khoa-truy-cap/thach-thuc";

/// The secret of the factor in use. None where there is none, and where no key opens it: such a one proves nothing, and
/// the password still does.
pub(super) fn factor(ctx: &Ctx, account: &Account) -> Option<Vec<u8>> {
    opened(&directory(ctx), account)
}

/// The same where no request is at hand.
pub(super) fn opened(directory: &Directory, account: &Account) -> Option<Vec<u8>> {
    let sealed = account.totp_secret.as_ref()?;
    directory.keys().open_sealed(totp_of(account.officer), sealed).ok()
}

/// What has to be proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Demand {
    /// That the officer is there.
    Person,
    /// The same, for what makes or takes a factor. Where a passkey is the only factor, the password alone does not prove
    /// it: whoever knows it would put a factor of their own in the passkey's place.
    Factor,
}

/// How an officer can prove it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ways {
    /// The secret of the second factor in use, a code of which is asked for.
    pub factor: Option<Vec<u8>>,
    /// The officer has passkeys.
    pub passkeys: bool,
    /// Nothing but a passkey counts.
    pub passkey_only: bool,
    /// The address at which passkeys work; none where they do not.
    pub origin: Option<String>,
}

impl Ways {
    /// Those of an account.
    pub async fn of(ctx: &Ctx, account: &Account, demand: Demand) -> Result<Self> {
        let officer = account.officer;
        let passkeys = ctx.store().read(move |reader| has_passkeys(reader, officer)).await?;
        let factor = factor(ctx, account);
        let passkey_only = passkeys && demand == Demand::Factor && factor.is_none();
        let origin = Party::of(&ctx.house.settings().public_url).map(|party| party.origin);
        Ok(Self { factor, passkeys, passkey_only, origin })
    }

    /// The fields: the password under this name, and a code where one is needed.
    pub fn fields(&self, name: &str, hint: Option<&'static str>) -> Vec<Field> {
        if self.passkey_only {
            return Vec::new();
        }
        let password = Field::password(name, "Mật khẩu hiện tại").width(Width::Long).max_length(200);
        let mut fields = vec![hint.into_iter().fold(password, Field::hint)];
        fields.extend(self.factor.as_ref().map(|_| code_field()));
        fields
    }

    /// What is offered to whoever has a passkey, to stand in the same form.
    pub fn passkey(&self, label: &str) -> Html {
        match &self.origin {
            _ if !self.passkeys => Html::default(),
            Some(origin) => PasskeyBox::get(label, ASK_PATH, origin).secondary().into(),
            None if self.passkey_only => Notice::new(Tone::Warning, UNPROVEN).into(),
            None => Html::default(),
        }
    }

    /// Whether what is asked for can be sent by a button of its own.
    pub fn has_fields(&self) -> bool {
        !self.passkey_only
    }
}

const UNPROVEN: &str = "Việc này cần xác nhận bằng khóa truy cập, mà khóa truy cập không dùng được ở địa chỉ đang mở. \
    Hãy mở Nhà Việc bằng địa chỉ https của đơn vị, hoặc nhờ quản trị gỡ khóa truy cập.";

fn has_passkeys(reader: &mut Reader<'_>, officer: Id) -> Result<bool> {
    Ok(!passkey::open_of(reader, officer)?.is_empty())
}

/// The field for a code of the factor in use.
fn code_field() -> Field {
    Field::digits(CODE, "Mã xác thực hiện tại")
        .hint("Sáu chữ số đang hiện trên điện thoại. Mất điện thoại thì nhờ quản trị của đơn vị gỡ xác thực hai bước.")
        .complete("one-time-code")
        .max_length(10)
        .width(Width::Medium)
}

/// What somebody sends to prove who they are.
pub(super) struct Typed {
    /// The field with the password.
    field: &'static str,
    password: String,
    code: String,
    /// The secret of the factor in use.
    factor: Option<Vec<u8>>,
    /// A passkey's answer to a question, in place of both.
    answer: Option<(Id, String)>,
}

/// What was proven.
pub(super) struct Proof {
    /// The step of the code, which is good once.
    pub step: Option<i64>,
}

impl Typed {
    /// What was typed for the password into `field`, and for the code where one is needed, or what a passkey answered; what
    /// is missing is noted.
    pub fn read(ways: Ways, field: &'static str, (fields, form): (&Fields, &mut FormState)) -> Self {
        let answer = answer(fields);
        let (password, code) = (raw(fields, field).to_owned(), form.value(CODE).to_owned());
        if answer.is_none() {
            if ways.passkey_only {
                form.refuse("answer", "missing", "Hãy xác nhận bằng khóa truy cập.");
            } else if password.is_empty() {
                form.refuse(field, "missing", "Nhập mật khẩu hiện tại.");
            }
            if ways.factor.is_some() && code.is_empty() {
                form.refuse(CODE, "missing", "Nhập mã xác thực đang hiện trên điện thoại.");
            }
        }
        Self { field, password, code, factor: ways.factor, answer }
    }

    /// Whether it proves the officer; what is wrong is noted in the form, and counts like a wrong sign-in: an open session
    /// must not become a place for guessing.
    pub async fn proves(self, ctx: &Ctx, account: &Account, form: &mut FormState) -> Result<Option<Proof>> {
        let directory = directory(ctx);
        if let Some((question, answer)) = &self.answer {
            let party = Party::of(&ctx.house.settings().public_url);
            let party = party.ok_or_else(|| types::Error::conflict(super::passkeys::UNAVAILABLE))?;
            if directory.prove_with_passkey((ctx, &party), account, (*question, answer)).await? {
                return Ok(Some(Proof { step: None }));
            }
            form.refuse("answer", "wrong", "Khóa truy cập không xác nhận được, hoặc đã quá 5 phút. Hãy bấm lại.");
            return Ok(None);
        }
        directory.count_try(ctx.store(), account, ctx).await?;
        let fits = directory.hashing().find(self.password, vec![account.password_hash.clone()]).await?.is_some();
        let step = match &self.factor {
            Some(secret) => totp::verify(secret, &self.code, ctx.now(), account.totp_step),
            None => None,
        };
        if fits && step.is_some() == self.factor.is_some() {
            directory.forgive_try(ctx.store(), account, ctx).await?;
            return Ok(Some(Proof { step }));
        }
        directory.fail_try(ctx.store(), account, (ctx, if fits { "code" } else { "password" })).await?;
        // Not told apart: whoever guesses at both learns of neither that it was right.
        let told = match self.factor {
            Some(_) => "Mật khẩu hoặc mã xác thực không đúng. Mỗi mã chỉ dùng được một lần; hãy đợi mã tiếp theo.",
            None => "Mật khẩu hiện tại không đúng.",
        };
        form.refuse(self.field, "wrong", told);
        Ok(None)
    }
}

/// A passkey's answer, under the number of its question; none where the form was sent without one.
fn answer(fields: &Fields) -> Option<(Id, String)> {
    Some(only_answer(fields)).filter(|(_, answer)| !answer.is_empty())
}

/// The same for a page whose form is only such an answer.
pub(super) fn only_answer(fields: &Fields) -> (Id, String) {
    (fields.text("ceremony").parse().unwrap_or(Id(0)), fields.text("answer").to_owned())
}

/// The proof's part of a form that has nothing wrong with it: proven, or what is wrong noted.
pub(super) async fn proven(
    ctx: &Ctx,
    account: &Account,
    (ways, field): (Ways, &'static str),
    (fields, form): (&Fields, &mut FormState),
) -> Result<Option<Proof>> {
    let typed = Typed::read(ways, field, (fields, &mut *form));
    if form.is_valid() { typed.proves(ctx, account, form).await } else { Ok(None) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::form_page::fresh;

    #[test]
    fn a_passkey_alone_is_asked_for_where_it_is_the_only_factor() {
        let origin = Some("https://nhaviec.test".to_owned());
        let only = Ways { passkeys: true, passkey_only: true, origin: origin.clone(), ..Ways::default() };
        assert!(only.fields("proof", None).is_empty() && only.passkey("Xác nhận").as_str().contains("data-passkey"));
        let elsewhere = Ways { origin: None, ..only.clone() };
        assert!(elsewhere.passkey("Xác nhận").as_str().contains("https của đơn vị"));
        let mut form = fresh();
        Typed::read(only, "proof", (&Fields::default(), &mut form));
        assert!(!form.is_valid());
        let both = Ways { factor: Some(vec![1]), passkeys: true, origin, ..Ways::default() };
        assert_eq!(both.fields("proof", None).len(), 2);
    }
}
