//! A PDF object (ISO 32000-2, 7.3), and the questions that are asked of one.

use std::collections::BTreeMap;

/// Keys and values of a dictionary, keys without the slash and with `#xx` resolved.
pub type Dict = BTreeMap<Vec<u8>, Value>;

/// One object. References are kept as they stand; [`super::View::resolve`] follows them.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Real(f64),
    Text(Vec<u8>),
    Name(Vec<u8>),
    Array(Vec<Value>),
    Dict(Dict),
    Stream(Stream),
    Ref(u32, u16),
}

/// A stream: its dictionary and the bytes as they stand in the file, not decoded.
#[derive(Debug, Clone, PartialEq)]
pub struct Stream {
    pub dict: Dict,
    pub raw: Vec<u8>,
}

impl Value {
    /// The dictionary of a dictionary or of a stream.
    pub fn dict(&self) -> Option<&Dict> {
        match self {
            Self::Dict(dict) => Some(dict),
            Self::Stream(stream) => Some(&stream.dict),
            _ => None,
        }
    }

    pub fn array(&self) -> Option<&[Value]> {
        if let Self::Array(items) = self { Some(items) } else { None }
    }

    pub fn name(&self) -> Option<&[u8]> {
        if let Self::Name(name) = self { Some(name) } else { None }
    }

    pub fn text(&self) -> Option<&[u8]> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub fn int(&self) -> Option<i64> {
        if let Self::Int(n) = self { Some(*n) } else { None }
    }

    /// A number of either kind.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Int(n) => Some(*n as f64),
            Self::Real(n) => Some(*n),
            _ => None,
        }
    }

    pub fn reference(&self) -> Option<u32> {
        if let Self::Ref(number, _) = self { Some(*number) } else { None }
    }

    /// The numbers of all objects this one refers to directly.
    pub fn references(&self, into: &mut Vec<u32>) {
        match self {
            Self::Ref(number, _) => into.push(*number),
            Self::Array(items) => items.iter().for_each(|item| item.references(into)),
            Self::Dict(dict) | Self::Stream(Stream { dict, .. }) => {
                dict.values().for_each(|value| value.references(into));
            }
            _ => {}
        }
    }
}

/// A text string (ISO 32000-2, 7.9.2.2) as Unicode: UTF-16BE or UTF-8 with their marks, otherwise read as Latin-1,
/// which PDFDocEncoding is for letters.
pub fn unicode(text: &[u8]) -> String {
    match text {
        [0xFE, 0xFF, rest @ ..] => {
            let units: Vec<u16> = rest.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        other => other.iter().map(|byte| char::from(*byte)).collect(),
    }
}
