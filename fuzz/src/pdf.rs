//! A PDF says of every object at which byte it stands. A reader that repairs nothing refuses nearly every mutation for a
//! wrong offset alone, and what lies behind would never be tried; so most mutated files have their offsets, lengths and
//! chains of tables set right again. Tables are mended, cross-reference streams are left as they are.

use std::collections::HashMap;

/// Mutates, and mends three times out of four: readers must also bear what is wrong.
pub fn mutate(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let size = libfuzzer_sys::fuzzer_mutate(data, size, max_size);
    if seed % 4 == 0 {
        return size;
    }
    let mended = Mending::of(&data[..size]);
    if mended.len() > max_size {
        return size;
    }
    data[..mended.len()].copy_from_slice(&mended);
    mended.len()
}

/// One pass over the file: everything points backwards but the length of a stream.
#[derive(Default)]
struct Mending {
    out: Vec<u8>,
    objects: HashMap<usize, usize>,
    /// Where the object stands that was written last.
    object: usize,
    /// Where the cross-reference sections stand.
    sections: Vec<usize>,
    /// Within a table: the number that the next row is about.
    row: Option<usize>,
}

impl Mending {
    fn of(bytes: &[u8]) -> Vec<u8> {
        let mut mending = Self::default();
        let mut at = 0;
        while at < bytes.len() {
            let begins = at == 0 || matches!(bytes[at - 1], b'\n' | b'\r');
            at += mending.step(&bytes[at..], begins);
        }
        mending.out
    }

    /// Writes what comes next; answers how many bytes were read.
    fn step(&mut self, rest: &[u8], begins: bool) -> usize {
        if begins && let Some(read) = self.line(rest) {
            return read;
        }
        if rest.starts_with(b"/XRef") && !rest.starts_with(b"/XRefStm") {
            self.sections.push(self.object);
        } else if let Some((_, read)) = number_behind(rest, b"/Prev ") {
            let previous = self.sections.len().checked_sub(2).map_or(0, |place| self.sections[place]);
            return self.write(format!("/Prev {previous}"), read);
        } else if let Some((_, read)) = number_behind(rest, b"/Length ")
            && let Some(length) = stream_length(&rest[read..])
        {
            return self.write(format!("/Length {length}"), read);
        }
        self.out.push(rest[0]);
        1
    }

    /// What stands at the beginning of a line.
    fn line(&mut self, rest: &[u8]) -> Option<usize> {
        if rest.starts_with(b"xref") {
            self.sections.push(self.out.len());
            self.row = Some(0);
            return Some(self.write("xref", 4));
        }
        if rest.starts_with(b"trailer") {
            self.row = None;
        }
        if let Some((_, read)) = number_behind(rest, b"startxref\n") {
            let last = self.sections.last().copied().unwrap_or(0);
            return Some(self.write(format!("startxref\n{last}"), read));
        }
        let (first, width) = number(rest)?;
        let (_, second) = number_behind(&rest[width..], b" ")?;
        let tail = &rest[width + second..];
        if tail.starts_with(b" obj") {
            self.object = self.out.len();
            self.objects.insert(first, self.object);
        } else if let Some(row) = self.row {
            if !tail.starts_with(b" n") && !tail.starts_with(b" f") {
                self.row = Some(first);
                return None;
            }
            self.row = Some(row.wrapping_add(1));
            if let Some(offset) = self.objects.get(&row).filter(|_| tail.starts_with(b" n")) {
                return Some(self.write(format!("{offset:010}"), width));
            }
        }
        None
    }

    fn write(&mut self, text: impl AsRef<[u8]>, read: usize) -> usize {
        self.out.extend_from_slice(text.as_ref());
        read
    }
}

/// The number at the beginning, and its width.
fn number(bytes: &[u8]) -> Option<(usize, usize)> {
    let width = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let text = std::str::from_utf8(&bytes[..width]).ok()?;
    Some((text.parse().ok()?, width))
}

/// The number behind a word, and the width of both.
fn number_behind(bytes: &[u8], word: &[u8]) -> Option<(usize, usize)> {
    let (number, width) = number(bytes.strip_prefix(word)?)?;
    Some((number, word.len() + width))
}

/// Bytes of the stream whose dictionary goes on here; nothing when the length is said elsewhere.
fn stream_length(rest: &[u8]) -> Option<usize> {
    let find = |bytes: &[u8], word: &[u8]| bytes.windows(word.len()).position(|part| part == word);
    let dictionary = &rest[..rest.len().min(400)];
    let begins = find(dictionary, b"stream\n").filter(|at| find(&rest[..*at], b"endobj").is_none())? + 7;
    let length = find(&rest[begins..], b"endstream")?;
    (!rest.starts_with(b" 0 R")).then_some(length.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::Mending;

    #[test]
    fn what_is_right_stays_and_what_moved_is_found_again() {
        for name in ["unsigned", "form", "layers", "filled", "twice"] {
            let path = format!("{}/seeds/pdf_verify/{name}.pdf", env!("CARGO_MANIFEST_DIR"));
            let right = std::fs::read(path).unwrap();
            assert!(Mending::of(&right) == right, "{name}");
        }
        let right = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/seeds/pdf_verify/unsigned.pdf")).unwrap();
        let mut moved = right.clone();
        moved.splice(9..9, *b"%moved\n");
        let mended = Mending::of(&moved);
        assert!(mended != moved && mended.len() == moved.len());
        assert!(
            signing::verify::verify(&mended, &Default::default(), types::Timestamp(0), &Default::default())
                .findings
                .iter()
                .all(|finding| finding.code != signing::verify::Code::FileUnreadable)
        );
    }
}
