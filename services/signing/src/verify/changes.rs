//! What a later revision changed, object by object, against a list of what signing needs.
//!
//! Numbers that were in use before are compared: whatever is new can be reached only through something that changed, or
//! through a reference that waited for it, and the latter is forbidden. Each change must be explained by one of the ways
//! below; what is not explained is forbidden too.

mod form;
mod pages;
mod place;
mod reach;

use super::document::{Dict, Document, Entry, Value, View};
use super::report::ChangeClass;
pub use pages::annotations;
pub use place::Purpose;
use std::collections::BTreeSet;

/// What a change is, before it is known which signature asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A field for a signature was added, or an empty one was signed.
    Signed {
        field: String,
    },
    /// A field that shows a picture was added and signed.
    Pictured {
        field: String,
    },
    /// The same for a timestamp over the document.
    Stamped,
    /// A text field that was empty has a text now.
    Filled {
        field: String,
    },
    /// An empty place for number or date was made.
    Reserved,
    /// Number or date was written, as ink, into the place that was reserved for it.
    Numbered {
        field: String,
        purpose: Purpose,
        text: String,
    },
    /// Evidence for later (DSS).
    Evidence,
    /// Version, extensions, metadata: nothing of it is shown on a page.
    Housekeeping,
    /// Title, author and the like, which programs show beside the pages.
    Described,
    /// The same was written again, which nobody who signs has a reason for.
    Again,
    /// An annotation that is no signature.
    Annotated,
    /// A signature is seen in more than one place.
    Scattered,
    /// A new signature's picture covers much of an older one, or of the page.
    Covering,
    Forbidden,
}

/// One change: the object, the key within it, what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub object: u32,
    pub key: String,
    pub kind: Kind,
}

/// The comparison of one revision with the one before.
struct Step<'d, 'a, 'r> {
    old: View<'d, 'a>,
    new: View<'d, 'a>,
    /// What the old state refers to.
    referred: &'r BTreeSet<u32>,
    /// Numbers that were in use and whose object is another now.
    changed: BTreeSet<u32>,
    explained: BTreeSet<u32>,
    /// Explained only if nothing shown on a page uses them too.
    unless_shown: BTreeSet<u32>,
    found: Vec<Found>,
}

/// The comparisons of all states, one step after the other: `[0]` leads from the first section to the second.
pub fn steps(document: &Document<'_>) -> Vec<Result<Vec<Found>, String>> {
    let mut referred = BTreeSet::new();
    let one = |sections: usize| {
        reach::referred(document, sections - 1, &mut referred);
        step(View { document, sections }, View { document, sections: sections + 1 }, &referred)
    };
    (1..document.sections()).map(one).collect()
}

/// Changes from one state to the next.
fn step<'d, 'a>(old: View<'d, 'a>, new: View<'d, 'a>, referred: &BTreeSet<u32>) -> Result<Vec<Found>, String> {
    let (changed, explained, unless_shown) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut step = Step { old, new, referred, changed, explained, unless_shown, found: Vec::new() };
    step.numbers()?;
    step.trailer()?;
    step.catalog()?;
    step.form()?;
    step.pages()?;
    step.leftover()?;
    Ok(step.found)
}

impl<'d, 'a> Step<'d, 'a, '_> {
    fn tell(&mut self, object: u32, key: impl Into<String>, kind: Kind) {
        self.found.push(Found { object, key: key.into(), kind });
    }

    fn forbid(&mut self, object: u32, key: impl Into<String>) {
        self.tell(object, key, Kind::Forbidden);
    }

    /// Which objects differ, and numbers that were passed over before and are used now.
    fn numbers(&mut self) -> Result<(), String> {
        let (old, new) = (self.old, self.new);
        let size = old.size();
        for section in old.sections..new.sections {
            let own = new.document.section_object(section);
            for number in new.document.entries(section).keys().copied() {
                match old.entry(number) {
                    Some(entry) if entry != Entry::Free => {
                        // Also when the same was written again: programs that are less strict may read it as something
                        // else. Within object streams the place says little.
                        let within = matches!(entry, Entry::Within { .. });
                        if new.entry(number) != Some(entry) || within && *old.get(number)? != *new.get(number)? {
                            self.changed.insert(number);
                        }
                    }
                    // A number that an older state had freed or left out could be waiting for its object; what the signed
                    // pages refer to and did not find would appear on them.
                    _ if (number < size || self.referred.contains(&number))
                        && number != 0
                        && own != Some(number)
                        && new.entry(number).is_some_and(|entry| entry != Entry::Free) =>
                    {
                        self.forbid(number, "a number used anew");
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }

    fn trailer(&mut self) -> Result<(), String> {
        let (old, new) = (self.old.trailer(), self.new.trailer());
        if old.get(&b"Root"[..]) != new.get(&b"Root"[..]) {
            self.forbid(0, "Root");
        }
        if new.contains_key(&b"Encrypt"[..]) {
            self.forbid(0, "Encrypt");
        }
        let info = |view: View<'d, 'a>| view.at(view.trailer(), b"Info").map(|v| v.dict().cloned().unwrap_or_default());
        let (before, after) = (info(self.old)?, info(self.new)?);
        let keys = differing(&before, &after);
        let Some(number) = new.get(&b"Info"[..]).and_then(Value::reference) else { return Ok(()) };
        if old.get(&b"Info"[..]) == new.get(&b"Info"[..]) {
            self.unless_shown.insert(number);
        }
        if !keys.is_empty() {
            let quiet = keys.iter().all(|key| key == b"ModDate" || key == b"Producer");
            self.tell(number, "Info", if quiet { Kind::Housekeeping } else { Kind::Described });
        }
        Ok(())
    }

    fn catalog(&mut self) -> Result<(), String> {
        let (root, old) = self.old.catalog()?;
        let (_, new) = self.new.catalog()?;
        self.explained.insert(root);
        for key in differing(&old, &new) {
            let kind = match &key[..] {
                // Compared by what is in them, below.
                b"AcroForm" | b"DSS" => continue,
                b"Perms" | b"Extensions" | b"Version" | b"Metadata" => Kind::Housekeeping,
                _ => Kind::Forbidden,
            };
            self.tell(root, String::from_utf8_lossy(&key), kind);
        }
        self.metadata(&old, &new)?;
        self.evidence(root, &old, &new)
    }

    fn metadata(&mut self, old: &Dict, new: &Dict) -> Result<(), String> {
        let (Some(before), Some(after)) = (old.get(&b"Metadata"[..]), new.get(&b"Metadata"[..])) else { return Ok(()) };
        let value = self.new.resolve(after)?;
        let stream =
            matches!(&value, Value::Stream(s) if s.dict.get(&b"Type"[..]).and_then(Value::name) == Some(b"Metadata"));
        if let (true, Some(number)) = (stream && before == after, after.reference())
            && self.changed.contains(&number)
        {
            self.unless_shown.insert(number);
            self.tell(number, "Metadata", Kind::Housekeeping);
        }
        Ok(())
    }

    /// The store of evidence (EN 319 142-1, 5.4.2) may only grow.
    fn evidence(&mut self, root: u32, old: &Dict, new: &Dict) -> Result<(), String> {
        let before = self.old.at(old, b"DSS")?.dict().cloned();
        let after = self.new.at(new, b"DSS")?.dict().cloned();
        let number = new.get(&b"DSS"[..]).and_then(Value::reference);
        let (before, after) = match (before, after) {
            (None, None) => return Ok(()),
            (Some(_), None) => {
                self.forbid(root, "DSS");
                return Ok(());
            }
            (before, Some(after)) => (before.unwrap_or_default(), after),
        };
        let grown = self.lists_grow(&before, &after)?;
        let (old_vri, new_vri) = (self.old.at(&before, b"VRI")?, self.new.at(&after, b"VRI")?);
        let (none, empty) = (Dict::new(), Dict::new());
        let (old_vri_dict, new_vri_dict) = (old_vri.dict().unwrap_or(&none), new_vri.dict().unwrap_or(&empty));
        self.in_place(&before, &after, b"VRI");
        let mut kept = true;
        for (key, value) in old_vri_dict {
            self.in_place(old_vri_dict, new_vri_dict, key);
            let old_entry = self.old.resolve(value)?.dict().cloned().unwrap_or_default();
            let new_entry = self.new.at(new_vri_dict, key)?.dict().cloned().unwrap_or_default();
            kept &= self.lists_grow(&old_entry, &new_entry)?;
        }
        self.in_place(old, new, b"DSS");
        if before != after || self.unless_shown.iter().any(|number| self.changed.contains(number)) {
            let kind = if grown && kept { Kind::Evidence } else { Kind::Forbidden };
            self.tell(number.unwrap_or(root), "DSS", kind);
        }
        Ok(())
    }

    /// An object reached by the same reference in both states may be another one now.
    fn in_place(&mut self, old: &Dict, new: &Dict, key: &[u8]) {
        if let (Some(Value::Ref(a, _)), Some(Value::Ref(b, _))) = (old.get(key), new.get(key))
            && a == b
        {
            self.unless_shown.insert(*a);
        }
    }

    fn lists_grow(&mut self, before: &Dict, after: &Dict) -> Result<bool, String> {
        let mut grown = true;
        for key in before.keys().filter(|key| key[..] != b"VRI"[..]) {
            self.in_place(before, after, key);
            let (old, new) = (self.old.at(before, key)?, self.new.at(after, key)?);
            grown &= match (old.array(), new.array()) {
                (Some(old), Some(new)) => old.iter().all(|item| new.contains(item)),
                _ => old == new,
            };
        }
        Ok(grown)
    }

    /// What nothing above explained.
    fn leftover(&mut self) -> Result<(), String> {
        let doubtful: Vec<u32> = self.unless_shown.intersection(&self.changed).copied().collect();
        if !doubtful.is_empty() {
            let shown = reach::shown(self.old)?;
            self.explained.extend(doubtful.iter().filter(|number| !shown.contains(number)));
        }
        let left: Vec<u32> = self.changed.difference(&self.explained).copied().collect();
        for number in left {
            let (old, new) = (self.old.get(number)?, self.new.get(number)?);
            if old == new {
                self.tell(number, "the object itself", Kind::Again);
                continue;
            }
            let keys = match (old.dict(), new.dict()) {
                (Some(old), Some(new)) => differing(old, new),
                _ => Vec::new(),
            };
            let names: Vec<String> = keys.iter().map(|key| String::from_utf8_lossy(key).into_owned()).collect();
            let key = if names.is_empty() { "the object itself".to_owned() } else { names.join(", ") };
            self.forbid(number, key);
        }
        Ok(())
    }
}

/// Keys whose values differ, references compared as they stand.
fn differing(old: &Dict, new: &Dict) -> Vec<Vec<u8>> {
    let keys: BTreeSet<&Vec<u8>> = old.keys().chain(new.keys()).collect();
    keys.into_iter().filter(|key| old.get(*key) != new.get(*key)).cloned().collect()
}

/// What a change means for a signature with these rights; `vouched` when a later signature stands behind it.
pub fn class(kind: &Kind, rights: &super::rights::Rights, vouched: bool) -> ChangeClass {
    let locked = |allowed: ChangeClass| if rights.level <= 1 { ChangeClass::Forbidden } else { allowed };
    match kind {
        Kind::Evidence | Kind::Stamped | Kind::Housekeeping => ChangeClass::Allowed,
        Kind::Signed { field } | Kind::Pictured { field } if rights.locks(field) => ChangeClass::Forbidden,
        // Whoever says a level gives places for pictures beforehand; it allows signing in them, not making others.
        Kind::Pictured { .. } if rights.says_level => ChangeClass::Forbidden,
        Kind::Signed { .. } | Kind::Pictured { .. } => locked(ChangeClass::Allowed),
        Kind::Filled { field } | Kind::Numbered { field, .. } if rights.locks(field) => ChangeClass::Forbidden,
        Kind::Numbered { .. } if vouched => locked(ChangeClass::Allowed),
        Kind::Filled { .. } | Kind::Numbered { .. } | Kind::Described => locked(ChangeClass::Look),
        Kind::Covering | Kind::Scattered | Kind::Again => ChangeClass::Look,
        // Notes are refused even where a certifying signature allows them (level 3): they lie over what was signed.
        Kind::Annotated | Kind::Reserved | Kind::Forbidden => ChangeClass::Forbidden,
    }
}

/// The sentence for a change.
pub fn sentence(kind: &Kind) -> String {
    match kind {
        Kind::Signed { field } | Kind::Pictured { field } => format!("Thêm chữ ký số ở ô «{field}»."),
        Kind::Stamped => "Thêm dấu thời gian cho cả văn bản.".to_owned(),
        Kind::Filled { field } => format!("Điền ô «{field}» sau khi ký."),
        Kind::Reserved => "Thêm chỗ ghi số, ngày lên trang.".to_owned(),
        // The words are quoted so that whoever reads this can compare them with what the page shows.
        Kind::Numbered { purpose: Purpose::Number, text, .. } => format!("Ghi số «{text}» vào chỗ đã chừa sẵn."),
        Kind::Numbered { purpose: Purpose::Date, text, .. } => format!("Ghi «{text}» vào chỗ đã chừa sẵn."),
        Kind::Evidence => "Thêm chứng cứ để kiểm tra chữ ký về sau.".to_owned(),
        Kind::Housekeeping => "Cập nhật thông tin kỹ thuật, không hiển thị trên trang.".to_owned(),
        Kind::Described => "Sửa tiêu đề hoặc tên tác giả của tệp.".to_owned(),
        Kind::Again => "Ghi lại một phần nội dung, không khác bản đã ký.".to_owned(),
        Kind::Annotated => "Thêm ghi chú lên trang.".to_owned(),
        Kind::Scattered => "Một chữ ký hiển thị ở nhiều chỗ trên văn bản.".to_owned(),
        Kind::Covering => "Hình chữ ký mới che phần lớn chữ ký cũ hoặc trang.".to_owned(),
        Kind::Forbidden => "Thay đổi nội dung đã ký.".to_owned(),
    }
}
