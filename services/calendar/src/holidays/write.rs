//! Writing the decisions of a year as the text that [`YearFile::read`] reads.

use super::{Decision, YearFile};
use std::fmt::Write;

impl YearFile {
    /// The text of `data/years/<year>.toml`, to be changed by people and given back.
    pub fn to_text(&self) -> String {
        let mut text = format!("year = {}\n", self.year);
        for decided in &self.breaks {
            text.push_str("\n[[break]]\n");
            line(&mut text, "occasion", &decided.occasion);
            line(&mut text, "from", &decided.from.to_string());
            line(&mut text, "to", &decided.to.to_string());
            decision(&mut text, &decided.decision);
        }
        for swap in &self.swaps {
            text.push_str("\n[[swap]]\n");
            line(&mut text, "occasion", &swap.occasion);
            line(&mut text, "off", &swap.off.to_string());
            line(&mut text, "work", &swap.work.to_string());
            decision(&mut text, &swap.decision);
        }
        text
    }
}

fn decision(text: &mut String, decision: &Decision) {
    let date = decision.date.map(|date| date.to_string());
    for (key, value) in
        [("number", &decision.number), ("date", &date), ("issuer", &decision.issuer), ("source", &decision.source)]
    {
        if let Some(value) = value {
            line(text, key, value);
        }
    }
    let _ = writeln!(text, "verified = {}", decision.verified);
}

fn line(text: &mut String, key: &str, value: &str) {
    let _ = writeln!(text, "{key} = {}", toml::Value::String(value.to_owned()));
}
