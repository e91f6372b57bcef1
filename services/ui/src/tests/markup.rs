//! A reader for our own markup, just enough to follow ids and classes.

use std::collections::BTreeSet;

/// The start tags of a page: name and attributes.
pub struct Markup {
    tags: Vec<(String, Vec<(String, String)>)>,
}

impl Markup {
    /// Reads markup that our templates wrote: attributes without a value, or with one in double quotes.
    pub fn new(html: &str) -> Self {
        let mut tags = Vec::new();
        let mut rest = html;
        while let Some(start) = rest.find('<') {
            rest = &rest[start + 1..];
            if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
                continue;
            }
            let name: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
            rest = &rest[name.len()..];
            let mut attributes = Vec::new();
            loop {
                rest = rest.trim_start();
                if let Some(after) = rest.strip_prefix('>') {
                    rest = after;
                    break;
                }
                if let Some(after) = rest.strip_prefix('/') {
                    rest = after;
                    continue;
                }
                let end = rest.find(['=', ' ', '>', '/', '\n']).expect("a tag that ends");
                let key = rest[..end].to_owned();
                rest = &rest[end..];
                let value = match rest.strip_prefix("=\"") {
                    Some(quoted) => {
                        let end = quoted.find('"').expect("a closing quote");
                        rest = &quoted[end + 1..];
                        quoted[..end].to_owned()
                    }
                    None => String::new(),
                };
                attributes.push((key, value));
            }
            tags.push((name, attributes));
        }
        Self { tags }
    }

    /// The values of an attribute all over the page.
    pub fn values(&self, attribute: &str) -> Vec<&str> {
        self.all().filter(|(key, _)| *key == attribute).map(|(_, value)| value).collect()
    }

    /// Every attribute.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.tags.iter().flat_map(|(_, attributes)| attributes.iter().map(|(k, v)| (k.as_str(), v.as_str())))
    }

    /// The elements of a name, with their attributes.
    pub fn elements<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [(String, String)]> + 'a {
        self.tags.iter().filter(move |(tag, _)| tag == name).map(|(_, attributes)| attributes.as_slice())
    }

    /// Ids are unique, and everything that names one names one that exists.
    pub fn check_references(&self) {
        let ids = self.values("id");
        let known: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), known.len(), "an id stands twice: {ids:?}");
        for (key, value) in self.all() {
            let named: Vec<&str> = match key {
                "for" | "popovertarget" => vec![value],
                "aria-describedby" | "aria-labelledby" => value.split(' ').collect(),
                "href" if value.starts_with('#') && value.len() > 2 => vec![&value[1..]],
                "hx-target" => vec![value.trim_start_matches('#')],
                _ => continue,
            };
            for name in named {
                assert!(known.contains(name), "{key}=\"{value}\" names an element that is not there");
            }
        }
    }
}
