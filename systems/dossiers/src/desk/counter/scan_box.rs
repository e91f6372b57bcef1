//! The scan box: a card reader that types like a keyboard fills a part of the form.

use super::entry::Entry;
use crate::procedure::Definition;
use crate::procedure::form::{APPLICANT_IDENTITY, FieldKind, FormField, FormSection};
use directory::identity::{BirthDate, CardScan, Sex};
use ui::prelude::*;

/// Sections of the form that a card can fill: those that ask for a person's name and number.
pub fn people(definition: &Definition) -> Vec<&FormSection> {
    let asks = |section: &FormSection, kind| section.fields.iter().any(|field| field.kind == kind);
    let person = |s: &&FormSection| asks(s, FieldKind::PersonName) && asks(s, FieldKind::IdentityNumber);
    definition.form.iter().filter(person).collect()
}

/// What a card says about the person of a section, as values of the form's fields.
pub fn values(section: &FormSection, scan: &CardScan) -> Vec<(String, String)> {
    let first = |kind: FieldKind| section.fields.iter().find(|field| field.kind == kind);
    let mut values = Vec::new();
    let mut put = |field: Option<&FormField>, value: String| {
        if let Some(field) = field.filter(|_| !value.is_empty()) {
            values.push((field.key.clone(), value));
        }
    };
    let number = first(FieldKind::IdentityNumber);
    put(first(FieldKind::PersonName), scan.name.clone());
    put(number, scan.number.as_str().to_owned());
    let birth = number.and_then(|number| number.birth.as_deref());
    put(section.fields.iter().find(|field| Some(field.key.as_str()) == birth), birth_of(scan.birth));
    put(first(FieldKind::Address), scan.address.clone());
    let sex = match scan.sex {
        Sex::Male => "nam",
        Sex::Female => "nu",
    };
    let by_sex = |field: &&FormField| field.options.len() == 2 && field.options.iter().any(|o| o.value == sex);
    put(section.fields.iter().find(by_sex), sex.to_owned());
    values
}

fn birth_of(birth: BirthDate) -> String {
    match birth {
        BirthDate::Day(day) => ui::format::date(day),
        BirthDate::Month { year, month } => format!("{month:02}/{year}"),
        BirthDate::Year(year) => year.to_string(),
    }
}

/// Reads the card and fills the form; answers what the officer is told, or what was wrong with the scan.
pub fn read(definition: &Definition, entry: &mut Entry, raw: &str) -> Result<Vec<String>, String> {
    let scan = CardScan::parse(raw).map_err(|error| error.to_string())?;
    let people = people(definition);
    let chosen = entry.form.value("scan_for").to_owned();
    let section = people
        .iter()
        .find(|section| section.section == chosen)
        .or_else(|| people.iter().find(|section| section.fields.iter().any(|field| field.key == APPLICANT_IDENTITY)));
    let section = section.or(people.first()).ok_or("Biểu mẫu này không có phần nào điền được từ thẻ căn cước.")?;
    entry.fill(&values(section, &scan));
    let mut told = vec![format!("Đã điền phần «{}» từ thẻ căn cước.", section.title)];
    told.extend(scan.doubts.iter().map(ToString::to_string));
    Ok(told)
}

/// The box itself. The script finds it by its attributes; without the script the officer scans into it and presses
/// the button.
pub fn draw(definition: &Definition, action: &str, form: &FormState) -> Html {
    let people = people(definition);
    if people.is_empty() {
        return Html::default();
    }
    let hint = "Quét mã QR trên thẻ; con trỏ ở ô nào cũng được.";
    let scan = Field::textarea("scan", "Thẻ căn cước", 1).hint(hint).of(form);
    let read = Button::submit("Đọc thẻ").secondary().icon(Icon::Scan).to(format!("{action}/quet"));
    let mut html = marked(&Html::from(scan), "<textarea", "data-scan");
    if people.len() > 1 {
        let choices = people.iter().map(|section| Choice::new(&section.section, &section.title));
        let first = people.first().map_or("", |section| section.section.as_str());
        html = html.and(Field::select("scan_for", "Thẻ của", choices).width(Width::Long).value(first).of(form));
    }
    let read = marked(&Html::from(read), "<button", "data-scan-submit formnovalidate");
    Card::quiet("Thẻ căn cước").around(InLine.around(html.and(read)))
}

/// Adds attributes to the element that a component drew.
fn marked(html: &Html, element: &str, attributes: &str) -> Html {
    Html::trusted(html.as_str().replacen(element, &format!("{element} {attributes}"), 1))
}
