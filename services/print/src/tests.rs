//! Tests of the printer against a worker that misbehaves on command, and of the forms' data.

mod forms;
mod place;
mod printer;
mod stamp;
mod wire;
