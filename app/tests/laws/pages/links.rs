//! Where links and forms lead: every address of our own is one that a module declares.

use super::faults::select;
use app::modules;
use scraper::Html;
use std::sync::OnceLock;

/// Method and parts of each declared path.
fn routes() -> &'static [(String, Vec<&'static str>)] {
    static ROUTES: OnceLock<Vec<(String, Vec<&'static str>)>> = OnceLock::new();
    ROUTES.get_or_init(|| {
        let all = modules::ALL.iter().flat_map(|module| (module.routes)().list().to_vec());
        all.map(|route| (route.method.to_string(), route.path.split('/').collect())).collect()
    })
}

/// The declared path that an address belongs to; of several the one with fewest parameters, as the router chooses.
pub fn route_of(method: &str, address: &str) -> Option<String> {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let parts: Vec<&str> = path.split('/').collect();
    let fits = |route: &Vec<&str>| {
        route.len() == parts.len()
            && route
                .iter()
                .zip(&parts)
                .all(|(wanted, part)| wanted == part || (wanted.starts_with('{') && !part.is_empty()))
    };
    let fitting = routes().iter().filter(|(m, route)| m == method && fits(route));
    fitting
        .min_by_key(|(_, route)| route.iter().filter(|part| part.starts_with('{')).count())
        .map(|(_, route)| route.join("/"))
}

/// Addresses on a page, with how they are asked: `GET /ho-so`.
pub fn addresses(html: &Html) -> Vec<(String, &'static str, String)> {
    let mut found = Vec::new();
    let own = |address: &str| address.starts_with('/') && !address.starts_with("//");
    for link in select(html, "a[href]") {
        let href = link.value().attr("href").unwrap_or_default();
        if own(href) {
            found.push(("a".to_owned(), "GET", href.to_owned()));
        }
    }
    // A picture to press on is fetched by itself.
    for picture in select(html, "input[type=image][src]") {
        let source = picture.value().attr("src").unwrap_or_default();
        if own(source) {
            found.push(("picture".to_owned(), "GET", source.to_owned()));
        }
    }
    for form in select(html, "form[action]") {
        let action = form.value().attr("action").unwrap_or_default();
        let method =
            if form.value().attr("method").is_some_and(|m| m.eq_ignore_ascii_case("post")) { "POST" } else { "GET" };
        if own(action) {
            found.push(("form".to_owned(), method, action.to_owned()));
        }
    }
    for button in select(html, "[formaction]") {
        found.push(("button".to_owned(), "POST", button.value().attr("formaction").unwrap_or_default().to_owned()));
    }
    found
}

/// Those that no module declares.
pub fn dead(text: &str) -> Vec<String> {
    let html = Html::parse_document(text);
    let all = addresses(&html).into_iter();
    all.filter(|(_, method, address)| route_of(method, address).is_none())
        .map(|(what, _, address)| format!("{what} {address}"))
        .collect()
}
