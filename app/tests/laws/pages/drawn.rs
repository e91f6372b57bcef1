//! Each page has samples, in which the law of templates sees it.

use app::modules;
use std::collections::BTreeSet;

/// The pages of the house with the family of their samples, or the sample itself: a page that is missing here has none.
const PAGES: [(&str, &str); 93] = [
    ("/cai-chung-thu", "trust"),
    ("/", "citizen-front"),
    ("/thu-tuc", "citizen-procedures"),
    ("/thu-tuc/{code}", "citizen-procedure"),
    ("/tra-cuu", "citizen-seek"),
    ("/theo-doi/{token}", "citizen-follow"),
    ("/theo-doi/{token}/giay-to/{event}", "citizen-paper"),
    ("/theo-doi/{token}/doi-chieu", "citizen-compare"),
    ("/kiem-tra-chu-ky", "signature-check"),
    ("/ky-so", "signing/sign"),
    ("/dong-dau", "signing/seal"),
    ("/ky-so/tren-may", "signing/signed"),
    ("/dong-dau/tren-may", "signing/signed"),
    ("/ky-so/tu-xa/{id}", "signing/at-phone"),
    ("/dong-dau/tu-xa/{id}", "signing/at-phone"),
    ("/van-ban-ky/{id}", "signing-document"),
    ("/van-ban-ky/{id}/vi-tri", "signing-place"),
    ("/chung-thu-ky", "signers/own"),
    ("/chung-thu-ky/them", "signers/new"),
    ("/chung-thu-ky/{id}/ngung", "signers/end"),
    ("/quan-tri/chung-thu-ky", "signers/register"),
    ("/chung-thu-ky/de-nghi", "certificate-requests/own"),
    ("/chung-thu-ky/de-nghi/moi", "certificate-request"),
    ("/chung-thu-ky/de-nghi/{id}", "certificate-request-page"),
    ("/quan-tri/chung-thu-ky/de-nghi", "certificate-requests/register"),
    ("/quan-tri/chung-thu-tin-cay", "signature-trust/list"),
    ("/quan-tri/chung-thu-tin-cay/them", "signature-trust/new"),
    ("/quan-tri/chung-thu-tin-cay/{id}/bo", "signature-trust/remove"),
    ("/giay-phep", "licences"),
    ("/kieu-dang", "style"),
    ("/dang-nhap", "sign-in"),
    ("/dang-nhap/ma", "second-step"),
    ("/tai-khoan", "account"),
    ("/tai-khoan/mat-khau", "own-password"),
    ("/tai-khoan/xac-thuc", "second-factor"),
    ("/tai-khoan/xac-thuc/khoa-truy-cap", "passkeys"),
    ("/tai-khoan/xac-thuc/khoa-truy-cap/moi/{id}", "passkey-new"),
    ("/tai-khoan/xac-thuc/khoa-truy-cap/{id}", "passkey"),
    ("/tai-khoan/thay-mat", "own-stand-ins"),
    ("/tai-khoan/thay-mat/{id}/moi", "post-stand-in"),
    ("/viec-cua-toi", "my-work"),
    ("/viec-chua-co-nguoi", "unheld"),
    ("/tiep-nhan", "counter-choose"),
    ("/tiep-nhan/{procedure}", "counter-form"),
    ("/tiep-nhan/{procedure}/quet", "counter-form/scanned"),
    ("/so-lieu", "figures"),
    ("/ho-so", "dossier-list"),
    ("/ho-so/chuyen-nhieu", "batch"),
    ("/ho-so/{code}", "dossier"),
    ("/ho-so/{code}/tiep-nhan", "received"),
    ("/ho-so/{code}/luot-xem", "looks"),
    ("/ho-so/{code}/giay-to/{event}", "own-form"),
    ("/quan-tri/don-vi", "units"),
    ("/quan-tri/don-vi/{id}", "unit"),
    ("/quan-tri/don-vi/{id}/them", "unit-form"),
    ("/quan-tri/don-vi/{id}/sua", "unit-form"),
    ("/quan-tri/don-vi/{id}/chuyen", "unit-move"),
    ("/quan-tri/don-vi/{id}/ket-thuc", "unit-end"),
    ("/quan-tri/don-vi/{id}/vi-tri/moi", "post-form/new"),
    ("/quan-tri/don-vi/{id}/vai-tro/moi", "role/new"),
    ("/quan-tri/can-bo", "officers"),
    ("/quan-tri/can-bo/moi", "officer-form/new"),
    ("/quan-tri/can-bo/{id}", "officer"),
    ("/quan-tri/can-bo/{id}/sua", "officer-form/edit"),
    ("/quan-tri/phien", "sessions"),
    ("/quan-tri/vi-tri/{id}", "post"),
    ("/quan-tri/vi-tri/{id}/sua", "post-form/edit"),
    ("/quan-tri/vi-tri/{id}/ket-thuc", "post-end"),
    ("/quan-tri/vi-tri/{id}/nguoi-giu", "post-holder"),
    ("/quan-tri/vi-tri/{id}/nguoi-giu/{holding}/ket-thuc", "post-release"),
    ("/quan-tri/vi-tri/{id}/thay-mat", "post-stand-in"),
    ("/quan-tri/vi-tri/{id}/vai-tro", "post-role"),
    ("/quan-tri/vi-tri/{id}/vai-tro/{grant}/ket-thuc", "post-role/take-back"),
    ("/quan-tri/vai-tro", "roles"),
    ("/quan-tri/vai-tro/{id}", "role"),
    ("/quan-tri/lich-lam-viec", "calendar-units"),
    ("/quan-tri/lich-lam-viec/{unit}", "calendar-unit"),
    ("/quan-tri/lich-lam-viec/{unit}/gio", "hours"),
    ("/quan-tri/lich-lam-viec/{unit}/gio/{from}/bo", "hours"),
    ("/quan-tri/lich-lam-viec/{unit}/ngay", "local-day"),
    ("/quan-tri/lich-lam-viec/{unit}/ngay/{day}/bo", "local-day/removing"),
    ("/quan-tri/lich-lam-viec/nam", "years"),
    ("/quan-tri/lich-lam-viec/nam/{year}", "calendar-year"),
    ("/quan-tri/lich-lam-viec/nam/nhap", "calendar-year/enter"),
    ("/quan-tri/lich-lam-viec/nam/{year}/bo", "calendar-year/dropping"),
    ("/quan-tri/lich-lam-viec/nam/{year}/hoan-doi", "decision/swap"),
    ("/quan-tri/lich-lam-viec/nam/{year}/dot-nghi", "decision/break-wrong"),
    ("/quan-tri/lich-lam-viec/nam/{year}/quyet-dinh/{id}/bo", "decision/removing"),
    ("/quan-tri/may", "upkeep/look"),
    ("/quan-tri/may/sao-luu", "upkeep/plan"),
    ("/quan-tri/may/khoa", "upkeep/key"),
    ("/quan-tri/thu-tuc", "keep-procedures"),
    ("/quan-tri/thu-tuc/{code}", "keep-procedure"),
];
/// What is asked for by GET and is no page.
const NO_PAGES: [(&str, &str); 22] = [
    ("/cai-chung-thu/nha-viec.crt", "a certificate"),
    ("/api/", "JSON for programs"),
    ("/assets/", "style sheets, scripts, pictures"),
    ("/healthz", "a word for whoever watches"),
    ("/readyz", "the same"),
    ("/metrics", "figures for whoever watches"),
    ("/tai-khoan/phien/con-lai", "seconds for a script"),
    ("/dang-nhap/khoa-truy-cap/thach-thuc", "JSON for a script"),
    ("/ho-so/{code}/giay-tiep-nhan.pdf", "PDF"),
    ("/ho-so/{code}/phieu-kiem-soat.pdf", "PDF"),
    ("/ho-so/{code}/giay-to/{event}/tep.pdf", "PDF"),
    ("/so-lieu/ii-06.xlsx", "a spreadsheet"),
    ("/ho-so/so-theo-doi.xlsx", "the same"),
    ("/so-lieu/ii-06.pdf", "PDF"),
    ("/ho-so/{code}/tep/", "a file as it came"),
    ("/cong-cu-ky/{id}/{pass}/{name}", "a file for the tool that signs it"),
    ("/chung-thu-ky/de-nghi/{id}/in.pdf", "PDF"),
    ("/quan-tri/chung-thu-ky/de-nghi/danh-sach.pdf", "PDF"),
    ("/van-ban-ky/{id}/tep", "a file as it was signed"),
    ("/van-ban-ky/{id}/xem-truoc", "PDF"),
    ("/van-ban-ky/{id}/trang/", "a picture"),
    ("/quan-tri/lich-lam-viec/nam/{year}/tep", "a file of definitions"),
];

/// Pages that no sample shows, and lines of the table that no page or no sample answers to.
fn unshown(routes: &BTreeSet<String>, samples: &BTreeSet<String>) -> Vec<String> {
    let other = |path: &str| NO_PAGES.iter().any(|(start, _)| path.starts_with(start));
    let listed = |path: &str| PAGES.iter().any(|(page, _)| *page == path);
    let bare = routes.iter().filter(|path| !other(path) && !listed(path)).map(|path| format!("{path} has no sample"));
    let shown = |family: &str| samples.iter().any(|name| name == family || name.starts_with(&format!("{family}/")));
    let empty = PAGES.iter().filter(|(_, family)| !shown(family)).map(|(page, family)| format!("{page}: no {family}"));
    let gone = PAGES.iter().filter(|(page, _)| !routes.contains(*page)).map(|(page, _)| format!("{page} is no page"));
    bare.chain(empty).chain(gone).collect()
}

fn routes() -> BTreeSet<String> {
    let all = modules::ALL.iter().flat_map(|module| (module.routes)().list().to_vec());
    all.filter(|route| route.method == "GET").map(|route| route.path.to_owned()).collect()
}

fn samples() -> BTreeSet<String> {
    modules::ALL.iter().flat_map(|module| (module.samples)()).map(|sample| sample.name.to_owned()).collect()
}

#[test]
fn every_page_has_a_sample() {
    assert_eq!(unshown(&routes(), &samples()), Vec::<String>::new());
}

#[test]
fn control_a_page_without_a_sample_is_caught() {
    let (mut routes, mut samples) = (routes(), samples());
    routes.insert("/trang-moi".to_owned());
    samples.retain(|name| !name.starts_with("batch/"));
    assert_eq!(unshown(&routes, &samples), ["/trang-moi has no sample", "/ho-so/chuyen-nhieu: no batch"]);
}
