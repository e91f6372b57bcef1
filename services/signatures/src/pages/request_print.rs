//! Requests on paper: one alone, and all of an administrator's that wait to be sent.

use super::requests::kept_units;
use crate::request::{self, KeyWish, Request, SENT_MAX, Seen};
use crate::signer::SignerKind;
use axum::response::Response;
use directory::{Directory, Keys, UnitTree};
use print::Printer;
use print::forms::{AgencyHead, CertificateRequestsData, NamedCertificate, RequestLine, RequestSheet};
use store::{Reader, params};
use types::{Error, Id, Result, Timestamp};
use web::{Ctx, Outcome, Path};

/// GET /chung-thu-ky/de-nghi/{id}/in.pdf
pub(super) async fn one(ctx: Ctx, Path(id): Path<Id>) -> Outcome<Response> {
    let (who, directory) = (ctx.who.clone(), ctx.house.service::<Directory>());
    let read = ctx.store().read(move |reader| {
        let unknown = || Error::not_found("đề nghị");
        let tree = directory.tree(reader)?;
        let request = request::by_id(reader, id)?.ok_or_else(unknown)?;
        let seen = request::seen(&who, &tree, &request).ok_or_else(unknown)?;
        sheets(reader, (&tree, &directory.keys()), vec![(request, seen)])
    });
    answer(&ctx, read.await?, (&id.to_string(), "de-nghi-chung-thu.pdf")).await
}

/// GET /quan-tri/chung-thu-ky/de-nghi/danh-sach.pdf
pub(super) async fn all(ctx: Ctx) -> Outcome<Response> {
    let (who, directory) = (ctx.who.clone(), ctx.house.service::<Directory>());
    let read = ctx.store().read(move |reader| {
        let tree = directory.tree(reader)?;
        // What one document can carry; what is beyond comes with the next one.
        let (all, _) = request::confirmed(reader, &kept_units(&who, &tree), SENT_MAX)?;
        if all.is_empty() {
            return Err(Error::not_found("đề nghị chờ gửi"));
        }
        sheets(reader, (&tree, &directory.keys()), all.into_iter().map(|request| (request, Seen::Whole)).collect())
    });
    answer(&ctx, read.await?, ("danh-sach", "de-nghi-chung-thu-cho-gui.pdf")).await
}

async fn answer(ctx: &Ctx, sheets: Vec<RequestSheet>, (ident, name): (&str, &str)) -> Outcome<Response> {
    let data = CertificateRequestsData { demo: ctx.house.settings().demo, made_at: ctx.now(), sheets };
    let job = data.job(ident).map_err(Error::from)?;
    let bytes = ctx.house.service::<Printer>().print(job).await.map_err(Error::from)?;
    Ok(files::serve::download(name, "application/pdf", bytes))
}

/// One for each agency; the requests come in the order of their agencies.
fn sheets(
    reader: &mut Reader<'_>,
    (tree, keys): (&UnitTree, &Keys),
    all: Vec<(Request, Seen)>,
) -> Result<Vec<RequestSheet>> {
    let mut sheets: Vec<(Id, RequestSheet)> = Vec::new();
    for (request, seen) in all {
        let unit = request.unit;
        let line = line(reader, (tree, keys), (request, seen))?;
        match sheets.last_mut().filter(|(known, _)| *known == unit) {
            Some((_, sheet)) => sheet.requests.push(line),
            None => sheets.push((unit, sheet(tree, unit, line))),
        }
    }
    Ok(sheets.into_iter().map(|(_, sheet)| sheet).collect())
}

fn sheet(tree: &UnitTree, unit: Id, first: RequestLine) -> RequestSheet {
    let agency = |id: Id| tree.get(id).map(directory::Unit::agency_name);
    let above = tree.line(unit).into_iter().nth(1).and_then(agency);
    let own = agency(unit).unwrap_or_else(|| "–".to_owned());
    let place = tree.get(unit).map_or_else(|| "…".to_owned(), |unit| unit.short_name.clone());
    RequestSheet { head: AgencyHead { superior: above, agency: own, counter: None }, place, requests: vec![first] }
}

fn line(
    reader: &mut Reader<'_>,
    (tree, keys): (&UnitTree, &Keys),
    (request, seen): (Request, Seen),
) -> Result<RequestLine> {
    let filled = |text: String| Some(text).filter(|text| !text.is_empty());
    let certificate = match request.signer {
        Some(signer) => certificate(reader, signer)?,
        None => None,
    };
    let agency = tree.get(request.unit).map(directory::Unit::agency_name);
    let identity = if seen == Seen::Whole { request.identity(keys)? } else { None };
    Ok(RequestLine {
        ask: request.ask.title().to_owned(),
        unverified: request.ask.is_unverified(),
        agency: agency.filter(|_| request.kind == SignerKind::Agency),
        name: request.name,
        post: request.post,
        workplace: request.workplace,
        email: request.email,
        phone: request.phone,
        identity,
        key_place: request.key_wish.map(KeyWish::title).map(str::to_owned),
        certificate,
        reason: filled(request.reason),
        asked_at: request.asked_at,
    })
}

/// A certificate of the register with the number by which its authority finds it.
fn certificate(reader: &mut Reader<'_>, signer: Id) -> Result<Option<NamedCertificate>> {
    let found: Option<(String, String, Timestamp, String)> =
        reader.opt("SELECT name, issuer, valid_to, pem FROM signer WHERE id = $1", params![signer])?;
    let named = found.map(|(name, issuer, valid_to, pem)| {
        let read = ::signing::trust::read_certificates(pem.as_bytes());
        let serial = read.first().map(::signing::Certificate::serial).unwrap_or_default();
        NamedCertificate { name, issuer, serial, valid_to }
    });
    Ok(named)
}
