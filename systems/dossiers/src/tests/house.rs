//! The world behind a router, with a gate that believes a header: sign-in is tested where it is made.

use super::world::{MODULES, Person, World};
use crate::{DOSSIERS_DELIVER, DOSSIERS_HANDLE, DOSSIERS_REASSIGN, DOSSIERS_RECEIVE, DOSSIERS_SEE, DOSSIERS_SEE_LOOKS};
use calendar::Calendars;
use directory::{Directory, Rules};
use http::request::Parts;
use http::{Extensions, Uri};
use print::Printer;
use records::look::Looks;
use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use testkit::{Client, TestDatabase};
use types::{Error, Id, Result};
use web::{Draw, Gate, HeldPost, House, Officer, Page, Permission, Settings, Who};

/// The header that says who asks.
const OFFICER: &str = "x-officer";

struct Believing(HashMap<String, Who>);

impl Gate for Believing {
    fn identify<'a>(
        &'a self,
        _: &'a House,
        parts: &'a Parts,
    ) -> Pin<Box<dyn Future<Output = Result<Who>> + Send + 'a>> {
        let name = parts.headers.get(OFFICER).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let who = self.0.get(name).cloned().unwrap_or_default();
        Box::pin(async move { Ok(who) })
    }
}

struct Plain;

impl Draw for Plain {
    fn page(&self, _: &House, _: &Who, _: &Uri, page: &Page) -> String {
        format!("<!doctype html><title>{}</title><main>{}</main>", page.title, page.body)
    }

    fn error(&self, _: &Who, error: &Error, _: i64) -> Page {
        Page::bare("Lỗi", format!("<p>{error}</p>"))
    }
}

/// The world with its pages.
pub struct Site {
    pub world: Arc<World>,
    pub looks: Looks,
    router: axum::Router,
}

fn who(world: &World, person: Person, (unit, title): (Id, &str), permissions: &[&Permission]) -> Who {
    let post = HeldPost {
        id: person.post,
        title: title.to_owned(),
        unit,
        unit_name: world.tree.name(unit).to_owned(),
        permissions: permissions.iter().map(|p| p.name.to_owned()).collect(),
        stand_in: false,
    };
    let officer = Officer { id: person.officer, name: title.to_owned(), session: None, posts: vec![post] };
    Who { officer: Some(Arc::new(officer)), ..Who::default() }
}

impl Site {
    /// A world with its pages on this database.
    pub fn new(database: &TestDatabase) -> Self {
        Self::of(database, World::new(database))
    }

    /// The pages of this world.
    pub fn of(database: &TestDatabase, world: World) -> Self {
        let world = Arc::new(world);
        let (see, handle) = (&DOSSIERS_SEE, &DOSSIERS_HANDLE);
        let commune = world.commune;
        let mut people = HashMap::new();
        let counter = &[see, handle, &DOSSIERS_RECEIVE, &DOSSIERS_DELIVER, &DOSSIERS_SEE_LOOKS][..];
        people.insert("counter".to_owned(), who(&world, world.counter, (commune, "Một cửa"), counter));
        let desks =
            [("specialist", world.specialist), ("head", world.head), ("leader", world.leader), ("clerk", world.clerk)];
        for (name, person) in desks {
            people.insert(name.to_owned(), who(&world, person, (commune, name), &[see, handle]));
        }
        let all = &[see, handle, &DOSSIERS_RECEIVE, &DOSSIERS_DELIVER, &DOSSIERS_SEE_LOOKS][..];
        people.insert("stranger".to_owned(), who(&world, world.stranger, (world.neighbour, "Người lạ"), all));
        let top = *world.tree.line(commune).last().expect("a unit has a line");
        people.insert("province".to_owned(), who(&world, world.head, (top, "Văn phòng tỉnh"), &[see]));
        let chief = &[see, handle, &DOSSIERS_REASSIGN][..];
        people.insert("chief".to_owned(), who(&world, world.leader, (commune, "Phó Chủ tịch"), chief));
        // The leader's stand-in is the specialist.
        let mut stand_in = people["specialist"].clone();
        let held = people["leader"].posts().next().cloned().expect("the leader has a post");
        let officer = Arc::make_mut(stand_in.officer.as_mut().expect("an officer"));
        officer.posts.push(HeldPost { stand_in: true, title: "Phó Chủ tịch".to_owned(), ..held });
        people.insert("stand-in".to_owned(), stand_in);
        let mut services = Extensions::new();
        services.insert(Directory::open(&database.dir, world.clock.clone(), Rules::default()).unwrap());
        let looks = Looks::default();
        services.insert(looks.clone());
        services.insert(Calendars::new());
        services.insert(world.procedures.clone());
        services.insert(world.files.clone());
        // No worker: these tests look at the job's data, the typesetter's own tests at the PDF.
        services.insert(Printer::new(print::Settings::of("/bin/false".into(), [""; 0])));
        let settings = Settings {
            data: database.dir.clone(),
            public_url: "https://phuckhe.example".to_owned(),
            demo: true,
            secure_cookies: false,
        };
        let seams: (Box<dyn Gate>, Box<dyn Draw>) = (Box::new(Believing(people)), Box::new(Plain));
        let house = House::new(world.store.clone(), MODULES, settings, seams, services);
        Self { router: web::router(&house), looks, world }
    }

    /// A browser of a person of the world.
    pub fn client(&self, name: &str) -> Client {
        Client::new(&self.router).header(OFFICER, name)
    }
}
