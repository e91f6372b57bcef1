//! The text in which Prometheus and its kin read figures: version 0.0.4 of their exposition format.

use std::fmt::{Display, Write};

/// How the text is announced.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// A text that is being written.
#[derive(Default)]
pub struct Exposition(String);

/// What a figure means.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Only grows, from 0 at the start of the process.
    Counter,
    Gauge,
    Histogram,
}

/// One figure, of which samples are written.
pub struct Figure<'e> {
    text: &'e mut String,
    name: &'static str,
}

/// Names with values, by which samples of a figure are told apart.
pub type Labels<'l> = &'l [(&'l str, &'l str)];

impl Exposition {
    /// Begins a figure, once; `help` is one line.
    pub fn figure(&mut self, name: &'static str, kind: Kind, help: &str) -> Figure<'_> {
        let kind = match kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        };
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
        Figure { text: &mut self.0, name }
    }

    /// A figure that has one sample.
    pub fn single(&mut self, name: &'static str, kind: Kind, help: &str, value: impl Display) {
        self.figure(name, kind, help).sample(&[], value);
    }

    /// The whole text.
    pub fn into_text(self) -> String {
        self.0
    }
}

impl Figure<'_> {
    /// A sample of a counter or gauge.
    pub fn sample(&mut self, labels: Labels<'_>, value: impl Display) {
        self.part("", labels, value);
    }

    /// The samples of a histogram: how many were up to each bound but more than the one before, how many were more than
    /// all bounds, and their sum.
    pub fn distribution(&mut self, labels: Labels<'_>, bounds: &[f64], counts: &[u64], sum: f64) {
        let ends = bounds.iter().map(f64::to_string).chain(["+Inf".to_owned()]);
        let mut below = 0;
        for (end, count) in ends.zip(counts) {
            below += count;
            self.part("_bucket", &[labels, &[("le", &end)]].concat(), below);
        }
        self.part("_sum", labels, sum);
        self.part("_count", labels, below);
    }

    fn part(&mut self, suffix: &str, labels: Labels<'_>, value: impl Display) {
        let _ = write!(self.text, "{}{suffix}", self.name);
        for (n, (label, said)) in labels.iter().enumerate() {
            let _ = write!(self.text, "{}{label}=\"", if n == 0 { '{' } else { ',' });
            for letter in said.chars() {
                match letter {
                    '\\' | '"' => self.text.extend(['\\', letter]),
                    '\n' => self.text.push_str("\\n"),
                    other => self.text.push(other),
                }
            }
            self.text.push('"');
        }
        let _ = writeln!(self.text, "{} {value}", if labels.is_empty() { "" } else { "}" });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_written_as_the_format_wants_them() {
        let mut text = Exposition::default();
        text.single("house_rooms", Kind::Gauge, "Rooms of the house.", 3);
        let mut doors = text.figure("house_doors_total", Kind::Counter, "Doors that were opened.");
        doors.sample(&[("room", "a \"b\" \\ c\nd"), ("by", "wind")], 7_u64);
        let mut steps = text.figure("house_step_seconds", Kind::Histogram, "Steps.");
        steps.distribution(&[("room", "a")], &[0.005, 2.5, 10.0], &[1, 0, 4, 2], 61.25);
        assert_eq!(
            text.into_text(),
            r#"# HELP house_rooms Rooms of the house.
# TYPE house_rooms gauge
house_rooms 3
# HELP house_doors_total Doors that were opened.
# TYPE house_doors_total counter
house_doors_total{room="a \"b\" \\ c\nd",by="wind"} 7
# HELP house_step_seconds Steps.
# TYPE house_step_seconds histogram
house_step_seconds_bucket{room="a",le="0.005"} 1
house_step_seconds_bucket{room="a",le="2.5"} 1
house_step_seconds_bucket{room="a",le="10"} 5
house_step_seconds_bucket{room="a",le="+Inf"} 7
house_step_seconds_sum{room="a"} 61.25
house_step_seconds_count{room="a"} 7
"#
        );
    }
}
