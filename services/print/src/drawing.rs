//! A page of a PDF as a picture, for somebody who has to point at a place on it.

use crate::PrintError;
use crate::frame::FRAME_BYTES_MAX;
use serde::{Deserialize, Serialize};

/// A page to draw. It is drawn by the worker, since the file may come from anywhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawing {
    /// The file; it travels in a frame of its own.
    #[serde(skip)]
    pub file: Vec<u8>,
    /// Page, from 0.
    pub page: usize,
    /// Pixels across; the height follows from the page, which is drawn as it is shown, turned and cropped.
    pub width: u16,
}

impl Drawing {
    pub(crate) fn check(&self) -> Result<(), PrintError> {
        let (bytes, bytes_max) = (self.file.len(), FRAME_BYTES_MAX);
        if bytes <= bytes_max { Ok(()) } else { Err(PrintError::TooLarge { bytes, bytes_max }) }
    }
}
