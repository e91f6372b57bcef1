//! Documents that are handed to a program on the reader's own computer, one after another, and how far that is.

use crate::html::components;
use askama::Template;

#[derive(Debug, Clone)]
struct Handed {
    title: String,
    address: String,
    request: String,
}

/// A list that the desk's script works off. It tells what the program said; the page at the end tells what became of it.
#[derive(Debug, Clone, Template)]
#[template(path = "tool_run.html")]
pub struct ToolRun {
    end: String,
    documents: Vec<Handed>,
}

components!(ToolRun);

impl ToolRun {
    /// Nothing yet; the browser goes to `end` when all is done.
    pub fn new(end: impl Into<String>) -> Self {
        Self { end: end.into(), documents: Vec::new() }
    }

    /// The next document: its title, the program's address, and the JSON that the program is told. `FileName` and
    /// `FileUploadHandler` in it begin at this site's root; the script completes them.
    pub fn document(
        mut self,
        title: impl Into<String>,
        address: impl Into<String>,
        request: impl Into<String>,
    ) -> Self {
        self.documents.push(Handed { title: title.into(), address: address.into(), request: request.into() });
        self
    }
}
