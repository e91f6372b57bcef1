//! The world as one job's template sees it: its own source, `letterhead.typ` and `places.typ`, `data.json`,
//! `job.json` and the job's assets. There is nothing else, neither files nor packages, so that a template cannot reach out.

use crate::fonts::FONTS;
use crate::{made_at, templates};
use print::{Job, Refusal, Template};
use std::collections::HashMap;
use std::sync::LazyLock;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

/// File name of the job's template.
pub(crate) const MAIN: &str = "main.typ";

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// One job's world.
pub(crate) struct JobWorld {
    name: String,
    main: FileId,
    files: HashMap<FileId, Bytes>,
    today: Option<Datetime>,
}

impl JobWorld {
    /// The world of `job`.
    pub(crate) fn new(job: &Job) -> Result<Self, Refusal> {
        let (name, source) = match &job.template {
            Template::Own { name, text } => (name, text.as_str()),
            Template::Named(name) => match templates::find(name) {
                Some(source) => (name, source),
                None => return Err(Refusal::UnknownTemplate { name: name.clone() }),
            },
        };
        let about = serde_json::json!({ "page": job.page, "made_at": job.made_at });
        let mut files: HashMap<FileId, Bytes> = HashMap::new();
        // Assets come first, so that none takes the place of a file below.
        for asset in &job.assets {
            files.insert(file_id(&asset.name)?, Bytes::new(asset.bytes.clone()));
        }
        for (shared, source) in templates::SHARED {
            files.insert(file_id(shared)?, Bytes::from_string(source));
        }
        files.insert(file_id("job.json")?, Bytes::from_string(about.to_string()));
        files.insert(file_id("data.json")?, Bytes::from_string(job.data.to_string()));
        let main = file_id(MAIN)?;
        files.insert(main, Bytes::from_string(source.to_owned()));
        Ok(Self { name: name.clone(), main, files, today: made_at(job) })
    }

    /// The template's name, for messages.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

fn file_id(name: &str) -> Result<FileId, Refusal> {
    let path = VirtualPath::new(name).map_err(|_| Refusal::Template {
        file: name.to_owned(),
        line: 0,
        message: "not a file name".to_owned(),
    })?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for JobWorld {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &FONTS.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let bytes = self.file(id)?;
        let text = std::str::from_utf8(&bytes).map_err(|_| FileError::InvalidUtf8)?;
        Ok(Source::new(id, text.to_owned()))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(&id).cloned().ok_or_else(|| FileError::NotFound(id.vpath().get_without_slash().into()))
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.faces.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        self.today
    }
}
