//! A small world: a province, a commune with the five kinds of post and a deputy, and a neighbour commune whose
//! officer exists only to be refused.

use crate::dossier::{self, Applicant, Dossier};
use crate::procedure::form::APPLICANT_IDENTITY;
use crate::stored::{self, Procedures, StoredProcedure};
use crate::verbs::receive::{self, Receive, Received};
use crate::verbs::{Acting, finish, pass};
use crate::{due, procedure};
use calendar::WorkingCalendar;
use directory::officer::OfficerEntry;
use directory::post::PostEntry;
use directory::role::{self, RoleEntry};
use directory::{Keys, PostKind, UnitEntry, UnitKind, UnitTree, setup};
use files::{FileStore, Kept};
use std::sync::Arc;
use store::migrate::ModuleMigrations;
use store::{Actor, Command, Options, Store, Tx};
use testkit::{TestDatabase, clock, fresh_command, options_at};
use types::time::SetClock;
use types::{Day, Id, Result};
use web::Module;

/// The modules below this one, and this one.
pub static MODULES: &[&Module] =
    &[&directory::MODULE, &calendar::MODULE, &files::MODULE, &records::MODULE, &signatures::MODULE, &crate::MODULE];

/// Marriage status: three working days, five steps.
pub const STATUS: &str = "1.004873";
/// Birth: the same day, four steps.
pub const BIRTH: &str = "1.001193";

/// The number of everybody who hands something in.
pub const NUMBER: &str = "099198000217";

/// Somebody in a post.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    pub officer: Id,
    pub post: Id,
}

pub struct World {
    pub store: Store,
    pub clock: Arc<SetClock>,
    pub tree: Arc<UnitTree>,
    pub calendar: Arc<WorkingCalendar>,
    pub procedures: Procedures,
    pub commune: Id,
    pub neighbour: Id,
    pub counter: Person,
    pub specialist: Person,
    pub head: Person,
    pub leader: Person,
    pub clerk: Person,
    /// Specialist of the neighbour commune.
    pub stranger: Person,
    pub result: Kept,
    pub files: FileStore,
    pub keys: Keys,
}

/// People in the order of the process, with their posts.
const PEOPLE: [(PostKind, &str, &str); 5] = [
    (PostKind::Counter, "Cán bộ một cửa", "Lò Thị Mẩy"),
    (PostKind::Specialist, "Công chức Tư pháp – Hộ tịch", "Chẩu Thị Xuyến Chi"),
    (PostKind::Head, "Trưởng phòng Văn hóa – Xã hội", "Đặng Đình Ưởng"),
    (PostKind::Leader, "Phó Chủ tịch", "Nguyễn Thị Mỹ Hạnh"),
    (PostKind::Clerk, "Văn thư", "Huỳnh Ngọc Ẩn"),
];

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

impl World {
    /// At eight o'clock on Friday 20 November 2026; the Tuesday after is a holiday.
    pub fn new(database: &TestDatabase) -> Self {
        Self::over(database, |options| options)
    }

    /// The same over a store with these options.
    pub fn over(database: &TestDatabase, options: impl FnOnce(Options) -> Options) -> Self {
        let migrations: Vec<ModuleMigrations> = MODULES.iter().map(|m| (m.name, m.migrations)).collect();
        database.migrate(&migrations);
        let clock = clock("2026-11-20T08:00");
        let store = database.open_with(options(options_at(&clock)));
        let made = write(&store, |tx| {
            let province = unit(tx, "Tỉnh Mây Thượng", "H99", UnitKind::Province, None)?;
            let commune = unit(tx, "Xã Phúc Khê", "H99.01", UnitKind::Commune, Some(province))?;
            let neighbour = unit(tx, "Xã Vân Khê", "H99.02", UnitKind::Commune, Some(province))?;
            let mut people = Vec::new();
            for (kind, title, name) in PEOPLE {
                people.push(person(tx, commune, (kind, title), name)?);
            }
            people.push(person(tx, neighbour, (PostKind::Specialist, "Công chức Tư pháp – Hộ tịch"), "Y Moan Êban")?);
            let people: Vec<(Id, Id)> = people.into_iter().map(|p| (p.officer, p.post)).collect();
            Ok((commune, neighbour, people))
        });
        for (_, text) in procedure::catalogue::FILES {
            write(&store, move |tx| stored::import(tx, text).map(|_| ()));
        }
        let (commune, neighbour, people) = made;
        let at = |i: usize| Person { officer: people[i].0, post: people[i].1 };
        let tree = store.read_blocking(|r| UnitTree::load(r, day("2026-11-20"))).unwrap();
        let files = FileStore::open(&database.dir).unwrap();
        let result = files.keep_bytes("Giấy xác nhận.pdf", b"%PDF-1.7 ket qua").unwrap();
        Self {
            clock,
            tree: Arc::new(tree),
            calendar: Arc::new(WorkingCalendar::standard()),
            procedures: Procedures::default(),
            commune,
            neighbour,
            counter: at(0),
            specialist: at(1),
            head: at(2),
            leader: at(3),
            clerk: at(4),
            stranger: at(5),
            result,
            files,
            keys: Keys::open(&database.dir).unwrap(),
            store,
        }
    }

    /// Imports a definition as an administrator does.
    pub fn import(&self, text: &str) {
        let text = text.to_owned();
        write(&self.store, move |tx| stored::import(tx, &text).map(|_| ()));
    }

    /// Another commune, which receives nothing.
    pub fn add_unit(&mut self, n: usize, parent: Id) {
        let (name, code) = (format!("Xã Mới {n}"), format!("H99.8{n}"));
        write(&self.store, move |tx| unit(tx, &name, &code, UnitKind::Commune, Some(parent)));
        self.tree = Arc::new(self.store.read_blocking(|r| UnitTree::load(r, day("2026-11-20"))).unwrap());
    }

    /// Puts the clock to a wall-clock time in Viet Nam.
    pub fn at(&self, local: &str) {
        self.clock.set(local.parse().unwrap());
    }

    /// The newest version of a procedure.
    pub fn procedure(&self, code: &str) -> StoredProcedure {
        let today = self.store.now().day();
        self.store.read_blocking(|r| self.procedures.in_force(r, code, today)).unwrap()
    }

    /// A command of a person.
    pub fn command(&self, person: Person, verb: &'static str) -> Command {
        let mut command =
            self.store.command(fresh_command(), verb, Actor::Officer { id: person.officer, on_behalf_of: None });
        command.ids = self.store.system_command("test.ids", 200).ids;
        command
    }

    /// A dossier of this procedure for a party of this name, ready to be received now.
    pub fn new_dossier(&self, code: &str, name: &str) -> Receive {
        let stored = self.procedure(code);
        let now = self.store.now();
        let keys = ["child_name", "subject_name", "applicant_name"];
        Receive {
            unit: self.commune,
            unit_code: "H99.01".to_owned(),
            tree: self.tree.clone(),
            procedure: stored.id,
            calendar: self.calendar.clone(),
            case: None,
            channel: "counter".to_owned(),
            applicant: Applicant {
                name: name.to_owned(),
                phone: Some("0912345678".to_owned()),
                address: Some("Thôn Chợ Mới, xã Phúc Khê".to_owned()),
                email: None,
            },
            values: keys
                .map(|key| (key, name))
                .into_iter()
                .chain([(APPLICANT_IDENTITY, NUMBER)])
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .collect(),
            keys: self.keys.clone(),
            papers: Vec::new(),
            return_way: "counter".to_owned(),
            post: Some(self.counter.post),
            next_post: None,
            track_token: format!("{:032x}", rand::random::<u128>()),
            due_at: due::promised(&stored.definition, None, &self.calendar, now).unwrap(),
            definition: stored.definition,
        }
    }

    /// Receives a dossier at the counter.
    pub fn receive(&self, code: &str, name: &str) -> Received {
        let new = self.new_dossier(code, name);
        let command = self.command(self.counter, "dossiers.receive");
        self.store.write_blocking(command, move |tx| receive::receive(tx, &new)).unwrap()
    }

    /// The dossier as it now is.
    pub fn dossier(&self, code: &str) -> Dossier {
        self.store.read_blocking(|r| dossier::by_code(r, code)).unwrap().unwrap()
    }

    /// What a verb is given when `person` acts on a dossier.
    pub fn acting(&self, person: Person, code: &str, revision: Option<i64>) -> Acting {
        let id = self.dossier(code).procedure;
        let stored = self.store.read_blocking(|r| self.procedures.by_id(r, id)).unwrap();
        Acting {
            code: code.to_owned(),
            revision,
            officer: person.officer,
            posts: vec![person.post],
            definition: stored.definition,
            calendar: self.calendar.clone(),
            tree: self.tree.clone(),
        }
    }

    /// Lets a person do something with a dossier.
    pub fn act<F>(&self, person: Person, code: &str, verb: F) -> Result<()>
    where
        F: Fn(&mut Tx<'_>, &Acting) -> Result<()> + Send + 'static,
    {
        let acting = self.acting(person, code, None);
        let command = self.command(person, "dossiers.test");
        self.store.write_blocking(command, move |tx| verb(tx, &acting))
    }

    /// Another officer in a post of the commune.
    pub fn seat(&self, kind: PostKind, title: &'static str, name: &'static str) -> Person {
        let unit = self.commune;
        let (officer, post) = write(&self.store, move |tx| {
            let made = person(tx, unit, (kind, title), name)?;
            Ok((made.officer, made.post))
        });
        Person { officer, post }
    }

    /// Lets somebody's post do something more.
    pub fn grant(&self, person: Person, permission: &'static str) {
        let unit = self.commune;
        write(&self.store, move |tx| {
            let permissions = [permission.to_owned()].into();
            let entry = RoleEntry { name: format!("{permission} {}", person.post), preset: None, permissions };
            let role = role::create(tx, unit, &entry)?;
            role::grant(tx, person.post, role, (day("2025-07-01"), None))
        });
    }

    /// Passes a dossier on to the best match.
    pub fn pass(&self, person: Person, code: &str) -> Result<()> {
        self.act(person, code, |tx, acting| pass::pass(tx, acting, &pass::Pass::default()))
    }

    /// Finishes a dossier with a result.
    pub fn finish(&self, person: Person, code: &str) -> Result<()> {
        let kept = self.result.clone();
        self.act(person, code, move |tx, acting| {
            let file = files::enter(tx, &kept)?;
            let name = "Giấy xác nhận tình trạng hôn nhân".to_owned();
            let number = Some("15/UBND-XNTTHN".to_owned());
            let results = vec![finish::NewResult { name, number, file }];
            finish::finish(tx, acting, &finish::Finish { results, note: None })
        })
    }
}

fn write<T>(store: &Store, work: impl Fn(&mut Tx<'_>) -> Result<T> + Send + 'static) -> T
where
    T: serde::Serialize + serde::de::DeserializeOwned + Send + 'static,
{
    let command = store.system_command("test.world", 400);
    store.write_blocking(command, work).unwrap_or_else(|e| panic!("{e} {}", e.inward()))
}

fn unit(tx: &mut Tx<'_>, name: &str, code: &str, kind: UnitKind, parent: Option<Id>) -> Result<Id> {
    let (_, short_name) = name.split_once(' ').unwrap();
    let entry = UnitEntry {
        name: name.to_owned(),
        short_name: short_name.to_owned(),
        kind,
        code: code.to_owned(),
        gso_code: String::new(),
    };
    setup::create_unit(tx, &entry, parent, day("2025-07-01"))
}

fn person(tx: &mut Tx<'_>, unit: Id, (kind, title): (PostKind, &str), name: &str) -> Result<Person> {
    let officer = setup::create_officer(tx, unit, &OfficerEntry { name: name.to_owned(), ..OfficerEntry::default() })?;
    let entry = PostEntry { kind, title: title.to_owned(), fields: Vec::new() };
    let post = setup::create_post(tx, unit, &entry, day("2025-07-01"))?;
    setup::hold(tx, post, officer, (day("2025-07-01"), None))?;
    Ok(Person { officer, post })
}
