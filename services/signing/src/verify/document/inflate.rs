//! Decodes the streams that carry structure: FlateDecode with the PNG predictors (ISO 32000-2, 7.4.4), within a limit.

use super::reader::Read;
use super::value::{Dict, Stream, Value};
use std::io::Read as _;

/// The bytes of a cross-reference or object stream, at most `limit` of them.
///
/// # Errors
/// Another filter, broken data, more bytes than the limit.
pub fn decoded(stream: &Stream, limit: usize) -> Read<Vec<u8>> {
    let filter = match stream.dict.get(&b"Filter"[..]) {
        Some(Value::Array(items)) if items.is_empty() => None,
        Some(Value::Array(items)) if items.len() == 1 => items.first(),
        Some(Value::Array(_)) => return Err("a structure stream with several filters".to_owned()),
        other => other,
    };
    let parms = match stream.dict.get(&b"DecodeParms"[..]) {
        Some(Value::Array(items)) => items.first(),
        other => other,
    };
    let Some(filter) = filter else { return Ok(stream.raw.clone()) };
    if filter.name() != Some(b"FlateDecode") {
        return Err("a structure stream with another filter than FlateDecode".to_owned());
    }
    let mut plain = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let read = flate2::read::ZlibDecoder::new(&stream.raw[..]).take(most).read_to_end(&mut plain);
    read.map_err(|e| format!("a structure stream that does not unpack: {e}"))?;
    if plain.len() > limit {
        return Err("a structure stream that unpacks to too much".to_owned());
    }
    parms.and_then(Value::dict).map_or(Ok(plain.clone()), |parms| unpredicted(&plain, parms))
}

fn unpredicted(data: &[u8], parms: &Dict) -> Read<Vec<u8>> {
    let number = |key: &[u8], otherwise: i64| parms.get(key).and_then(Value::int).unwrap_or(otherwise);
    let (predictor, colors, bits) = (number(b"Predictor", 1), number(b"Colors", 1), number(b"BitsPerComponent", 8));
    if predictor == 1 {
        return Ok(data.to_vec());
    }
    let columns = usize::try_from(number(b"Columns", 1)).unwrap_or(0);
    if !(10..=15).contains(&predictor) || colors != 1 || bits != 8 || !(1..=4096).contains(&columns) {
        return Err("a predictor that structure streams do not use".to_owned());
    }
    let mut out: Vec<u8> = Vec::with_capacity(data.len());
    let mut above = vec![0_u8; columns];
    for line in data.chunks(columns + 1) {
        let Some((kind, line)) = line.split_first() else { break };
        let mut row = vec![0_u8; columns];
        for (i, byte) in line.iter().enumerate() {
            let left = if i == 0 { 0 } else { row[i - 1] };
            let corner = if i == 0 { 0 } else { above[i - 1] };
            let guess = match kind {
                0 => 0,
                1 => left,
                2 => above[i],
                3 => u8::midpoint(left, above[i]),
                4 => paeth(left, above[i], corner),
                _ => return Err("an unknown predictor of a row".to_owned()),
            };
            row[i] = byte.wrapping_add(guess);
        }
        out.extend_from_slice(&row[..line.len()]);
        above = row;
    }
    Ok(out)
}

/// The PNG specification's third-order guess.
fn paeth(left: u8, above: u8, corner: u8) -> u8 {
    let (a, b, c) = (i16::from(left), i16::from(above), i16::from(corner));
    let guess = a + b - c;
    let (from_a, from_b, from_c) = ((guess - a).abs(), (guess - b).abs(), (guess - c).abs());
    if from_a <= from_b && from_a <= from_c {
        left
    } else if from_b <= from_c {
        above
    } else {
        corner
    }
}
