//! The fields of a form (ISO 32000-2, 12.7.4), with what they inherit.

use super::document::{Dict, Value, View, unicode};
use std::collections::BTreeSet;

/// Fields and widgets of a form, at most.
const FIELDS_MAX: usize = 20_000;
/// Fields within each other, at most.
const DEPTH_MAX: usize = 16;

/// A field or a widget of one, with what it inherits.
#[derive(Debug, Clone)]
pub struct Field {
    /// The object that holds it, when it is one of its own.
    pub object: Option<u32>,
    /// Full name, parts joined by dots.
    pub name: String,
    /// `Sig`, `Tx`, `Btn` or `Ch`.
    pub kind: Vec<u8>,
    pub dict: Dict,
    /// Its value (`V`) as it stands, its own or inherited; `Null` when there is none.
    pub value: Value,
    /// It says a name itself, so that it is a field and not only a widget.
    pub named: bool,
}

impl Field {
    /// Whether it is for a signature.
    pub fn is_signature(&self) -> bool {
        self.kind == b"Sig"
    }

    /// Lower left and upper right corner, in points.
    pub fn rectangle(&self) -> Option<[f64; 4]> {
        rectangle(self.dict.get(&b"Rect"[..])?)
    }
}

/// Four numbers with the corners in order.
pub fn rectangle(value: &Value) -> Option<[f64; 4]> {
    let numbers: Vec<f64> = value.array()?.iter().filter_map(Value::number).collect();
    let &[a, b, c, d] = &numbers[..] else { return None };
    Some([a.min(c), b.min(d), a.max(c), b.max(d)])
}

/// What two rectangles have in common, in square points.
pub fn common_area(a: [f64; 4], b: [f64; 4]) -> f64 {
    let width = a[2].min(b[2]) - a[0].max(b[0]);
    let height = a[3].min(b[3]) - a[1].max(b[1]);
    if width > 0.0 && height > 0.0 { width * height } else { 0.0 }
}

/// The area of a rectangle, in square points.
pub fn area(a: [f64; 4]) -> f64 {
    common_area(a, a)
}

/// The form of the catalog; empty when there is none.
///
/// # Errors
/// A damaged object.
pub fn form(view: View<'_, '_>) -> Result<Dict, String> {
    let (_, catalog) = view.catalog()?;
    Ok(view.at(&catalog, b"AcroForm")?.dict().cloned().unwrap_or_default())
}

/// All fields and widgets of the form.
///
/// # Errors
/// A damaged object, a circle, too many of them.
pub fn fields(view: View<'_, '_>) -> Result<Vec<Field>, String> {
    let form = form(view)?;
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let roots = view.at(&form, b"Fields")?;
    for item in roots.array().unwrap_or_default() {
        walk(view, item, &Above::default(), &mut seen, &mut found)?;
    }
    Ok(found)
}

/// What a field inherits.
struct Above {
    name: String,
    kind: Vec<u8>,
    value: Value,
    depth: usize,
}

impl Default for Above {
    fn default() -> Self {
        Self { name: String::new(), kind: Vec::new(), value: Value::Null, depth: 0 }
    }
}

fn walk(
    view: View<'_, '_>,
    item: &Value,
    above: &Above,
    seen: &mut BTreeSet<u32>,
    found: &mut Vec<Field>,
) -> Result<(), String> {
    let object = item.reference();
    let again = object.is_some_and(|number| !seen.insert(number));
    if again || above.depth > DEPTH_MAX || found.len() >= FIELDS_MAX {
        return Err("a form with a field in two places, or too many fields".to_owned());
    }
    let Value::Dict(dict) = view.resolve(item)? else { return Ok(()) };
    let own = view.at(&dict, b"T")?.text().map(unicode);
    let name = match &own {
        Some(own) if above.name.is_empty() => own.clone(),
        Some(own) => format!("{}.{own}", above.name),
        None => above.name.clone(),
    };
    let kind = view.at(&dict, b"FT")?.name().map_or_else(|| above.kind.clone(), <[u8]>::to_vec);
    let value = dict.get(&b"V"[..]).unwrap_or(&above.value).clone();
    let kids = view.at(&dict, b"Kids")?;
    let kids = kids.array().unwrap_or_default();
    let named = own.is_some();
    let below = Above { name: name.clone(), kind: kind.clone(), value: value.clone(), depth: above.depth + 1 };
    found.push(Field { object, name, kind, dict, value, named });
    for kid in kids {
        walk(view, kid, &below, seen, found)?;
    }
    Ok(())
}
