//! A file that somebody hands in to be looked at: taken into memory, checked, drawn, forgotten.

use crate::checking::{Place, TAKE_MAX};
use crate::pages::reading::SentFile;
use crate::pages::{reading, report};
use crate::{Checker, FILE_BYTES_MAX, Trusting};
use axum::extract::Multipart;
use axum::extract::multipart::MultipartRejection;
use signing::verify::{Issued, Report, SignatureKind};
use types::{Error, Result};
use ui::{Html, Notice, Tone};
use web::Ctx;

/// A file in memory.
pub struct Taken {
    /// What its owner calls it.
    pub name: String,
    pub bytes: Vec<u8>,
    place: Place,
}

impl Taken {
    /// Whether it is a PDF; some begin with a few foreign bytes.
    pub fn is_pdf(&self) -> bool {
        self.bytes.windows(5).take(1024).any(|bytes| bytes == b"%PDF-")
    }
}

/// What was found in a file.
pub struct Checked {
    /// What its owner calls it.
    pub name: String,
    /// Its size.
    pub bytes: usize,
    pub report: Report,
    /// Number and date that were given after the first signature, and which signature vouches for them.
    pub issued: Option<Issued>,
    /// Nothing is trusted here yet, so that nobody can be vouched for.
    pub trusts_nobody: bool,
}

/// Takes the form's `file` in; at most a few at a time.
///
/// # Errors
/// `Invalid` with `missing` when there is none, and when it is too large or the line broke; `Busy`.
pub async fn take(ctx: &Ctx, form: std::result::Result<Multipart, MultipartRejection>, missing: &str) -> Result<Taken> {
    let checker = ctx.house.service::<Checker>();
    let place = checker.place(&ctx.network()).await?;
    let too_slow =
        |_| Error::invalid("form", "Tệp gửi lên quá lâu nên lần gửi này đã dừng. Ông/bà hãy gửi lại khi mạng ổn định.");
    let reading = reading::read(form, (FILE_BYTES_MAX, "Tệp lớn quá 25 MB nên không kiểm tra được ở đây."));
    let mut sent = tokio::time::timeout(TAKE_MAX, reading).await.map_err(too_slow)??;
    let SentFile { name, bytes } = sent.take("file").ok_or_else(|| Error::invalid("file", missing))?;
    Ok(Taken { name, bytes, place })
}

/// Checks its signatures against whom this house trusts.
///
/// # Errors
/// `Busy`.
pub async fn check(ctx: &Ctx, taken: Taken) -> Result<Checked> {
    let (checker, trusting) = (ctx.house.service::<Checker>(), ctx.house.service::<Trusting>());
    let trust = ctx.store().read(move |reader| trusting.list(reader)).await?;
    let Taken { name, bytes: file, place } = taken;
    let (bytes, trusts_nobody) = (file.len(), trust.anchors.is_empty());
    let (report, issued) = checker.check((file, Some(place)), trust, ctx.now()).await?;
    Ok(Checked { name, bytes, report, issued, trusts_nobody })
}

impl Checked {
    /// The answer with all that it rests on.
    pub fn drawn(&self) -> Html {
        report::verdict(self).and(self.details())
    }

    /// What was found, without the answer; nothing when there is no signature.
    pub fn details(&self) -> Html {
        if self.report.signatures.is_empty() {
            return report::about_file(self);
        }
        let nobody = Notice::new(
            Tone::Info,
            "Cơ quan chưa nhập chứng thư của các tổ chức chứng thực vào phần mềm này, nên ở đây mới biết được tệp có bị sửa hay không, chưa biết được chữ ký là của ai.",
        );
        let nobody = if self.trusts_nobody {
            Html::from(nobody.titled("Chưa kiểm tra được người ký"))
        } else {
            Html::default()
        };
        nobody.and(report::details(self))
    }

    /// Whether the file carries a signature of a person or an agency.
    pub fn is_signed(&self) -> bool {
        self.report.signatures.iter().any(|signature| signature.kind != SignatureKind::DocumentTimestamp)
    }
}
