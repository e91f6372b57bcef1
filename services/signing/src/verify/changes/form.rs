//! Changes of the form: fields are only added for signatures, signed, or filled when they were empty.

use super::{Kind, Step, differing, place};
use crate::verify::document::{Dict, Value};
use crate::verify::fields::{self, Field};
use std::collections::{BTreeMap, BTreeSet};

/// Keys that a new signature field or its widget may have; no actions among them.
const FIELD_KEYS: [&[u8]; 25] = [
    b"Type", b"Subtype", b"FT", b"T", b"TU", b"TM", b"V", b"F", b"Ff", b"Rect", b"P", b"AP", b"AS", b"Parent", b"Kids",
    b"Lock", b"SV", b"MK", b"BS", b"Border", b"DA", b"Q", b"H", b"NM", b"M",
];
/// What signing an empty field sets.
const SIGNED_KEYS: [&[u8]; 7] = [b"V", b"AP", b"F", b"M", b"MK", b"AS", b"Type"];
/// What filling an empty text field sets.
const FILLED_KEYS: [&[u8]; 4] = [b"V", b"AP", b"M", b"AS"];

impl Step<'_, '_, '_> {
    pub(super) fn form(&mut self) -> Result<(), String> {
        let (root, old_catalog) = self.old.catalog()?;
        let (_, new_catalog) = self.new.catalog()?;
        let (old, new) = (fields::form(self.old)?, fields::form(self.new)?);
        let reference = |catalog: &Dict| catalog.get(&b"AcroForm"[..]).and_then(Value::reference);
        let form = reference(&new_catalog);
        let object = form.unwrap_or(root);
        if form != reference(&old_catalog) && form.is_some_and(|number| self.old.entry(number).is_some()) {
            self.forbid(object, "AcroForm");
        }
        self.explained.extend(form);
        for key in differing(&old, &new) {
            let fits = match &key[..] {
                b"Fields" => true,
                b"SigFlags" => new.get(&key).and_then(Value::int).is_some_and(|flags| flags & 1 == 1),
                b"NeedAppearances" => new.get(&key).is_none_or(|value| *value == Value::Bool(false)),
                b"DA" => !old.contains_key(&key),
                b"DR" => self.resources_grow(&old, &new)?,
                _ => false,
            };
            if !fits {
                self.forbid(object, String::from_utf8_lossy(&key));
            }
        }
        if let (Some(Value::Ref(a, _)), Some(Value::Ref(b, _))) = (old.get(&b"Fields"[..]), new.get(&b"Fields"[..]))
            && a == b
        {
            self.unless_shown.insert(*a);
        }
        let (old_list, new_list) = (self.old.at(&old, b"Fields")?, self.new.at(&new, b"Fields")?);
        if !new_list.array().unwrap_or_default().starts_with(old_list.array().unwrap_or_default()) {
            self.forbid(object, "Fields");
        }
        self.fields(object)
    }

    /// Resources of the form may gain, not change.
    fn resources_grow(&self, old: &Dict, new: &Dict) -> Result<bool, String> {
        let (before, after) = (self.old.at(old, b"DR")?, self.new.at(new, b"DR")?);
        let Some(before) = before.dict() else { return Ok(true) };
        let none = Dict::new();
        let after = after.dict().unwrap_or(&none);
        for key in before.keys() {
            let (a, b) = (self.old.at(before, key)?, self.new.at(after, key)?);
            let kept = match (a.dict(), b.dict()) {
                (Some(a), Some(b)) => a.iter().all(|(name, value)| b.get(name) == Some(value)),
                _ => a == b,
            };
            if !kept {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn fields(&mut self, form: u32) -> Result<(), String> {
        let (old, new) = (fields::fields(self.old)?, fields::fields(self.new)?);
        let before: BTreeMap<u32, &Field> = old.iter().filter_map(|f| f.object.map(|number| (number, f))).collect();
        let places = |fields: &[Field]| fields.iter().any(|field| place::purpose_of(&field.dict).is_some());
        let sheets = |there: bool, view| if there { place::sheets(view) } else { Ok(BTreeMap::new()) };
        let (old_sheets, new_sheets) = (sheets(places(&old), self.old)?, sheets(places(&new), self.new)?);
        let mut names: BTreeSet<String> = old.iter().map(|f| f.name.clone()).collect();
        let direct = |fields: &[Field]| fields.iter().filter(|field| field.object.is_none()).count();
        if direct(&new) > direct(&old) {
            self.forbid(form, "Fields");
        }
        // Fields that stand directly in the form's array are compared with it; they cannot change.
        for field in &new {
            let Some(number) = field.object else { continue };
            match before.get(&number) {
                Some(old) => self.known_field(number, old, field, old_sheets.get(&number))?,
                None => self.new_field(number, field, &mut names, new_sheets.get(&number))?,
            }
        }
        self.scattered(&new, &before);
        if old.iter().filter_map(|f| f.object).any(|number| !new.iter().any(|f| f.object == Some(number))) {
            self.forbid(form, "Fields");
        }
        Ok(())
    }

    /// Signatures made now that are seen in several places: where a signature stands tells what it is for (ISO 32000-2,
    /// 12.7.5.5), and a second picture could be anything.
    fn scattered(&mut self, new: &[Field], before: &BTreeMap<u32, &Field>) {
        let mut seen: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for field in new.iter().filter(|field| field.is_signature() && has_area(field)) {
            seen.entry(&field.name).or_default().extend(field.object);
        }
        let now = |number: &u32| !before.contains_key(number) || self.changed.contains(number);
        let several: Vec<u32> =
            seen.into_values().filter(|all| all.len() > 1 && all.iter().any(now)).flatten().collect();
        several.into_iter().skip(1).for_each(|number| self.tell(number, "Kids", Kind::Scattered));
    }

    fn known_field(&mut self, number: u32, old: &Field, new: &Field, sheet: Option<&f64>) -> Result<(), String> {
        let keys = differing(&old.dict, &new.dict);
        self.explained.insert(number);
        if keys.is_empty() {
            return Ok(());
        }
        let only = |allowed: &[&[u8]]| keys.iter().all(|key| allowed.contains(&&key[..]));
        let was = self.old.resolve(&old.value)?;
        let value = self.new.resolve(&new.value)?;
        let empty = match &was {
            Value::Null => true,
            Value::Text(text) => text.is_empty() || text[..] == [0xFE, 0xFF],
            _ => false,
        };
        // The picture of a field whose text stands with its parent.
        let widget_only = !old.named && !keys.iter().any(|key| key == b"V");
        let text = matches!(new.kind[..], [b'T', b'x'] | [b'C', b'h']);
        if new.is_signature() && empty && only(&SIGNED_KEYS) && self.is_new_value(new) {
            let kind = signed(&value, &new.name);
            // Anybody can have a file stamped; a picture would put words on the page in nobody's name.
            let pictured = kind == Kind::Stamped && keys.iter().any(|key| key == b"AP") && has_area(new);
            self.tell(number, "V", if pictured { Kind::Forbidden } else { kind });
        } else if text && empty && only(&FILLED_KEYS) && (matches!(value, Value::Text(_)) || widget_only) {
            self.appearance_in_place(&old.dict, &new.dict)?;
            let kind = if place::is_empty(old, sheet) { self.numbered(old, new)? } else { None };
            self.tell(number, "V", kind.unwrap_or_else(|| Kind::Filled { field: new.name.clone() }));
        } else {
            let names: Vec<String> = keys.iter().map(|key| String::from_utf8_lossy(key).into_owned()).collect();
            self.forbid(number, names.join(", "));
        }
        Ok(())
    }

    /// The picture of a filled field may be redrawn where it stood.
    fn appearance_in_place(&mut self, old: &Dict, new: &Dict) -> Result<(), String> {
        let (before, after) = (self.old.at(old, b"AP")?, self.new.at(new, b"AP")?);
        if let (Some(before), Some(after)) = (before.dict(), after.dict()) {
            self.in_place(before, after, b"N");
        }
        self.in_place(old, new, b"AP");
        Ok(())
    }

    /// A signature's dictionary is an object that was not there before.
    fn is_new_value(&self, field: &Field) -> bool {
        match &field.value {
            Value::Ref(number, _) => *number >= self.old.size() && self.old.entry(*number).is_none(),
            Value::Dict(_) => true,
            _ => false,
        }
    }

    fn new_field(
        &mut self,
        number: u32,
        field: &Field,
        names: &mut BTreeSet<String>,
        sheet: Option<&f64>,
    ) -> Result<(), String> {
        let stray = field.dict.keys().find(|key| !FIELD_KEYS.contains(&&key[..]));
        let reused = self.old.entry(number).is_some();
        let valued = field.value == Value::Null || self.is_new_value(field);
        let fresh = !field.named || field.name.is_empty() || names.insert(field.name.clone());
        if fresh && !reused && place::is_empty(field, sheet) {
            self.tell(number, "Fields", Kind::Reserved);
            return Ok(());
        }
        if !field.is_signature() || stray.is_some() || reused || !valued || !fresh {
            let key = stray.map_or_else(|| "a new field".to_owned(), |key| String::from_utf8_lossy(key).into_owned());
            self.forbid(number, key);
            return Ok(());
        }
        let value = self.new.resolve(&field.value)?;
        let kind = match signed(&value, &field.name) {
            // A picture that nobody signed, or that only a timestamp stands behind, puts words on the page.
            Kind::Stamped if has_area(field) => Kind::Forbidden,
            _ if value == Value::Null && has_area(field) && field.dict.contains_key(&b"AP"[..]) => Kind::Forbidden,
            Kind::Signed { field: name } if has_area(field) => Kind::Pictured { field: name },
            other => other,
        };
        self.tell(number, "Fields", kind);
        Ok(())
    }
}

fn has_area(field: &Field) -> bool {
    field.rectangle().is_some_and(|corners| fields::area(corners) > 0.0)
}

fn signed(value: &Value, name: &str) -> Kind {
    let stamp = value.dict().and_then(|dict| dict.get(&b"SubFilter"[..])).and_then(Value::name);
    if stamp == Some(b"ETSI.RFC3161") { Kind::Stamped } else { Kind::Signed { field: name.to_owned() } }
}
