//! Tests of components as pages use them.

mod assets;
mod form;
mod format;
mod markup;
mod page;
