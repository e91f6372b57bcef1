//! The form of a procedure (tờ khai, mẫu đơn điện tử): its fields, and the check of what somebody filled in.
//! The same form is filled online by the party and at the counter by the officer.

pub(super) mod copy_lines;
mod ethnic_groups;
mod value;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use types::Day;

use super::choice::choices;
use super::definition::{Channel, Definition, is_code};
use super::reader::Table;

pub use copy_lines::CopyLine;
pub use ethnic_groups::ETHNIC_GROUPS;
pub use value::parse_day;

/// Every form asks for the party under these keys, so that a dossier can be entered under its party.
pub const APPLICANT_NAME: &str = "applicant_name";
/// The party's personal number (12 digits) or tax code.
pub const APPLICANT_IDENTITY: &str = "applicant_identity";
/// The party's telephone number.
pub const APPLICANT_PHONE: &str = "applicant_phone";
/// The party's address.
pub const APPLICANT_ADDRESS: &str = "applicant_address";
/// Every procedure with cases asks under this key which one it is.
pub const CASE: &str = "case";
/// Why a dossier came on a channel that is open only in an emergency.
pub const CHANNEL_REASON: &str = "channel_reason";
/// How many copies are asked for; fees per copy and per page count by it.
pub const COPIES_WANTED: &str = "copies_wanted";
/// How many pages the original has; fees per page count by it.
pub const PAGES: &str = "pages";

choices! {
    /// What may stand in a field, and so how it is shown and checked.
    FieldKind {
        /// One line.
        Text = "text", "Chữ";
        /// Several lines.
        LongText = "longtext", "Đoạn văn";
        /// A person's name.
        PersonName = "person_name", "Họ và tên";
        /// A full date.
        Date = "date", "Ngày";
        /// A date of which only month and year, or the year, may be known.
        PartialDate = "partial_date", "Ngày, tháng, năm hoặc năm";
        /// Time of day.
        Time = "time", "Giờ";
        /// A personal number of 12 digits, or an old card number of 9.
        IdentityNumber = "identity_number", "Số định danh cá nhân";
        /// A tax code of an organisation or a personal number.
        TaxCode = "tax_code", "Mã số thuế";
        /// A Vietnamese telephone number.
        Phone = "phone", "Số điện thoại";
        /// An e-mail address.
        Email = "email", "Thư điện tử";
        /// An address.
        Address = "address", "Địa chỉ";
        /// An ethnic group.
        Ethnicity = "ethnicity", "Dân tộc";
        /// A nationality.
        Nationality = "nationality", "Quốc tịch";
        /// One of the options.
        Select = "select", "Chọn một";
        /// Some of the options; kept as their values with commas between.
        MultiSelect = "multi_select", "Chọn một hoặc nhiều";
        /// Documents to be copied, one a line: `name; pages; copies`.
        CopyLines = "copy_lines", "Mỗi dòng: tên giấy tờ; số trang; số bản";
        /// A whole number.
        Number = "number", "Số";
        /// Whole đồng.
        Money = "money", "Số tiền";
        /// A tick; a required one must be ticked.
        Checkbox = "checkbox", "Đánh dấu";
    }
}

choices! {
    /// Where a field's value can come from before anybody types.
    Prefill {
        /// The card that is scanned or held to the reader.
        IdentityCard = "identity_card", "Thẻ căn cước";
        /// The civil status or population register.
        Register = "register", "Sổ, cơ sở dữ liệu";
        /// The party's own vault of documents.
        Vault = "vault", "Kho dữ liệu cá nhân";
        /// Only the party knows.
        Applicant = "applicant", "Người nộp khai";
    }
}

/// One option of a select field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldOption {
    /// What is stored.
    pub value: String,
    /// What is shown.
    pub label: String,
}

/// The field is asked only when another field has one of these values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct When {
    /// Key of a select field, with one choice or several, or of a checkbox before it.
    pub field: String,
    /// The values (for a checkbox `yes`).
    pub is: Vec<String>,
}

/// One field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FormField {
    /// Stable key, unique in the form: `child_name`.
    pub key: String,
    /// What the form says.
    pub label: String,
    /// What may stand in it.
    pub kind: FieldKind,
    /// Must be filled in (when it is asked).
    pub required: bool,
    /// The options of a select field.
    pub options: Vec<FieldOption>,
    /// A sentence of help below the field.
    pub hint: Option<String>,
    /// Where the value can come from.
    pub from: Option<Prefill>,
    /// A date that cannot lie in the future.
    pub past: bool,
    /// Longest text in characters.
    pub max_length: usize,
    /// For a personal number: the field with the birth date it must agree with.
    pub birth: Option<String>,
    /// Asked only under this condition.
    pub when: Option<When>,
}

/// A part of the form with a heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FormSection {
    /// Stable key of the part.
    pub section: String,
    /// Its heading.
    pub title: String,
    /// Its fields in order.
    pub fields: Vec<FormField>,
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// The field.
    pub key: String,
    /// For programs: `required`, `date`, `future`, `identity_number`, `phone`, `too_long`, …
    pub code: &'static str,
    /// For people, in Vietnamese.
    pub message: String,
}

impl From<FieldError> for types::FieldError {
    fn from(error: FieldError) -> Self {
        Self::new(error.key, error.message)
    }
}

/// A form that was filled in correctly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// The cleaned value of each field that was filled in: dates `dd/mm/yyyy`, ticks `yes`, numbers as digits.
    pub values: BTreeMap<String, String>,
    /// What looks odd but may be right; the officer is shown it and decides.
    pub warnings: Vec<FieldError>,
}

impl Checked {
    /// A value, if the field was filled in.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(String::as_str)
    }
}

/// Checks what was filled in against the fields of the definition. Values of keys the form does not have are ignored;
/// `today` is the day in Viet Nam for "not in the future".
pub fn check(
    definition: &Definition,
    submitted: &BTreeMap<String, String>,
    today: Day,
) -> Result<Checked, Vec<FieldError>> {
    let mut checked = Checked { values: BTreeMap::new(), warnings: Vec::new() };
    let mut errors = Vec::new();
    for field in definition.fields() {
        let asked = field.when.as_ref().is_none_or(|when| {
            let chosen = checked.get(&when.field).unwrap_or_default();
            chosen.split(',').any(|value| when.is.iter().any(|wanted| wanted == value))
        });
        if !asked {
            continue;
        }
        let typed = submitted.get(&field.key).map(String::as_str).unwrap_or_default();
        match value::check(field, typed, today) {
            Ok(found) => {
                checked.warnings.extend(found.warning);
                if let Some(value) = found.value {
                    checked.values.insert(field.key.clone(), value);
                }
            }
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() {
        let agreement = definition.fields().filter_map(|field| value::disagrees_with_birth(field, &checked));
        let agreement: Vec<_> = agreement.collect();
        checked.warnings.extend(agreement);
        Ok(checked)
    } else {
        Err(errors)
    }
}

/// The keys among what a program sent that the form does not have: told, so that nothing it sent is dropped unsaid.
pub fn unknown(definition: &Definition, values: &BTreeMap<String, String>) -> Vec<FieldError> {
    let known: BTreeSet<&str> = definition.fields().map(|field| field.key.as_str()).collect();
    let strange = values.keys().filter(|key| !known.contains(key.as_str()));
    let told = |key: &String| FieldError {
        key: key.clone(),
        code: "unknown",
        message: format!("Mẫu đơn của thủ tục không có ô «{}».", types::text::clean(key)),
    };
    strange.map(told).collect()
}

/// What was filled in that the form does not ask in this case, so that it is not kept.
pub fn not_asked(definition: &Definition, values: &BTreeMap<String, String>, checked: &Checked) -> Vec<FieldError> {
    let filled = |key: &str| values.get(key).is_some_and(|value| !types::text::clean(value).is_empty());
    let dropped = definition.fields().filter(|field| filled(&field.key) && checked.get(&field.key).is_none());
    let told = |field: &FormField| FieldError {
        key: field.key.clone(),
        code: "not_asked",
        message: format!("Trường hợp này không hỏi «{}» nên giá trị gửi kèm không được lưu.", field.label),
    };
    dropped.map(told).collect()
}

/// The mistake of a dossier that came on an emergency channel without its reason; `values` as they were typed.
pub fn reason_missing(
    definition: &Definition,
    channel: Channel,
    values: &BTreeMap<String, String>,
) -> Option<FieldError> {
    let condition = definition.exception(channel)?;
    let written = values.get(CHANNEL_REASON).is_some_and(|reason| !types::text::clean(reason).is_empty());
    (!written).then(|| FieldError {
        key: CHANNEL_REASON.to_owned(),
        code: "required",
        message: format!("Kênh «{}» chỉ dùng {}: phải ghi lý do.", channel.label(), lower_first(condition)),
    })
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

impl FormSection {
    pub(super) fn read(table: Table<'_, '_>) -> Self {
        let section = Self {
            section: table.required_text("section"),
            title: table.required_text("title"),
            fields: table.tables("fields").into_iter().filter_map(FormField::read).collect(),
        };
        if section.fields.is_empty() {
            table.error("fields", "phần này chưa có ô nào");
        }
        table.finish();
        section
    }
}

impl FormField {
    /// A kept value as people read it: the words of what was chosen, anything else as it is.
    pub fn shown(&self, value: &str) -> String {
        if self.options.is_empty() {
            return value.to_owned();
        }
        let label = |value: &str| {
            let option = self.options.iter().find(|option| option.value == value);
            option.map_or_else(|| value.to_owned(), |option| option.label.clone())
        };
        value.split(',').map(label).collect::<Vec<_>>().join(", ")
    }

    fn read(table: Table<'_, '_>) -> Option<Self> {
        let kind = table.required_choice::<FieldKind>("kind");
        let field = Self {
            key: table.required_text("key"),
            label: table.required_text("label"),
            kind: kind.unwrap_or(FieldKind::Text),
            required: table.flag("required"),
            options: read_options(&table),
            hint: table.text("hint"),
            from: table.choice("from"),
            past: table.flag("past"),
            max_length: table.number("max", 20_000).map_or(value::max_length(kind), |max| max as usize),
            birth: table.text("birth"),
            when: table.table("when").map(read_when),
        };
        if kind.is_some() {
            field.check_definition(&table);
        }
        table.finish();
        kind.map(|_| field)
    }

    fn check_definition(&self, table: &Table<'_, '_>) {
        if !is_key(&self.key) {
            table.error("key", "chỉ dùng chữ thường không dấu, chữ số và dấu _ (ví dụ child_name)");
        }
        if matches!(self.kind, FieldKind::Select | FieldKind::MultiSelect) != (self.options.len() >= 2) {
            table.error("options", "ô select, multi_select cần ít nhất hai lựa chọn, ô loại khác không có lựa chọn");
        }
        let mut seen = BTreeSet::new();
        if let Some(twice) = self.options.iter().find(|option| !seen.insert(&option.value)) {
            table.error("options", format!("lựa chọn «{}» ghi hai lần", twice.value));
        }
        if self.past && !matches!(self.kind, FieldKind::Date | FieldKind::PartialDate) {
            table.error("past", "chỉ dùng cho ô ngày");
        }
        if self.birth.is_some() && self.kind != FieldKind::IdentityNumber {
            table.error("birth", "chỉ dùng cho ô số định danh cá nhân");
        }
        if self.max_length == 0 {
            table.error("max", "phải lớn hơn 0");
        }
    }
}

fn read_options(table: &Table<'_, '_>) -> Vec<FieldOption> {
    let options = table.tables("options").into_iter().map(|below| {
        let option = FieldOption { value: below.required_text("value"), label: below.required_text("label") };
        if !is_code(&option.value) {
            below.error("value", "chỉ dùng chữ thường không dấu, chữ số và dấu - (ví dụ ca-nhan)");
        }
        below.finish();
        option
    });
    options.collect()
}

fn read_when(table: Table<'_, '_>) -> When {
    let when = When { field: table.required_text("field"), is: table.texts("is") };
    if when.is.is_empty() {
        table.error("is", "phải ghi ít nhất một giá trị");
    }
    table.finish();
    when
}

fn is_key(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.len() <= 60
        && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
