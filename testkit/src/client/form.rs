//! A form as it stands on a page: what a browser would send, with its hidden fields.

use super::Part;
use super::page::selector;
use scraper::ElementRef;

/// A form, to be filled in and sent with [`super::Client::submit`].
#[derive(Debug, Clone)]
pub struct Form {
    pub(super) method: String,
    pub(super) action: String,
    pub(super) multipart: bool,
    pub(super) fields: Vec<(String, String)>,
    pub(super) files: Vec<Part>,
    /// Names that stand in the form, also of boxes that are not ticked and of files.
    names: Vec<String>,
}

impl Form {
    pub(super) fn read(form: ElementRef<'_>, asked: &str) -> Self {
        let attribute = |name: &str| form.value().attr(name);
        let mut read = Self {
            method: attribute("method").unwrap_or("get").to_lowercase(),
            // Without an action a form is sent to where its page came from.
            action: attribute("action")
                .map_or_else(|| asked.split(' ').nth(1).unwrap_or("/").to_owned(), str::to_owned),
            multipart: attribute("enctype") == Some("multipart/form-data"),
            fields: Vec::new(),
            files: Vec::new(),
            names: Vec::new(),
        };
        for element in form.select(&selector("input[name], select[name], textarea[name]")) {
            read.read_field(element);
        }
        read
    }

    fn read_field(&mut self, element: ElementRef<'_>) {
        let attribute = |name: &str| element.value().attr(name);
        if attribute("disabled").is_some() {
            return;
        }
        let name = attribute("name").unwrap_or_default().to_owned();
        self.names.push(name.clone());
        let value = match element.value().name() {
            "select" => {
                let chosen = element.select(&selector("option[selected]")).next();
                let chosen = chosen.or_else(|| element.select(&selector("option")).next());
                chosen.map(|o| o.value().attr("value").map_or_else(|| o.text().collect(), str::to_owned))
            }
            "textarea" => Some(element.text().collect()),
            _ => match attribute("type") {
                Some("checkbox" | "radio") if attribute("checked").is_none() => None,
                Some("checkbox" | "radio") => Some(attribute("value").unwrap_or("on").to_owned()),
                Some("file" | "submit" | "button" | "image" | "reset") => None,
                _ => Some(attribute("value").unwrap_or_default().to_owned()),
            },
        };
        self.fields.extend(value.map(|value| (name, value)));
    }

    /// What a field holds.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Types into a field, ticks a box, chooses; fails when the form has no such field, as a person would.
    #[track_caller]
    pub fn set(mut self, name: &str, value: &str) -> Self {
        assert!(self.names.iter().any(|known| known == name), "the form has no field {name}, only {:?}", self.names);
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Ticks one more of several boxes with the same name.
    #[track_caller]
    pub fn tick(mut self, name: &str, value: &str) -> Self {
        assert!(self.names.iter().any(|known| known == name), "the form has no box {name}, only {:?}", self.names);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Clears a box.
    pub fn clear(mut self, name: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self
    }

    /// Presses a named button.
    pub fn press(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Chooses a file.
    #[track_caller]
    pub fn attach(mut self, part: Part) -> Self {
        assert!(self.multipart, "the form cannot send files");
        assert!(self.names.contains(&part.name), "the form has no field {}, only {:?}", part.name, self.names);
        self.files.push(part);
        self
    }
}
