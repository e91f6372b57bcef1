//! What may not stand on a page.

use scraper::{ElementRef, Html, Selector};
use std::collections::BTreeMap;

/// Words that only a forgotten translation or a leaked value puts on a Vietnamese page.
const FOREIGN: [&str; 24] = [
    "the",
    "and",
    "error",
    "errors",
    "submit",
    "loading",
    "invalid",
    "required",
    "undefined",
    "null",
    "true",
    "false",
    "none",
    "some",
    "search",
    "cancel",
    "save",
    "delete",
    "please",
    "failed",
    "nan",
    "unknown",
    "your",
    "click",
];

pub fn select<'a>(html: &'a Html, css: &str) -> Vec<ElementRef<'a>> {
    html.select(&Selector::parse(css).unwrap_or_else(|e| panic!("{css}: {e}"))).collect()
}

fn words(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An element's tag as it begins, to find it again.
fn shown(element: ElementRef<'_>) -> String {
    element.html().chars().take(120).collect()
}

/// Everything that is wrong with a document.
pub fn faults(text: &str) -> Vec<String> {
    let html = Html::parse_document(text);
    let mut found = Vec::new();
    if select(&html, "html[lang=vi]").is_empty() {
        found.push("the page does not say that it is Vietnamese".to_owned());
    }
    if select(&html, "head > title").first().is_none_or(|title| words(*title).is_empty()) {
        found.push("the page has no title".to_owned());
    }
    let headings = select(&html, "h1");
    if headings.len() != 1 || words(headings[0]).is_empty() {
        found.push(format!("{} main headings", headings.len()));
    }
    found.extend(named(&html));
    found.extend(boxes(&html));
    found.extend(inline(&html));
    found.extend(ids(&html));
    found.extend(foreign(&html));
    found
}

/// Links, buttons and images say what they are.
fn named(html: &Html) -> Vec<String> {
    let says =
        |e: &ElementRef<'_>| !words(*e).is_empty() || e.value().attr("aria-label").is_some_and(|l| !l.is_empty());
    let mut found = Vec::new();
    for link in select(html, "a") {
        if !says(&link) {
            found.push(format!("a link with no words: {}", shown(link)));
        }
        if link.value().attr("href").is_none_or(|href| href.is_empty() || href == "#") {
            found.push(format!("a link that leads nowhere: {}", shown(link)));
        }
    }
    found.extend(
        select(html, "button").iter().filter(|b| !says(b)).map(|b| format!("a button without words: {}", shown(*b))),
    );
    found.extend(select(html, "img:not([alt])").iter().map(|i| format!("an image without alternative: {}", shown(*i))));
    found.extend(
        select(html, "th")
            .iter()
            .filter(|th| words(**th).is_empty())
            .map(|th| format!("a column without a name: {}", shown(*th))),
    );
    found
}

/// Every box has a label of its own.
fn boxes(html: &Html) -> Vec<String> {
    let labelled: Vec<&str> = select(html, "label[for]")
        .iter()
        .filter(|l| !words(**l).is_empty())
        .filter_map(|l| l.value().attr("for"))
        .collect();
    let mut found = Vec::new();
    for field in select(html, "input, select, textarea") {
        let attribute = |name: &str| field.value().attr(name);
        if matches!(attribute("type"), Some("hidden" | "submit" | "button")) {
            continue;
        }
        // A label may also stand around its box.
        let around = field.ancestors().filter_map(ElementRef::wrap).find(|e| e.value().name() == "label");
        let has_label = around.is_some_and(|label| !words(label).is_empty())
            || attribute("id").is_some_and(|id| labelled.contains(&id))
            || attribute("aria-label").is_some_and(|label| !label.is_empty())
            || attribute("aria-labelledby").is_some()
            // A picture that is pressed says what it is instead of a label, as every picture does.
            || attribute("type") == Some("image") && attribute("alt").is_some_and(|words| !words.trim().is_empty());
        if !has_label {
            found.push(format!("a box with no label: {}", shown(field)));
        }
    }
    for element in select(html, "[aria-describedby], [aria-labelledby]") {
        for name in ["aria-describedby", "aria-labelledby"] {
            for id in element.value().attr(name).unwrap_or_default().split_whitespace() {
                if select(html, &format!("[id=\"{id}\"]")).is_empty() {
                    found.push(format!("{name} names «{id}», which is not there: {}", shown(element)));
                }
            }
        }
    }
    found
}

/// The content policy forbids what is inline, so it would not work.
fn inline(html: &Html) -> Vec<String> {
    let mut found = Vec::new();
    for element in select(html, "*") {
        for (name, _) in element.value().attrs() {
            if name == "style" || name.starts_with("on") {
                found.push(format!("the attribute {name}: {}", shown(element)));
            }
        }
    }
    found.extend(select(html, "script:not([src])").iter().map(|s| format!("an inline script: {}", shown(*s))));
    found.extend(select(html, "style").iter().map(|s| format!("an inline style sheet: {}", shown(*s))));
    found
}

fn ids(html: &Html) -> Vec<String> {
    let mut count = BTreeMap::<&str, usize>::new();
    for element in select(html, "[id]") {
        *count.entry(element.value().attr("id").unwrap_or_default()).or_default() += 1;
    }
    count.into_iter().filter(|(_, n)| *n > 1).map(|(id, _)| format!("the id «{id}» twice")).collect()
}

/// English words outside what says that it is English.
fn foreign(html: &Html) -> Vec<String> {
    let mut text = String::new();
    for node in html.tree.nodes() {
        let Some(part) = node.value().as_text() else { continue };
        let above: Vec<ElementRef<'_>> = node.ancestors().filter_map(ElementRef::wrap).collect();
        let english = above.iter().any(|e| e.value().attr("lang").is_some_and(|lang| lang != "vi"));
        let unread =
            above.iter().any(|e| ["script", "style", "code", "pre", "svg", "textarea"].contains(&e.value().name()));
        if !english && !unread {
            text.push_str(part);
            text.push(' ');
        }
    }
    let words: Vec<String> = text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase).collect();
    let found = FOREIGN.iter().filter(|word| words.iter().any(|w| w == *word));
    let mut found: Vec<String> = found.map(|word| format!("the word «{word}» is not Vietnamese")).collect();
    for mark in ["{{", "}}", "Some(", "Id(", "Error::"] {
        if text.contains(mark) {
            found.push(format!("«{mark}» leaked onto the page"));
        }
    }
    found
}
