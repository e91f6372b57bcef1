//! One request of the table: how it is built, who may send it, and what the others are answered.

use crate::world::{Person, Rank, World};
use serde_json::Value;
use testkit::{Answer, Client, Form, Part};
use types::Id;
use web::Route;

/// What is sent.
#[derive(Clone)]
pub enum Sent {
    Get(String),
    Form(Form),
    Fields(String, Vec<(&'static str, String)>),
    Files(String, Vec<Part>),
    /// Path, command id, body.
    Json(String, String, Value),
    /// Path, command id, parts: what a program uploads.
    Upload(String, String, Vec<Part>),
}

impl Sent {
    pub fn get(path: impl Into<String>) -> Self {
        Self::Get(path.into())
    }

    /// A body for the interface for programs, under a command id of its own.
    pub fn json(path: impl Into<String>, body: Value) -> Self {
        Self::Json(path.into(), testkit::fresh_command().as_str().to_owned(), body)
    }

    /// Sends it as somebody.
    pub fn by(&self, client: &Client) -> Answer {
        let mut client = client.clone();
        match self {
            Self::Get(path) => client.get(path),
            Self::Form(form) => client.submit(form),
            Self::Fields(path, fields) => {
                let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                client.post(path, &fields)
            }
            Self::Files(path, parts) => client.post_multipart(path, parts),
            Self::Json(path, key, body) => client.header("idempotency-key", key).post_json(path, body),
            Self::Upload(path, key, parts) => client.header("idempotency-key", key).post_multipart(path, parts),
        }
    }
}

/// A request with whoever may send it.
pub struct Asked {
    pub sent: Sent,
    /// The browser or program that sends it.
    pub client: Client,
    /// Whom the audit must name; nobody where anyone may ask.
    pub officer: Option<Id>,
}

impl Asked {
    /// By an officer at a browser.
    pub fn browser(person: &Person, sent: Sent) -> Self {
        Self { sent, client: person.browser.clone(), officer: Some(person.officer) }
    }

    /// By a program with an officer's token.
    pub fn program(person: &Person, sent: Sent) -> Self {
        Self { sent, client: person.program.clone(), officer: Some(person.officer) }
    }

    /// By somebody unknown.
    pub fn anyone(world: &World, sent: Sent) -> Self {
        Self { sent, client: world.stranger(), officer: None }
    }
}

/// What an officer is answered who may not.
#[derive(Debug, Clone, Copy)]
pub enum Outsider {
    /// 404: one may not know of it.
    NotThere,
    /// 403.
    Forbidden,
    /// 422: the form names what this officer cannot choose.
    NotOffered,
    /// The page, without what stood on it for whoever may.
    SeesNothing,
    /// The same answer; the reason says why there is nothing of a unit in it.
    Shared(&'static str),
    /// It would act on whoever sends it, so nobody else sends it.
    ActsOnOneself(&'static str),
}

/// What the answer shows to whoever may see it, and to nobody else.
type Needle = Box<dyn Fn(&World, &Asked) -> String>;

/// A request of the table.
pub struct Case {
    pub method: &'static str,
    /// As the route declares it.
    pub path: &'static str,
    pub ask: Box<dyn Fn(&World) -> Asked>,
    /// Who sends it in the neighbour commune.
    pub rank: Rank,
    pub neighbour: Outsider,
    /// An officer of the commune with every permission but the one that is needed; with no post where none is.
    pub bystander: Outsider,
    /// A text that stands on the page of whoever may, and on no outsider's.
    pub needle: Option<Needle>,
    /// Why no audit entry names the officer.
    pub unaudited: Option<&'static str>,
    /// Why sending it twice acts twice or is refused.
    pub twice: Option<&'static str>,
}

impl Case {
    fn new(method: &'static str, path: &'static str, rank: Rank, ask: impl Fn(&World) -> Asked + 'static) -> Self {
        Self {
            method,
            path,
            ask: Box::new(ask),
            rank,
            neighbour: Outsider::NotThere,
            bystander: Outsider::Forbidden,
            needle: None,
            unaudited: None,
            twice: None,
        }
    }

    /// `GET /ho-so/{code}`
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Whether it tries this route.
    pub fn is_of(&self, route: &Route) -> bool {
        route.method.as_str() == self.method && route.path == self.path
    }

    pub fn neighbour(self, neighbour: Outsider) -> Self {
        Self { neighbour, ..self }
    }

    pub fn bystander(self, bystander: Outsider) -> Self {
        Self { bystander, ..self }
    }

    /// Both are answered alike.
    pub fn outsiders(self, both: Outsider) -> Self {
        Self { neighbour: both, bystander: both, ..self }
    }

    /// The neighbour sees the page without `needle`.
    pub fn hides(mut self, needle: impl Fn(&World, &Asked) -> String + 'static) -> Self {
        self.neighbour = Outsider::SeesNothing;
        self.needle = Some(Box::new(needle));
        self
    }

    pub fn unaudited(self, why: &'static str) -> Self {
        Self { unaudited: Some(why), ..self }
    }

    pub fn twice(self, why: &'static str) -> Self {
        Self { twice: Some(why), ..self }
    }
}

/// A page for somebody of a rank.
pub fn get(path: &'static str, rank: Rank, at: impl Fn(&World) -> String + 'static) -> Case {
    Case::new("GET", path, rank, move |world| Asked::browser(world.person(rank), Sent::Get(at(world))))
}

/// A form that somebody of a rank sends.
pub fn post(path: &'static str, rank: Rank, form: impl Fn(&World) -> Form + 'static) -> Case {
    Case::new("POST", path, rank, move |world| Asked::browser(world.person(rank), Sent::Form(form(world))))
}

/// Any request.
pub fn ask(method: &'static str, path: &'static str, rank: Rank, ask: impl Fn(&World) -> Asked + 'static) -> Case {
    Case::new(method, path, rank, ask)
}
