//! A dossier as programs see it. Only for whom may see the dossier: it holds the party's particulars.

mod load;

use crate::status::Status;
use serde::Serialize;
use std::collections::BTreeMap;
use types::{Id, Timestamp};
use utoipa::ToSchema;
use web::Ctx;

pub(super) use load::load;

/// A 64-bit number as a string, which every language reads whole.
#[derive(Debug, ToSchema)]
#[schema(example = "81985529216486895")]
pub struct ApiId(#[allow(dead_code)] String);

/// A dossier's status; the numbers of the National Public Service Portal are 1 to 10 in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StatusWord {
    Submitted,
    Received,
    Refused,
    InProgress,
    SupplementRequested,
    PaymentRequested,
    Withdrawn,
    Stopped,
    Finished,
    Delivered,
}

impl From<Status> for StatusWord {
    fn from(status: Status) -> Self {
        match status {
            Status::Submitted => Self::Submitted,
            Status::Received => Self::Received,
            Status::Refused => Self::Refused,
            Status::InProgress => Self::InProgress,
            Status::SupplementRequested => Self::SupplementRequested,
            Status::PaymentRequested => Self::PaymentRequested,
            Status::Withdrawn => Self::Withdrawn,
            Status::Stopped => Self::Stopped,
            Status::Finished => Self::Finished,
            Status::Delivered => Self::Delivered,
        }
    }
}

/// The link by which the party follows the dossier.
pub(super) fn tracking_url(ctx: &Ctx, token: &str) -> String {
    format!("{}/theo-doi/{token}", ctx.house.settings().public_url)
}

/// A dossier with everything on it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownDossier {
    #[schema(value_type = ApiId)]
    pub id: Id,
    #[schema(example = "H55.62.05-261121-0001")]
    pub code: String,
    pub procedure: ProcedureOf,
    pub case: Option<String>,
    pub unit: UnitOf,
    pub status: StatusWord,
    /// The portal's number of the status, 1 to 10.
    pub status_number: i64,
    /// The portal's words for the status.
    pub status_title: &'static str,
    /// Known to its holders only (complaints, denunciations).
    pub restricted: bool,
    pub channel: String,
    pub applicant: ShownApplicant,
    /// The request in one line.
    pub summary: String,
    /// The form by field key. Numbers of people are without their middle unless a step waits for the officer; null when no key
    /// of the server opens it.
    pub form: Option<BTreeMap<String, String>>,
    /// No key of the server opens the form.
    pub form_closed: bool,
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub due_at: Timestamp,
    /// When its clock ended for good.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
    /// `early`, `on_time`, `late`; or `refused`, `withdrawn`, `stopped`.
    pub outcome: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub delivered_at: Option<Timestamp>,
    pub delivered_to: Option<String>,
    pub return_way: String,
    pub tracking_url: String,
    /// Send it back with a move, so that nobody acts on a state that has changed.
    pub revision: i64,
    /// What waits, and where; none when nothing does.
    pub waiting: Option<Waiting>,
    pub papers: Vec<ShownPaper>,
    pub stops: Vec<ShownStop>,
    pub results: Vec<ShownResult>,
    pub events: Vec<ShownEvent>,
}

/// The version of the procedure that the dossier was received under.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProcedureOf {
    pub code: String,
    pub version: i64,
    pub name: String,
}

/// The unit that received.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitOf {
    #[schema(value_type = ApiId)]
    pub id: Id,
    /// The electronic identifier.
    pub code: Option<String>,
    pub name: String,
}

/// Who asks.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownApplicant {
    pub name: String,
    /// Like the phone, without its middle unless a step waits for the officer.
    pub identity_number: Option<String>,
    pub phone: Option<String>,
    pub address: Option<String>,
    pub email: Option<String>,
}

/// The step at work.
#[derive(Debug, Serialize, ToSchema)]
pub struct Waiting {
    pub step: String,
    pub title: String,
    /// The post it waits for; none when it waits for one officer.
    #[schema(value_type = Option<ApiId>)]
    pub post: Option<Id>,
    pub post_title: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub due_at: Timestamp,
}

/// A paper that came with it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownPaper {
    pub requirement: String,
    pub name: String,
    pub originals: i64,
    pub copies: i64,
    #[schema(value_type = Option<ApiId>)]
    pub file_id: Option<Id>,
    /// When the party brought it after the receipt.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub supplemented_at: Option<Timestamp>,
}

/// A time in which its clock stood still.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownStop {
    /// `supplement_requested` or `payment_requested`.
    pub status: StatusWord,
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// None while it lasts.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub to: Option<Timestamp>,
    pub reason: String,
}

/// A result as it is handed out.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownResult {
    #[schema(value_type = ApiId)]
    pub id: Id,
    pub name: String,
    pub number: Option<String>,
    #[schema(value_type = ApiId)]
    pub file_id: Id,
}

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownEvent {
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// `received`, `passed`, `finished`, …
    pub kind: &'static str,
    pub title: &'static str,
    /// The officer's name; none when a program acted.
    pub officer: Option<String>,
    /// The post on whose behalf a stand-in acted.
    #[schema(value_type = Option<ApiId>)]
    pub on_behalf_of: Option<Id>,
    pub from_step: Option<String>,
    pub to_step: Option<String>,
    /// The note or reason.
    pub text: Option<String>,
    #[schema(value_type = Option<ApiId>)]
    pub file_id: Option<Id>,
}
