//! What goes over the worker's standard input and output.
//!
//! A job is one frame of JSON, which names the assets, and one frame for each of them. An answer is one frame:
//! a byte that says what follows, then the PDF, the refusal as JSON, or where things stand as JSON with its length
//! before it and the PDF after it. Both sides are the same executable, so there is no version to agree on.

use crate::{Asset, Job, Mark, Print, Refusal, Size, frame};
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Write};

const PDF: u8 = b'P';
const LAID_OUT: u8 = b'L';
const REFUSED: u8 = b'R';

#[derive(Serialize)]
struct HeaderOut<'a> {
    job: &'a Job,
    assets: Vec<&'a str>,
}

#[derive(Deserialize)]
struct HeaderIn {
    job: Job,
    assets: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Layout {
    pages: Vec<Size>,
    marks: Vec<Mark>,
}

/// The whole message of a job.
///
/// # Errors
/// When it is longer than a frame may be.
pub fn encode_job(job: &Job) -> io::Result<Vec<u8>> {
    let header = HeaderOut { job, assets: job.assets.iter().map(|a| a.name.as_str()).collect() };
    let mut message = Vec::new();
    frame::write(&mut message, &serde_json::to_vec(&header)?)?;
    for asset in &job.assets {
        frame::write(&mut message, &asset.bytes)?;
    }
    Ok(message)
}

/// The worker's side: the next job, or nothing when the server has closed the pipe.
///
/// # Errors
/// When the message is cut short or is not a job.
pub fn read_job(from: &mut impl Read) -> io::Result<Option<Job>> {
    let Some(header) = frame::read(from)? else {
        return Ok(None);
    };
    let HeaderIn { mut job, assets } = serde_json::from_slice(&header)?;
    for name in assets {
        let bytes = frame::read(from)?.ok_or(io::ErrorKind::UnexpectedEof)?;
        job.assets.push(Asset { name, bytes });
    }
    Ok(Some(job))
}

/// The worker's side: answers the job.
///
/// # Errors
/// When the server is gone or the PDF is longer than a frame may be.
pub fn write_answer(to: &mut impl Write, answer: &Result<Vec<u8>, Refusal>) -> io::Result<()> {
    let mut bytes;
    match answer {
        Ok(pdf) => {
            bytes = Vec::with_capacity(pdf.len() + 1);
            bytes.push(PDF);
            bytes.extend_from_slice(pdf);
        }
        Err(refusal) => {
            bytes = vec![REFUSED];
            serde_json::to_writer(&mut bytes, refusal)?;
        }
    }
    frame::write(to, &bytes)?;
    to.flush()
}

/// The worker's side: answers the job, and says where things stand in the document.
///
/// # Errors
/// As [`write_answer`].
pub fn write_print(to: &mut impl Write, answer: Result<Print, Refusal>) -> io::Result<()> {
    let Print { pdf, pages, marks } = match answer {
        Ok(print) => print,
        Err(refusal) => return write_answer(to, &Err(refusal)),
    };
    let layout = serde_json::to_vec(&Layout { pages, marks })?;
    let length = u32::try_from(layout.len()).map_err(|_| unknown("a layout of gigabytes"))?;
    let mut bytes = Vec::with_capacity(1 + 4 + layout.len() + pdf.len());
    bytes.push(LAID_OUT);
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(&layout);
    bytes.extend_from_slice(&pdf);
    frame::write(to, &bytes)?;
    to.flush()
}

/// The server's side: understands an answer.
pub(crate) fn decode_answer(mut bytes: Vec<u8>) -> io::Result<Result<Print, Refusal>> {
    match bytes.first() {
        Some(&PDF) => {
            bytes.remove(0);
            Ok(Ok(Print { pdf: bytes, ..Print::default() }))
        }
        Some(&LAID_OUT) => laid_out(bytes).map(Ok),
        Some(&REFUSED) => Ok(Err(serde_json::from_slice(&bytes[1..])?)),
        _ => Err(unknown("an answer of no known kind")),
    }
}

fn laid_out(mut bytes: Vec<u8>) -> io::Result<Print> {
    let (head, rest) = bytes[1..].split_first_chunk().ok_or_else(|| unknown("an answer cut short"))?;
    let length = u32::from_be_bytes(*head) as usize;
    let layout = rest.get(..length).ok_or_else(|| unknown("an answer cut short"))?;
    let Layout { pages, marks } = serde_json::from_slice(layout)?;
    bytes.drain(..1 + head.len() + length);
    Ok(Print { pdf: bytes, pages, marks })
}

fn unknown(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}
