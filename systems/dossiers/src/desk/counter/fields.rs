//! A procedure's declared fields as fields of a page.

use super::entry::field_name;
use crate::procedure::Definition;
use crate::procedure::form::{FieldKind, FormField, FormSection};
use ui::prelude::*;

/// Choices up to this many stand open, more are a list.
const RADIOS_MAX: usize = 3;

/// Texts up to this many characters are numbers and names, and share a row.
const SHORT_MAX: usize = 60;

/// The fields of a section.
pub fn section(definition: &Definition, section: &FormSection, form: &FormState) -> Html {
    section.fields.iter().fold(Html::default(), |html, field| html.and(one(definition, field, form)))
}

/// One field with its value and mistakes.
pub fn one(definition: &Definition, field: &FormField, form: &FormState) -> Field {
    let (name, label) = (field_name(&field.key), field.label.as_str());
    let name = name.as_str();
    let choices = || field.options.iter().map(|option| Choice::new(&option.value, &option.label));
    let drawn = match field.kind {
        FieldKind::LongText | FieldKind::CopyLines => Field::textarea(name, label, 3).max_length(field.max_length),
        FieldKind::Select if field.options.len() <= RADIOS_MAX => Field::radios(name, label, choices()),
        FieldKind::Select => Field::select(name, label, choices()).width(Width::Long),
        FieldKind::MultiSelect => Field::checkboxes(name, label, choices()),
        FieldKind::Checkbox => Field::checkbox(name, label),
        FieldKind::Phone => Field::phone(name, label),
        FieldKind::Email => Field::email(name, label).width(Width::Long),
        FieldKind::IdentityNumber | FieldKind::TaxCode | FieldKind::Money => {
            Field::digits(name, label).max_length(field.max_length)
        }
        FieldKind::Number => Field::digits(name, label).width(Width::Short),
        FieldKind::Date | FieldKind::PartialDate => Field::text(name, label).width(Width::Medium),
        FieldKind::Time => Field::text(name, label).width(Width::Short),
        FieldKind::Ethnicity => Field::text(name, label).width(Width::Long),
        // Nearly everybody is, and a preset saves a line at every counter.
        FieldKind::Nationality => Field::text(name, label).width(Width::Long).value("Việt Nam"),
        FieldKind::PersonName => Field::text(name, label).width(Width::Long).max_length(field.max_length),
        FieldKind::Text if field.max_length <= SHORT_MAX => {
            Field::text(name, label).width(Width::Long).max_length(field.max_length)
        }
        FieldKind::Text | FieldKind::Address => Field::text(name, label).max_length(field.max_length),
    };
    let drawn = match hint(definition, field) {
        Some(hint) => drawn.hint(hint),
        None => drawn,
    };
    let drawn = if field.required || field.kind == FieldKind::Checkbox { drawn } else { drawn.optional() };
    drawn.of(form)
}

/// The field's own help, how a date is typed, and when a field is asked at all.
fn hint(definition: &Definition, field: &FormField) -> Option<String> {
    let own = field.hint.as_ref().map(|hint| format!("{}.", hint.trim_end_matches('.')));
    let typed = match field.kind {
        FieldKind::Date => Some("Ngày/tháng/năm, ví dụ 21/11/2026.".to_owned()),
        FieldKind::PartialDate => Some("Ngày/tháng/năm; chỉ biết năm thì ghi năm.".to_owned()),
        FieldKind::Time => Some("Ví dụ 07:45.".to_owned()),
        FieldKind::MultiSelect => Some("Có thể chọn nhiều.".to_owned()),
        FieldKind::CopyLines => {
            Some("Mỗi dòng một giấy tờ: tên; số trang; số bản. Ví dụ Giấy khai sinh; 1; 2.".to_owned())
        }
        _ => None,
    };
    let asked = field.when.as_ref().map(|when| {
        let other = definition.fields().find(|other| other.key == when.field);
        let label = other.map_or(when.field.as_str(), |other| other.label.as_str());
        let value = |value: &String| {
            let option = other.and_then(|other| other.options.iter().find(|option| option.value == *value));
            format!("«{}»", option.map_or("có", |option| option.label.as_str()))
        };
        let values: Vec<String> = when.is.iter().map(value).collect();
        format!("Chỉ điền khi «{label}» là {}.", values.join(" hoặc "))
    });
    let parts: Vec<String> = [asked, own, typed].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}
