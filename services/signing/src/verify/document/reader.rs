//! Reads objects from bytes, strictly: what two programs could read in two ways is an error here.

use super::value::{Dict, Value};

/// Arrays and dictionaries within each other, at most.
const DEPTH_MAX: usize = 48;
/// Values in one object, at most: each takes many times the memory that it takes in the file.
const VALUES_MAX: usize = 250_000;

/// Where a reader stands in the bytes.
pub struct Reader<'a> {
    pub bytes: &'a [u8],
    pub at: usize,
    /// Values read so far, those within others too.
    pub values: usize,
}

/// What was wrong, for the report's detail.
pub type Read<T> = Result<T, String>;

pub fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !is_delimiter(byte)
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, values: 0 }
    }

    pub fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn wrong<T>(&self, what: &str) -> Read<T> {
        Err(format!("{what} at byte {}", self.at))
    }

    /// Passes white space and comments.
    pub fn space(&mut self) {
        while let Some(byte) = self.peek() {
            if is_space(byte) {
                self.at += 1;
            } else if byte == b'%' {
                while self.peek().is_some_and(|b| b != b'\n' && b != b'\r') {
                    self.at += 1;
                }
            } else {
                return;
            }
        }
    }

    /// Passes this word if it comes next.
    pub fn word(&mut self, word: &[u8]) -> bool {
        let fits = self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(word));
        let ends = self.bytes.get(self.at + word.len()).is_none_or(|next| !is_regular(*next));
        if fits && ends {
            self.at += word.len();
        }
        fits && ends
    }

    /// A whole number without sign.
    pub fn unsigned(&mut self) -> Read<u64> {
        let start = self.at;
        while self.peek().is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
        // A place from the file may lie behind its end.
        let digits = self.bytes.get(start..self.at).and_then(|digits| std::str::from_utf8(digits).ok());
        let digits = digits.unwrap_or_default();
        digits.parse().map_err(|_| format!("no number at byte {start}"))
    }

    /// `number generation obj`, as an indirect object begins.
    pub fn header(&mut self) -> Read<(u32, u16)> {
        let number = self.unsigned()?;
        self.space();
        let generation = self.unsigned()?;
        self.space();
        if !self.word(b"obj") {
            return self.wrong("no object");
        }
        let fits = u32::try_from(number).ok().zip(u16::try_from(generation).ok());
        fits.ok_or_else(|| format!("object number {number} {generation} is too large"))
    }

    /// The next object; a stream is read as its dictionary.
    pub fn value(&mut self) -> Read<Value> {
        self.nested(0)
    }

    fn nested(&mut self, depth: usize) -> Read<Value> {
        if depth > DEPTH_MAX {
            return self.wrong("objects nested too deep");
        }
        self.values += 1;
        if self.values > VALUES_MAX {
            return self.wrong("an object of too many values");
        }
        self.space();
        match self.peek() {
            Some(b'/') => self.name().map(Value::Name),
            Some(b'(') => self.literal().map(Value::Text),
            Some(b'<') if self.bytes.get(self.at + 1) == Some(&b'<') => self.dict(depth).map(Value::Dict),
            Some(b'<') => self.hex_string().map(Value::Text),
            Some(b'[') => self.array(depth),
            Some(b'0'..=b'9' | b'+' | b'-' | b'.') => self.number(),
            _ if self.word(b"true") => Ok(Value::Bool(true)),
            _ if self.word(b"false") => Ok(Value::Bool(false)),
            _ if self.word(b"null") => Ok(Value::Null),
            _ => self.wrong("no object"),
        }
    }

    fn name(&mut self) -> Read<Vec<u8>> {
        self.at += 1;
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let word = &rest[..rest.iter().position(|byte| !is_regular(*byte)).unwrap_or(rest.len())];
        // Nearly all names stand as they are.
        if !word.contains(&b'#') {
            self.at += word.len();
            return Ok(word.to_vec());
        }
        let mut name = Vec::new();
        while let Some(byte) = self.peek().filter(|b| is_regular(*b)) {
            self.at += 1;
            if byte != b'#' {
                name.push(byte);
                continue;
            }
            let pair = self.bytes.get(self.at..self.at + 2).and_then(|p| Some(hex(p[0])? * 16 + hex(p[1])?));
            let Some(code) = pair else { return self.wrong("a name with a bad #") };
            name.push(code);
            self.at += 2;
        }
        Ok(name)
    }

    fn literal(&mut self) -> Read<Vec<u8>> {
        self.at += 1;
        let mut text = Vec::new();
        let mut open = 1_u32;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'(' => open += 1,
                b')' if open == 1 => return Ok(text),
                b')' => open -= 1,
                b'\\' => {
                    self.escape(&mut text);
                    continue;
                }
                b'\r' => {
                    // An end of line within a string is one \n however it was written.
                    if self.peek() == Some(b'\n') {
                        self.at += 1;
                    }
                    text.push(b'\n');
                    continue;
                }
                _ => {}
            }
            text.push(byte);
        }
        self.wrong("a string without end")
    }

    fn escape(&mut self, text: &mut Vec<u8>) {
        let Some(byte) = self.peek() else { return };
        self.at += 1;
        match byte {
            b'n' => text.push(b'\n'),
            b'r' => text.push(b'\r'),
            b't' => text.push(b'\t'),
            b'b' => text.push(8),
            b'f' => text.push(12),
            b'\r' if self.peek() == Some(b'\n') => self.at += 1,
            b'\r' | b'\n' => {}
            b'0'..=b'7' => {
                let mut code = u32::from(byte - b'0');
                for _ in 0..2 {
                    let Some(digit) = self.peek().filter(|b| (b'0'..=b'7').contains(b)) else { break };
                    code = code * 8 + u32::from(digit - b'0');
                    self.at += 1;
                }
                text.push((code & 0xFF) as u8);
            }
            other => text.push(other),
        }
    }

    fn hex_string(&mut self) -> Read<Vec<u8>> {
        self.at += 1;
        let mut text = Vec::new();
        let mut half: Option<u8> = None;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match (hex(byte), half) {
                (Some(digit), None) => half = Some(digit),
                (Some(digit), Some(high)) => {
                    text.push(high * 16 + digit);
                    half = None;
                }
                (None, _) if byte == b'>' => {
                    text.extend(half.map(|high| high * 16));
                    return Ok(text);
                }
                (None, _) if is_space(byte) => {}
                (None, _) => return self.wrong("a hex string with other characters"),
            }
        }
        self.wrong("a hex string without end")
    }

    fn array(&mut self, depth: usize) -> Read<Value> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.space();
            if self.peek() == Some(b']') {
                self.at += 1;
                return Ok(Value::Array(items));
            }
            items.push(self.nested(depth + 1)?);
        }
    }

    fn dict(&mut self, depth: usize) -> Read<Dict> {
        self.at += 2;
        let mut dict = Dict::new();
        loop {
            self.space();
            if self.bytes.get(self.at..self.at + 2) == Some(b">>") {
                self.at += 2;
                return Ok(dict);
            }
            if self.peek() != Some(b'/') {
                return self.wrong("a key that is no name");
            }
            let key = self.name()?;
            let value = self.nested(depth + 1)?;
            // Programs differ in which of two they take.
            if dict.insert(key, value).is_some() {
                return self.wrong("a key that stands twice in one dictionary");
            }
        }
    }

    fn number(&mut self) -> Read<Value> {
        let start = self.at;
        while self.peek().is_some_and(is_regular) {
            self.at += 1;
        }
        let word = std::str::from_utf8(&self.bytes[start..self.at]).unwrap_or_default();
        let plain = word.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.'));
        if let Ok(number) = word.parse::<i64>() {
            return Ok(self.reference(number).unwrap_or(Value::Int(number)));
        }
        match word.parse::<f64>() {
            Ok(number) if plain => Ok(Value::Real(number)),
            _ => Err(format!("a bad number at byte {start}")),
        }
    }

    /// `n g R` when that is what stands here; otherwise nothing is passed.
    fn reference(&mut self, number: i64) -> Option<Value> {
        let number = u32::try_from(number).ok()?;
        let mut ahead = Reader::new(self.bytes, self.at);
        ahead.space();
        let generation = u16::try_from(ahead.unsigned().ok()?).ok()?;
        ahead.space();
        if !ahead.word(b"R") {
            return None;
        }
        self.at = ahead.at;
        Some(Value::Ref(number, generation))
    }
}

#[cfg(test)]
mod tests {
    use super::{Reader, Value};

    fn read(text: &str) -> Result<Value, String> {
        Reader::new(text.as_bytes(), 0).value()
    }

    #[test]
    fn objects_are_read_as_the_standard_says() {
        assert_eq!(read("(a\\(b\\)\\101\\\n(c))"), Ok(Value::Text(b"a(b)A(c)".to_vec())));
        assert_eq!(read("<48 656C6c6F7>"), Ok(Value::Text(b"Hellop".to_vec())));
        assert_eq!(read("/A#20B"), Ok(Value::Name(b"A B".to_vec())));
        assert_eq!(read("% c\n-1.5"), Ok(Value::Real(-1.5)));
        let list = [Value::Int(1), Value::Ref(2, 0), Value::Null];
        assert_eq!(read("[1 2 0 R null]"), Ok(Value::Array(list.to_vec())));
        // Not a reference, though it begins like one.
        assert!(read("[2 0 Rx]").is_err());
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_an_error() {
        for text in ["<< /A 1 /A 2 >>", "<4x>", "(open", "[1", "<< /A >>", "/A#G0", "1.2.3", "--1", "1e5", "inf", ""] {
            assert!(read(text).is_err(), "{text}");
        }
        assert!(read(&"[".repeat(100)).is_err());
        assert!(read(&format!("[{}]", "1 ".repeat(200_000))).is_ok());
        assert!(read(&format!("[{}]", "1 ".repeat(300_000))).is_err());
        assert!(Reader::new(b"1 0 obj", 99).header().is_err());
        assert!(Reader::new(b"1 0 obj", 99).value().is_err());
    }
}
