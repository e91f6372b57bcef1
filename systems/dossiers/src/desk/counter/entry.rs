//! What was sent with the counter's form: texts as typed, files of this sending, and files that wait from one before.

use crate::intake::{self, Waiting};
use crate::procedure::Definition;
use crate::procedure::form::{FieldKind, FormField};
use files::{Kept, Upload, Uploads};
use http::StatusCode;
use std::collections::BTreeMap;
use types::{Id, Result};
use ui::{FormState, Lang};
use web::{Ctx, Fields};

/// Papers that the procedure does not name.
pub const OTHER: &str = "p.khac";

/// The form's name of a declared field.
pub fn field_name(key: &str) -> String {
    format!("f.{key}")
}

/// The form's name of a paper's box.
pub fn paper_name(code: &str) -> String {
    format!("p.{code}")
}

/// A form as it stands between two sendings.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// The command id; it stays the same until the form is accepted.
    pub command: String,
    pub form: FormState,
    /// The same as it was sent, to be filled in further.
    fields: Fields,
    /// Files of this sending, by field.
    pub fresh: Vec<Upload>,
    /// Files that wait from a sending before.
    pub waiting: Vec<Waiting>,
}

impl Entry {
    /// A form that nobody has sent yet.
    pub fn new(command: String) -> Self {
        Self { command, form: FormState::new(Lang::Vi), ..Self::default() }
    }

    /// A form as it came in, with the files that wait for it.
    pub async fn sent(ctx: &Ctx, uploads: Uploads) -> Result<Self> {
        let officer = ctx.officer()?.id;
        let command = uploads.fields.text("command").to_owned();
        let mut form = FormState::sent(Lang::Vi, pairs(&uploads.fields, &[]));
        let unwritten = uploads.unavailable.as_ref().map(ToString::to_string);
        for problem in uploads.problems {
            let code = if unwritten.as_ref() == Some(&problem.message) { "unavailable" } else { "file" };
            form.refuse(box_of(&problem.field), code, problem.message);
        }
        let entry = command.clone();
        let waiting = ctx.store().read(move |r| intake::waiting(r, &entry, officer)).await?;
        Ok(Self { command, form, fields: uploads.fields, fresh: uploads.files, waiting })
    }

    /// Everything that was typed, for telling two sendings apart. A scan and the confirmation of a warning are no content.
    pub fn typed(&self) -> Vec<(&str, &[String])> {
        let content =
            self.fields.0.iter().filter(|(name, _)| !["scan", "scan_for", "confirm"].contains(&name.as_str()));
        content.map(|(name, values)| (name.as_str(), values.as_slice())).collect()
    }

    /// What was typed into the declared form, by key.
    pub fn values(&self, definition: &Definition) -> BTreeMap<String, String> {
        let value = |field: &FormField| {
            let typed = self.form.values(&field_name(&field.key));
            // Several ticks come as several values; every other field has one.
            if field.kind == FieldKind::MultiSelect { Some(typed.join(",")) } else { typed.first().cloned() }
        };
        definition.fields().filter_map(|field| value(field).map(|value| (field.key.clone(), value))).collect()
    }

    /// Puts other values into some declared fields; what else was typed stays.
    pub fn fill(&mut self, values: &[(String, String)]) {
        let values: Vec<(String, String)> =
            values.iter().map(|(key, value)| (field_name(key), value.clone())).collect();
        let mut form = FormState::sent(Lang::Vi, pairs(&self.fields, &values));
        for problem in self.form.problems() {
            form.note(problem.clone());
        }
        self.form = form;
    }

    /// Makes the files of this sending wait for the next one. While the house is too busy for that the form says so.
    pub async fn keep_files(&mut self, ctx: &Ctx) -> Result<()> {
        if self.fresh.is_empty() {
            return Ok(());
        }
        let officer = ctx.officer()?.id;
        let files: Vec<(String, Kept)> =
            self.fresh.drain(..).map(|upload| (box_of(&upload.field).to_owned(), upload.kept)).collect();
        let command = ctx.command("dossiers.keep-uploads", &ctx.new_command(), None)?;
        let entry = self.command.clone();
        if let Err(error) = ctx.store().write(command, move |tx| intake::keep(tx, &entry, officer, &files)).await {
            self.form.absorb(error)?;
            self.form.refuse("", "file", "Các tệp vừa chọn chưa giữ được: ông/bà hãy chọn lại khi gửi lần nữa.");
            return Ok(());
        }
        self.waiting = self.read_waiting(ctx, officer).await?;
        Ok(())
    }

    /// The status of a form that is shown again: 503 when what is wrong is no fault of what was typed.
    pub fn status(&self) -> StatusCode {
        if self.form.is_unavailable() { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::UNPROCESSABLE_ENTITY }
    }

    /// Takes a waiting file out again.
    pub async fn take_out(&mut self, ctx: &Ctx, file: Id) -> Result<()> {
        let officer = ctx.officer()?.id;
        let command = ctx.command("dossiers.drop-upload", &ctx.new_command(), None)?;
        let entry = self.command.clone();
        ctx.store().write(command, move |tx| intake::take_out(tx, &entry, officer, file)).await?;
        self.waiting = self.read_waiting(ctx, officer).await?;
        Ok(())
    }

    async fn read_waiting(&self, ctx: &Ctx, officer: Id) -> Result<Vec<Waiting>> {
        let entry = self.command.clone();
        ctx.store().read(move |r| intake::waiting(r, &entry, officer)).await
    }
}

/// The box of a paper, by the name of its file field.
fn box_of(field: &str) -> &str {
    field.strip_suffix(".tep").unwrap_or(field)
}

fn pairs(fields: &Fields, instead: &[(String, String)]) -> Vec<(String, String)> {
    // A scan is read once and never shown again.
    let kept = fields.0.iter().filter(|(name, _)| *name != "scan" && !instead.iter().any(|(other, _)| other == *name));
    let sent = kept.flat_map(|(name, all)| all.iter().map(|value| (name.clone(), value.clone())));
    sent.chain(instead.iter().cloned()).collect()
}
