//! Frames: a length of four bytes, big end first, and that many bytes.

use std::io::{self, Read, Write};
use tokio::io::{AsyncRead, AsyncReadExt};

/// Most bytes of one frame; a longer one means that the other side is not what it should be.
pub(crate) const FRAME_BYTES_MAX: usize = 48 << 20;

/// Appends one frame.
pub(crate) fn write(to: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    if bytes.len() > FRAME_BYTES_MAX {
        return Err(too_long(bytes.len()));
    }
    let length = u32::try_from(bytes.len()).map_err(|_| too_long(bytes.len()))?;
    to.write_all(&length.to_be_bytes())?;
    to.write_all(bytes)
}

/// The next frame, or nothing where the stream ends between frames.
pub(crate) fn read(from: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match from.read(&mut length[..1])? {
        0 => return Ok(None),
        _ => from.read_exact(&mut length[1..])?,
    }
    let mut bytes = vec![0; checked_len(length)?];
    from.read_exact(&mut bytes)?;
    Ok(Some(bytes))
}

/// The next frame; an end of the stream is an error.
pub(crate) async fn read_async(from: &mut (impl AsyncRead + Unpin)) -> io::Result<Vec<u8>> {
    let mut length = [0; 4];
    from.read_exact(&mut length).await?;
    let mut bytes = vec![0; checked_len(length)?];
    from.read_exact(&mut bytes).await?;
    Ok(bytes)
}

fn checked_len(length: [u8; 4]) -> io::Result<usize> {
    let len = u32::from_be_bytes(length) as usize;
    if len <= FRAME_BYTES_MAX { Ok(len) } else { Err(too_long(len)) }
}

fn too_long(len: usize) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("a frame of {len} bytes"))
}
