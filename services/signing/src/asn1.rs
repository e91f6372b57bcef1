//! Reading DER without re-encoding it: hashes and signatures are over the bytes as they came.

use crate::SigningError;

/// Tag of SEQUENCE.
pub(crate) const SEQUENCE: u8 = 0x30;
/// Tag of `[0]` explicit or constructed.
pub(crate) const CONTEXT_0: u8 = 0xA0;
/// Tag of BIT STRING.
const BIT_STRING: u8 = 0x03;

/// One element: its tag, all of its bytes, and what is inside.
#[derive(Clone, Copy)]
pub(crate) struct Element<'a> {
    /// Identifier octet; tag numbers above 30 are not read.
    pub tag: u8,
    /// With header.
    pub whole: &'a [u8],
    /// Without header.
    pub inside: &'a [u8],
}

/// Takes the next element off `input`; nothing when it is not well formed.
pub(crate) fn next<'a>(input: &mut &'a [u8]) -> Option<Element<'a>> {
    let all: &'a [u8] = input;
    let (&tag, &first) = (all.first()?, all.get(1)?);
    let (header, length) = match first {
        0..=0x7F => (2, usize::from(first)),
        // Indefinite length is BER and not accepted; four bytes of length are more than any file here has.
        0x81..=0x84 => {
            let count = usize::from(first & 0x7F);
            let bytes = all.get(2..2 + count)?;
            (2 + count, bytes.iter().fold(0usize, |sum, byte| sum << 8 | usize::from(*byte)))
        }
        _ => return None,
    };
    let end = header.checked_add(length)?;
    let element = Element { tag, whole: all.get(..end)?, inside: &all[header..end] };
    *input = &all[end..];
    (tag & 0x1F != 0x1F).then_some(element)
}

/// The only element in `input`, which must have `tag` and fill it.
pub(crate) fn only(mut input: &[u8], tag: u8) -> Option<Element<'_>> {
    let element = next(&mut input)?;
    (element.tag == tag && input.is_empty()).then_some(element)
}

/// A certificate, CRL or OCSP response taken apart: what is signed, how, and the signature.
pub(crate) struct Signed<'a> {
    /// The signed bytes.
    pub content: &'a [u8],
    /// AlgorithmIdentifier, as DER.
    pub algorithm: &'a [u8],
    /// The signature's bytes.
    pub signature: &'a [u8],
}

/// Takes `SEQUENCE { content, AlgorithmIdentifier, BIT STRING, … }` apart (RFC 5280, 4.1; RFC 6960, 4.2.1).
pub(crate) fn signed(der: &[u8]) -> Option<Signed<'_>> {
    let mut inside = only(der, SEQUENCE)?.inside;
    let content = next(&mut inside)?.whole;
    let algorithm = next(&mut inside)?.whole;
    let bits = next(&mut inside)?;
    let (&unused, signature) = bits.inside.split_first()?;
    (bits.tag == BIT_STRING && unused == 0).then_some(Signed { content, algorithm, signature })
}

/// Writes `tag`, the length and `inside`.
pub(crate) fn element(tag: u8, inside: &[u8]) -> Vec<u8> {
    let length = inside.len();
    let mut out = vec![tag];
    if length < 0x80 {
        out.push(length as u8);
    } else {
        let bytes = length.to_be_bytes();
        let skip = bytes.iter().take_while(|byte| **byte == 0).count();
        out.push(0x80 | (bytes.len() - skip) as u8);
        out.extend_from_slice(&bytes[skip..]);
    }
    out.extend_from_slice(inside);
    out
}

/// SET OF in DER: elements in the order of their bytes (X.690, 11.6).
pub(crate) fn set_of(tag: u8, mut elements: Vec<Vec<u8>>) -> Vec<u8> {
    elements.sort();
    element(tag, &elements.concat())
}

/// An ECDSA signature of r and s side by side as `SEQUENCE { r INTEGER, s INTEGER }` (RFC 3279, 2.2.3).
pub(crate) fn ecdsa(raw: &[u8]) -> Vec<u8> {
    let integer = |half: &[u8]| {
        let skip = half.iter().take_while(|byte| **byte == 0).count();
        let mut bytes = half[skip..].to_vec();
        if bytes.first().is_none_or(|first| *first >= 0x80) {
            bytes.insert(0, 0);
        }
        element(0x02, &bytes)
    };
    let (r, s) = raw.split_at(raw.len() / 2);
    element(SEQUENCE, &[integer(r), integer(s)].concat())
}

/// Bytes from the system's random source.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], SigningError> {
    let mut bytes = [0; N];
    ring::rand::SecureRandom::fill(&ring::rand::SystemRandom::new(), &mut bytes)
        .map_err(|_| SigningError::Internal("no random bytes".to_owned()))?;
    Ok(bytes)
}
