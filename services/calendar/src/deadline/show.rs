//! A deadline as JSON for machines and as a Vietnamese table for the command line.

use serde_json::{Value, json};

use super::{Deadline, StepKind};
use crate::moment::Minute;
use crate::words;

impl Deadline {
    /// The deadline as JSON: `due` and the other moments as RFC 3339 with Viet Nam's offset, `steps` in order.
    pub fn to_json(&self) -> Value {
        json!({
            "received": self.received,
            "counts_from": self.counts_from,
            "takes": self.takes,
            "due_without_stops": self.due_without_stops,
            "due": self.due,
            "stops": self.stops,
            "verified": self.is_verified(),
            "steps": self.steps,
        })
    }

    /// The deadline as a table in Vietnamese.
    pub fn to_text(&self) -> String {
        let due = words::moment(Minute::of(self.due));
        let mut text = format!("Thời hạn {}: hạn là {due}.\n\n", self.takes.vietnamese());
        let days: Vec<_> = self.steps.iter().map(|step| words::sentence(&words::day(step.date))).collect();
        let widest = |texts: &mut dyn Iterator<Item = &str>| texts.map(|t| t.chars().count()).max().unwrap_or(0);
        let day_width = widest(&mut days.iter().map(String::as_str));
        let label_width = widest(&mut self.steps.iter().map(|step| step.label.as_str()));
        for (step, day) in self.steps.iter().zip(&days) {
            let minutes = match step.kind {
                StepKind::Due => words::clock(Minute::of(self.due).of_day()),
                StepKind::Received => words::clock(Minute::of(self.received).of_day()),
                _ if step.minutes == 0 => String::new(),
                _ => words::length(step.minutes),
            };
            let line = format!("{day:<day_width$}  {:<label_width$}  {minutes}", step.label);
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text.push('\n');
        for step in &self.steps {
            text.push_str(&format!("- {}\n", step.sentence));
        }
        text
    }
}
