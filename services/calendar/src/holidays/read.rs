//! Reading the decisions of a year from a text, telling every mistake with its line.

use jiff::civil::Date;
use toml::de::{DeTable, DeValue};
use types::text;

use super::{Break, Decision, Mistake, Swap, YearFile};

/// The lunar calendar is good to 2100; the law in `data/holidays.toml` begins in 2013.
const YEARS: std::ops::RangeInclusive<i16> = 2014..=2100;
/// More decisions a year were never made.
const DECISIONS_MAX: usize = 40;

impl YearFile {
    /// Reads the text of `data/years/<year>.toml`.
    ///
    /// # Errors
    /// Every mistake, with its line. Where the text is no TOML at all, only its syntax.
    pub fn read(text: &str) -> Result<Self, Vec<Mistake>> {
        // A byte-order mark, as Windows' Notepad writes it, is no mistake of the person.
        let text = text.trim_start_matches('\u{feff}');
        let (table, broken) = DeTable::parse_recoverable(text);
        let mut reading = Reading { text, mistakes: Vec::new() };
        for error in &broken {
            let line = error.span().map_or(1, |span| reading.line(span.start));
            reading.refuse(line, "", format!("sai cú pháp TOML ({}).", error.message()));
        }
        if broken.is_empty() {
            let file = reading.file(table.get_ref());
            if reading.mistakes.is_empty() {
                return Ok(file);
            }
        }
        Err(reading.mistakes)
    }
}

struct Reading<'t> {
    text: &'t str,
    mistakes: Vec<Mistake>,
}

/// One `[[break]]` or `[[swap]]`.
struct Item<'a, 'i> {
    table: &'a DeTable<'i>,
    line: usize,
}

impl Reading<'_> {
    fn line(&self, at: usize) -> usize {
        self.text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
    }

    fn refuse(&mut self, line: usize, part: &'static str, what: impl Into<String>) {
        self.mistakes.push(Mistake { line: Some(line), part, what: what.into() });
    }

    fn file(&mut self, table: &DeTable<'_>) -> YearFile {
        let top = Item { table, line: 1 };
        self.refuse_unknown(&top, &["year", "break", "swap"]);
        let mut file = YearFile { year: self.year(&top), breaks: Vec::new(), swaps: Vec::new() };
        for item in self.items(table, "break") {
            self.refuse_unknown(&item, &["occasion", "from", "to", "number", "date", "issuer", "source", "verified"]);
            let (occasion, from, to) = (self.occasion(&item), self.day(&item, "from"), self.day(&item, "to"));
            let decision = self.decision(&item);
            if let (Some(occasion), Some(from), Some(to)) = (occasion, from, to) {
                file.breaks.push(Break { occasion, from, to, decision, line: Some(item.line) });
            }
        }
        for item in self.items(table, "swap") {
            self.refuse_unknown(&item, &["occasion", "off", "work", "number", "date", "issuer", "source", "verified"]);
            let (occasion, off, work) = (self.occasion(&item), self.day(&item, "off"), self.day(&item, "work"));
            let decision = self.decision(&item);
            if let (Some(occasion), Some(off), Some(work)) = (occasion, off, work) {
                file.swaps.push(Swap { occasion, off, work, decision, line: Some(item.line) });
            }
        }
        if file.breaks.len() + file.swaps.len() > DECISIONS_MAX {
            self.refuse(1, "", format!("một năm có nhiều nhất {DECISIONS_MAX} đợt nghỉ và ngày hoán đổi."));
        }
        file
    }

    fn year(&mut self, top: &Item<'_, '_>) -> i16 {
        let Some(value) = top.table.get("year") else {
            self.refuse(top.line, "year", "thiếu năm, ví dụ: year = 2028.");
            return 0;
        };
        let line = self.line(value.span().start);
        let digits = value.get_ref().as_integer().map(|number| number.as_str().to_owned());
        match digits.and_then(|digits| digits.parse::<i16>().ok()).filter(|year| YEARS.contains(year)) {
            Some(year) => year,
            None => {
                self.refuse(line, "year", format!("năm phải là số từ {} đến {}.", YEARS.start(), YEARS.end()));
                0
            }
        }
    }

    fn items<'a, 'i>(&mut self, table: &'a DeTable<'i>, key: &'static str) -> Vec<Item<'a, 'i>> {
        let Some(value) = table.get(key) else { return Vec::new() };
        let line = self.line(value.span().start);
        let Some(array) = value.get_ref().as_array() else {
            self.refuse(line, "", format!("viết [[{key}]] với hai dấu ngoặc vuông."));
            return Vec::new();
        };
        let mut items = Vec::new();
        for value in array.iter() {
            let line = self.line(value.span().start);
            match value.get_ref().as_table() {
                Some(table) => items.push(Item { table, line }),
                None => self.refuse(line, "", format!("mỗi [[{key}]] là một nhóm dòng tên = giá trị.")),
            }
        }
        items
    }

    fn refuse_unknown(&mut self, item: &Item<'_, '_>, known: &[&str]) {
        for key in item.table.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
            let line = self.line(key.span().start);
            self.refuse(line, "", format!("không có mục «{}»; các mục là: {}.", key.get_ref(), known.join(", ")));
        }
    }

    fn value<'a, 'i>(&self, item: &Item<'a, 'i>, key: &str) -> Option<(&'a DeValue<'i>, usize)> {
        item.table.get(key).map(|value| (value.get_ref(), self.line(value.span().start)))
    }

    fn occasion(&mut self, item: &Item<'_, '_>) -> Option<String> {
        if self.is_blank(item, "occasion") {
            self.refuse(item.line, "occasion", "thiếu tên dịp nghỉ, ví dụ: occasion = \"Quốc khánh 02/9\".");
        }
        self.words(item, "occasion", 120)
    }

    /// Whether a value is missing, or an empty text: a line of the form that was not filled in.
    fn is_blank(&self, item: &Item<'_, '_>, key: &str) -> bool {
        self.value(item, key).is_none_or(|(value, _)| value.as_str().is_some_and(|text| text.trim().is_empty()))
    }

    fn words(&mut self, item: &Item<'_, '_>, key: &'static str, most: usize) -> Option<String> {
        let (value, line) = self.value(item, key)?;
        let Some(given) = value.as_str() else {
            self.refuse(line, key, format!("«{key}» phải là chữ trong dấu ngoặc kép."));
            return None;
        };
        let words = text::clean(given);
        if words.chars().count() > most {
            self.refuse(line, key, format!("«{key}» có nhiều nhất {most} ký tự."));
        }
        Some(words).filter(|words| !words.is_empty())
    }

    /// A day that must be there.
    fn day(&mut self, item: &Item<'_, '_>, key: &'static str) -> Option<Date> {
        if self.is_blank(item, key) {
            let line = self.value(item, key).map_or(item.line, |(_, line)| line);
            self.refuse(line, key, format!("thiếu ngày «{key}», ví dụ: {key} = \"2028-01-24\"."));
        }
        self.day_if_any(item, key)
    }

    fn day_if_any(&mut self, item: &Item<'_, '_>, key: &'static str) -> Option<Date> {
        if self.is_blank(item, key) {
            return None;
        }
        let (value, line) = self.value(item, key)?;
        let given = match value {
            DeValue::Datetime(date) => date.to_string(),
            other => other.as_str().unwrap_or_default().trim().to_owned(),
        };
        let read = given.parse::<types::Day>().ok().map(|day| day.0);
        if read.is_none() {
            self.refuse(line, key, format!("«{key}» không phải là ngày có thật, ví dụ đúng: \"2028-01-24\"."));
        }
        read
    }

    fn decision(&mut self, item: &Item<'_, '_>) -> Decision {
        let number = self.words(item, "number", 60);
        let date = self.day_if_any(item, "date");
        let issuer = self.words(item, "issuer", 200);
        let source = self.words(item, "source", 500);
        if source.as_deref().is_some_and(|source| !is_address(source)) {
            let line = self.value(item, "source").map_or(item.line, |(_, line)| line);
            self.refuse(line, "source", "«source» phải là địa chỉ bắt đầu bằng https:// hoặc http://.");
        }
        let verified = match self.value(item, "verified") {
            Some((value, line)) => {
                if !value.is_bool() {
                    self.refuse(line, "verified", "«verified» chỉ nhận true (đã đối chiếu) hoặc false (chưa).");
                }
                value.as_bool().unwrap_or(false)
            }
            None => {
                let what = "thiếu «verified»: true nếu đã đối chiếu với văn bản, false nếu chưa.";
                self.refuse(item.line, "verified", what);
                false
            }
        };
        Decision { number, date, issuer, source, verified }
    }
}

/// Whether a page may link to it.
pub(crate) fn is_address(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}
