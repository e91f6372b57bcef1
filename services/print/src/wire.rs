//! What goes over the worker's standard input and output.
//!
//! A job is one frame of JSON, which names the assets, and one frame for each of them; a page to draw is one frame of JSON
//! and one with the file. An answer is one frame: a byte that says what follows, then the PDF, the picture, the refusal as
//! JSON, or where things stand as JSON with its length before it and the PDF after it. Both sides are the same executable,
//! so there is no version to agree on.

use crate::{Asset, Drawing, Job, Mark, Print, Refusal, Size, frame};
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Write};

const LAID_OUT: u8 = b'L';
const DRAWN: u8 = b'D';
const REFUSED: u8 = b'R';

/// What a worker is asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Order {
    /// A document to typeset.
    Job(Job),
    /// A page to draw.
    Drawing(Drawing),
}

/// What a worker made.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Answer {
    Print(Print),
    /// PNG.
    Picture(Vec<u8>),
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum HeaderOut<'a> {
    Job { job: &'a Job, assets: Vec<&'a str> },
    Drawing(&'a Drawing),
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum HeaderIn {
    Job { job: Job, assets: Vec<String> },
    Drawing(Drawing),
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
    let header = HeaderOut::Job { job, assets: job.assets.iter().map(|a| a.name.as_str()).collect() };
    let mut message = Vec::new();
    frame::write(&mut message, &serde_json::to_vec(&header)?)?;
    for asset in &job.assets {
        frame::write(&mut message, &asset.bytes)?;
    }
    Ok(message)
}

/// The whole message that asks for a page.
///
/// # Errors
/// When the file is longer than a frame may be.
pub fn encode_drawing(drawing: &Drawing) -> io::Result<Vec<u8>> {
    let mut message = Vec::with_capacity(drawing.file.len() + 256);
    frame::write(&mut message, &serde_json::to_vec(&HeaderOut::Drawing(drawing))?)?;
    frame::write(&mut message, &drawing.file)?;
    Ok(message)
}

/// The worker's side: the next order, or nothing when the server has closed the pipe.
///
/// # Errors
/// When the message is cut short or is no order.
pub fn read_order(from: &mut impl Read) -> io::Result<Option<Order>> {
    let Some(header) = frame::read(from)? else {
        return Ok(None);
    };
    let mut next = || frame::read(from)?.ok_or(io::Error::from(io::ErrorKind::UnexpectedEof));
    Ok(Some(match serde_json::from_slice(&header)? {
        HeaderIn::Job { mut job, assets } => {
            for name in assets {
                job.assets.push(Asset { name, bytes: next()? });
            }
            Order::Job(job)
        }
        HeaderIn::Drawing(mut drawing) => {
            drawing.file = next()?;
            Order::Drawing(drawing)
        }
    }))
}

/// The worker's side: answers the job, and says where things stand in the document.
///
/// # Errors
/// When the server is gone or the PDF is longer than a frame may be.
pub fn write_print(to: &mut impl Write, answer: Result<Print, Refusal>) -> io::Result<()> {
    let Print { pdf, pages, marks } = match answer {
        Ok(print) => print,
        Err(refusal) => return write_refusal(to, &refusal),
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

/// The worker's side: answers with a picture.
///
/// # Errors
/// As [`write_print`].
pub fn write_picture(to: &mut impl Write, answer: &Result<Vec<u8>, Refusal>) -> io::Result<()> {
    match answer {
        Ok(picture) => write_kind(to, DRAWN, picture),
        Err(refusal) => write_refusal(to, refusal),
    }
}

fn write_refusal(to: &mut impl Write, refusal: &Refusal) -> io::Result<()> {
    write_kind(to, REFUSED, &serde_json::to_vec(refusal)?)
}

fn write_kind(to: &mut impl Write, kind: u8, content: &[u8]) -> io::Result<()> {
    let mut bytes = Vec::with_capacity(1 + content.len());
    bytes.push(kind);
    bytes.extend_from_slice(content);
    frame::write(to, &bytes)?;
    to.flush()
}

/// The server's side: understands an answer.
pub(crate) fn decode_answer(mut bytes: Vec<u8>) -> io::Result<Result<Answer, Refusal>> {
    match bytes.first() {
        Some(&LAID_OUT) => laid_out(bytes).map(|print| Ok(Answer::Print(print))),
        Some(&DRAWN) => {
            bytes.remove(0);
            Ok(Ok(Answer::Picture(bytes)))
        }
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
