//! Whoever changes a password or a second factor proves to be the officer: by the password, and by a code as well where a
//! second factor is in use. A PC may stand unattended, and who has seen a password typed has not got the phone.
//! With the phone lost there is another way: the unit's administrator takes the factor off.

use super::scope::directory;
use super::sign_in::raw;
use crate::account::Account;
use crate::totp;
use types::Result;
use ui::{Field, FormState, Width};
use web::{Ctx, Fields};

/// The name of the code's field; the page of the second factor has another code beside it.
const CODE: &str = "proof_code";

/// The secret of the factor in use. None where there is none, and where no key opens it: such a one proves nothing, and
/// the password still does.
pub(super) fn factor(ctx: &Ctx, account: &Account) -> Option<Vec<u8>> {
    let sealed = account.totp_secret.as_ref()?;
    directory(ctx).keys().open_sealed(account.officer, sealed).ok()
}

/// The field for a code of the factor in use.
pub(super) fn code_field() -> Field {
    Field::digits(CODE, "Mã xác thực hiện tại")
        .hint("Sáu chữ số đang hiện trên điện thoại. Mất điện thoại thì nhờ quản trị của đơn vị gỡ xác thực hai bước.")
        .complete("one-time-code")
        .max_length(10)
        .width(Width::Medium)
}

/// What somebody types to prove who they are.
pub(super) struct Typed {
    /// The field with the password.
    field: &'static str,
    password: String,
    code: String,
    /// The secret of the factor in use.
    factor: Option<Vec<u8>>,
}

/// What was proven.
pub(super) struct Proof {
    /// The step of the code, which is good once.
    pub step: Option<i64>,
}

impl Typed {
    /// What was typed for the password into `field`, and for the code where one is needed; what is missing is noted.
    pub fn read(factor: Option<Vec<u8>>, field: &'static str, (fields, form): (&Fields, &mut FormState)) -> Self {
        let (password, code) = (raw(fields, field).to_owned(), form.value(CODE).to_owned());
        if password.is_empty() {
            form.refuse(field, "missing", "Nhập mật khẩu hiện tại.");
        }
        if factor.is_some() && code.is_empty() {
            form.refuse(CODE, "missing", "Nhập mã xác thực đang hiện trên điện thoại.");
        }
        Self { field, password, code, factor }
    }

    /// Whether it proves the officer; what is wrong is noted in the form, and counts like a wrong sign-in: an open session
    /// must not become a place for guessing.
    pub async fn proves(self, ctx: &Ctx, account: &Account, form: &mut FormState) -> Result<Option<Proof>> {
        let directory = directory(ctx);
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
