//! A strict reader of the exposition format of Prometheus, version 0.0.4: what it takes, every scraper takes.

use std::collections::{BTreeMap, BTreeSet};

type Labels = Vec<(String, String)>;

/// Everything that one answer of `/metrics` tells.
#[derive(Debug, Default)]
pub struct Scrape {
    /// The kind of each figure.
    kinds: BTreeMap<String, String>,
    samples: BTreeMap<(String, Labels), f64>,
}

impl Scrape {
    /// Reads the whole text, or says which line is wrong.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut scrape = Self::default();
        let body = text.strip_suffix('\n').ok_or("the last line does not end")?;
        // The figure whose lines follow, once its kind is known.
        let (mut figure, mut has_kind) = (String::new(), true);
        for line in body.split('\n') {
            let wrong = |what: &str| Err(format!("{what}: {line}"));
            if let Some(rest) = line.strip_prefix("# HELP ") {
                let Some((name, help)) = rest.split_once(' ') else { return wrong("no help") };
                if !has_kind || !is_name(name) || help.is_empty() || scrape.kinds.contains_key(name) {
                    return wrong("this figure cannot begin here");
                }
                (figure, has_kind) = (name.to_owned(), false);
            } else if let Some(rest) = line.strip_prefix("# TYPE ") {
                let kind = rest.strip_prefix(figure.as_str()).and_then(|rest| rest.strip_prefix(' '));
                let Some(kind @ ("counter" | "gauge" | "histogram")) = kind else { return wrong("no kind") };
                if has_kind {
                    return wrong("a kind without a figure");
                }
                if (kind == "counter") != figure.ends_with("_total") {
                    return wrong("the name says another kind");
                }
                scrape.kinds.insert(figure.clone(), kind.to_owned());
                has_kind = true;
            } else {
                let Some((name, labels, value)) = sample(line) else { return wrong("no sample") };
                let part = name.strip_prefix(figure.as_str()).filter(|_| has_kind && !figure.is_empty());
                let parts: &[&str] = match scrape.kinds.get(&figure).map(String::as_str) {
                    Some("histogram") => &["_bucket", "_sum", "_count"],
                    _ => &[""],
                };
                if !part.is_some_and(|part| parts.contains(&part)) {
                    return wrong("a sample of another figure");
                }
                if scrape.samples.insert((name, labels), value).is_some() {
                    return wrong("said twice");
                }
            }
        }
        scrape.distributions_fit()?;
        Ok(scrape)
    }

    /// Each bucket holds those before it, and the last one all.
    fn distributions_fit(&self) -> Result<(), String> {
        for name in self.kinds.iter().filter(|(_, kind)| *kind == "histogram").map(|(name, _)| name) {
            let counts = self.samples.iter().filter(|((sample, _), _)| *sample == format!("{name}_count"));
            for ((_, labels), count) in counts {
                let of_these = |((sample, of), value): (&(String, Labels), &f64)| {
                    let (end, rest) = of.split_last()?;
                    let fits = *sample == format!("{name}_bucket") && end.0 == "le" && rest == labels.as_slice();
                    fits.then_some((end.1.parse::<f64>().ok()?, *value))
                };
                let mut buckets: Vec<(f64, f64)> = self.samples.iter().filter_map(of_these).collect();
                buckets.sort_by(|a, b| a.0.total_cmp(&b.0));
                let grows = buckets.windows(2).all(|pair| pair[0].1 <= pair[1].1);
                if !grows || buckets.last() != Some(&(f64::INFINITY, *count)) {
                    return Err(format!("{name} {labels:?} has {count} in all and {buckets:?}"));
                }
            }
        }
        Ok(())
    }

    /// All samples of this name that have these labels, together; 0 when there is none.
    pub fn value(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        self.of(name, labels).sum()
    }

    /// Whether a sample of this name has these labels.
    pub fn has(&self, name: &str, labels: &[(&str, &str)]) -> bool {
        self.of(name, labels).next().is_some()
    }

    fn of<'s>(&'s self, name: &'s str, labels: &'s [(&'s str, &'s str)]) -> impl Iterator<Item = f64> + 's {
        let fits = |of: &Labels| labels.iter().all(|(label, said)| of.iter().any(|(l, s)| l == label && s == said));
        self.samples.iter().filter(move |((sample, of), _)| sample == name && fits(of)).map(|(_, value)| *value)
    }

    /// Everything that is said of a label.
    pub fn said_of(&self, label: &str) -> BTreeSet<String> {
        let labels = self.samples.keys().flat_map(|(_, labels)| labels);
        labels.filter(|(name, _)| name == label).map(|(_, said)| said.clone()).collect()
    }

    /// How many samples there are.
    pub fn series(&self) -> usize {
        self.samples.len()
    }
}

fn is_name(text: &str) -> bool {
    !text.starts_with(|c: char| c.is_ascii_digit())
        && !text.is_empty()
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Name, labels and value of a line; a moment after the value is taken from nobody.
fn sample(line: &str) -> Option<(String, Labels, f64)> {
    let end = line.find(['{', ' '])?;
    let (name, mut rest) = line.split_at(end);
    let mut labels = Labels::new();
    if let Some(inside) = rest.strip_prefix('{') {
        rest = inside;
        loop {
            let (label, after) = rest.split_once("=\"")?;
            let (said, after) = quoted(after)?;
            let known = labels.iter().any(|(name, _)| name == label);
            if known || !is_name(label) {
                return None;
            }
            labels.push((label.to_owned(), said));
            match after.strip_prefix(',') {
                Some(more) => rest = more,
                None => {
                    rest = after.strip_prefix('}')?;
                    break;
                }
            }
        }
    }
    let value: f64 = rest.strip_prefix(' ')?.parse().ok()?;
    (is_name(name) && value >= 0.0).then(|| (name.to_owned(), labels, value))
}

/// A text up to its closing mark, and what follows.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut said = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((said, &text[at + 1..])),
            '\\' => said.push(match letters.next()?.1 {
                'n' => '\n',
                same @ ('"' | '\\') => same,
                _ => return None,
            }),
            other => said.push(other),
        }
    }
    None
}

#[test]
fn control_what_no_scraper_takes_is_refused() {
    let good = "# HELP a A.\n# TYPE a gauge\na{x=\"1 \\\"2\\\" \\\\ \\n{}\",y=\"\"} 2\na 0.5\n\
                # HELP h H.\n# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 3\nh_sum 9.5\nh_count 3\n";
    let scrape = Scrape::read(good).expect("a sound text");
    assert_eq!((scrape.value("a", &[]), scrape.value("a", &[("y", "")]), scrape.series()), (2.5, 2.0, 6));
    assert!(scrape.has("a", &[("x", "1 \"2\" \\ \n{}")]) && !scrape.has("a", &[("x", "1")]));
    for (before, after) in [
        ("a 0.5\n", "a 0.5\na 0.5\n"),
        ("a 0.5\n", "b 0.5\n"),
        ("a 0.5\n", "a -1\n"),
        ("a 0.5\n", "a 0.5 1700000000\n"),
        ("a 0.5\n", "a 0,5\n"),
        ("a 0.5\n", "a{} 0.5\n"),
        ("a 0.5\n", "\n"),
        ("\\\\ ", "\\x "),
        (",y=\"\"", ",x=\"\""),
        ("y=", "1y="),
        ("gauge", "counter"),
        ("gauge", "number"),
        ("# TYPE a gauge\n", ""),
        ("# HELP a A.\n", ""),
        ("# HELP h H.\n", "# HELP a A.\n# TYPE a gauge\n# HELP h H.\n"),
        ("h_bucket{le=\"1\"} 1", "h_bucket{le=\"1\"} 4"),
        ("h_bucket{le=\"+Inf\"} 3", "h_bucket{le=\"+Inf\"} 2"),
        ("h_bucket{le=\"+Inf\"} 3\n", ""),
        ("h_count 3\n", "h_count 3"),
    ] {
        let bad = good.replacen(before, after, 1);
        assert_ne!(bad, good);
        assert!(Scrape::read(&bad).is_err(), "it was read:\n{bad}");
    }
}
