//! Where the demo takes place: a province, a commune and its neighbour that are on no map, among the country's real
//! units; and the officers in their seats.

use super::Wish;
use super::staff::{Account, CHAIR, DEPUTY_CHAIR, FIRST_COUNTER, Member, PASSWORD, STAFF};
use crate::roles::role_presets;
use directory::officer::OfficerEntry;
use directory::post::PostEntry;
use directory::stand_in::{self, StandInEntry};
use directory::{UnitEntry, UnitKind, api_token, setup};
use dossiers::sample::{PlaceName, names};
use std::collections::HashMap;
use store::{Store, Tx};
use types::{Day, Error, Id, Result, Timestamp};

/// Where a post stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Seat {
    Province,
    ProvinceOffice,
    Commune,
    Office,
    Economy,
    CultureSociety,
    OneStop,
    Neighbour,
    NeighbourCounter,
}

/// Two-level government begins.
const FROM: &str = "2025-07-01";

/// A commune that receives dossiers.
#[derive(Debug, Clone)]
pub(super) struct CommunePlace {
    pub unit: Id,
    pub code: String,
    pub name: String,
    /// Counter posts with their holders.
    pub counters: Vec<(Id, Id)>,
}

/// A time in which somebody acts for the holder of a post.
#[derive(Debug, Clone, Copy)]
struct StandIn {
    post: Id,
    officer: Id,
    from: Timestamp,
    to: Timestamp,
}

/// The demo's units and people.
pub(super) struct Place {
    units: HashMap<Seat, (Id, String)>,
    /// By account: officer and post.
    people: HashMap<&'static str, (Id, Id)>,
    stand_ins: Vec<StandIn>,
    /// The demo commune, then its neighbour.
    pub communes: Vec<CommunePlace>,
}

/// Who acts for a post at a moment.
#[derive(Debug, Clone)]
pub(super) struct Hand {
    pub officer: Id,
    /// The post, when it is another's.
    pub on_behalf_of: Option<Id>,
    /// All posts that the officer holds or stands in for.
    pub posts: Vec<Id>,
}

impl Place {
    /// Makes units, roles, officers, posts, accounts and stand-ins.
    pub fn install(store: &Store, wish: Wish) -> Result<Self> {
        let from: Day = FROM.parse().map_err(Error::internal)?;
        // The first write says what this database is: whatever fails later, it is known as a demo.
        let units: HashMap<Seat, (Id, String)> = store
            .write_blocking(store.system_command("app.demo", 200), move |tx| units(tx, from))?
            .into_iter()
            .zip(SEATS)
            .map(|(unit, seat)| (seat, unit))
            .collect();
        let country = store.system_command("directory.install_units", setup::INSTALL_IDS);
        store.write_blocking(country, |tx| setup::install_units(tx, setup::UNITS_SINCE_2025))?;
        let hash = setup::hash_password(PASSWORD)?;
        let seats = units.clone();
        let command = store.system_command("app.demo", 400);
        let people = store.write_blocking(command, move |tx| {
            STAFF.iter().map(|member| seat(tx, member, (&seats, &hash), from)).collect::<Result<Vec<(Id, Id)>>>()
        })?;
        let people: HashMap<&'static str, (Id, Id)> = STAFF.iter().map(|member| member.username).zip(people).collect();
        let stand_ins = authorise(store, &people, wish.now)?;
        let communes = communes(&units, &people)?;
        Ok(Self { units, people, stand_ins, communes })
    }

    /// Who does the work of `post` at `at`: the stand-in while there is one, else the holder.
    pub fn hand(&self, post: Id, at: Timestamp) -> Result<Hand> {
        let here = |s: &&StandIn| s.post == post && s.from <= at && at < s.to;
        let stand_in = self.stand_ins.iter().find(here).map(|s| s.officer);
        let holder = self.people.values().find(|(_, held)| *held == post).map(|(officer, _)| *officer);
        let officer = stand_in.or(holder).ok_or_else(|| Error::internal(format!("nobody holds the post {post}")))?;
        let own = self.people.values().filter(|(who, _)| *who == officer).map(|(_, post)| *post);
        let stood = self.stand_ins.iter().filter(|s| s.officer == officer && s.from <= at && at < s.to).map(|s| s.post);
        Ok(Hand { officer, on_behalf_of: stand_in.map(|_| post), posts: own.chain(stood).collect() })
    }

    /// The officer with this account.
    pub fn officer(&self, username: &str) -> Result<Id> {
        officer(&self.people, username).map(|(officer, _)| officer)
    }

    /// The unit of a seat.
    pub fn unit(&self, seat: Seat) -> Result<Id> {
        let unit = self.units.get(&seat).map(|(id, _)| *id);
        unit.ok_or_else(|| Error::internal("a seat without a unit"))
    }

    /// Everybody's account.
    pub fn accounts(&self) -> Vec<Account> {
        let unit = |seat: Seat| self.units.get(&seat).map_or_else(String::new, |(_, name)| name.clone());
        let account = |member: &Member| Account {
            username: member.username.to_owned(),
            password: PASSWORD.to_owned(),
            name: member.name.to_owned(),
            post: member.title.to_owned(),
            unit: unit(member.seat),
        };
        STAFF.iter().map(account).collect()
    }

    /// A token of the first counter officer, good for a year.
    pub fn issue_token(&self, store: &Store) -> Result<String> {
        let token = api_token::draw();
        let officer = officer(&self.people, FIRST_COUNTER)?.0;
        let command = store.system_command("directory.issue_token", 8);
        let ends_at = command.at.plus_seconds(365 * 86_400);
        let shown = token.clone();
        store.write_blocking(command, move |tx| {
            api_token::issue(tx, officer, &token, ("Bản dùng thử", ends_at)).map(|_| ())
        })?;
        Ok(shown)
    }
}

/// In the order in which [`units`] makes them.
const SEATS: [Seat; 9] = [
    Seat::Province,
    Seat::ProvinceOffice,
    Seat::Commune,
    Seat::Office,
    Seat::Economy,
    Seat::CultureSociety,
    Seat::OneStop,
    Seat::Neighbour,
    Seat::NeighbourCounter,
];

/// Units with their names, and the roles of the province.
fn units(tx: &mut Tx<'_>, from: Day) -> Result<Vec<(Id, String)>> {
    let parts = names();
    let [commune, neighbour] = parts.communes.as_slice() else {
        return Err(Error::internal("the demo has two communes"));
    };
    crate::setup::mark(tx, "demo", (&format!("UBND {} {}", commune.kind, commune.name), &parts.province_words()))?;
    let province = named(tx, &parts.province, (UnitKind::Province, None), from)?;
    setup::seed_roles(tx, province.0, &role_presets())?;
    let inside = |tx: &mut Tx<'_>, kind: UnitKind, name: &str, parent: Id| -> Result<(Id, String)> {
        let short_name = String::new();
        let entry = UnitEntry { name: name.to_owned(), short_name, kind, code: String::new(), gso_code: String::new() };
        Ok((setup::create_unit(tx, &entry, Some(parent), from)?, name.to_owned()))
    };
    let (department, counter) = (UnitKind::Department, UnitKind::Counter);
    let province_office = inside(tx, department, "Văn phòng Ủy ban nhân dân tỉnh", province.0)?;
    let home = named(tx, commune, (UnitKind::Commune, Some(province.0)), from)?;
    let office = inside(tx, department, "Văn phòng HĐND và UBND xã", home.0)?;
    let economy = inside(tx, department, "Phòng Kinh tế", home.0)?;
    let culture = inside(tx, department, "Phòng Văn hóa – Xã hội", home.0)?;
    let one_stop = inside(tx, counter, "Trung tâm Phục vụ hành chính công xã", home.0)?;
    let other = named(tx, neighbour, (UnitKind::Commune, Some(province.0)), from)?;
    let other_counter = inside(tx, counter, "Trung tâm Phục vụ hành chính công xã", other.0)?;
    Ok(vec![province, province_office, home, office, economy, culture, one_stop, other, other_counter])
}

fn named(
    tx: &mut Tx<'_>,
    place: &PlaceName,
    (kind, parent): (UnitKind, Option<Id>),
    from: Day,
) -> Result<(Id, String)> {
    let name = types::text::clean(&format!("{} {}", capitalised(&place.kind), place.name));
    let entry = UnitEntry {
        name: name.clone(),
        short_name: place.name.clone(),
        kind,
        code: place.unit_code.clone(),
        gso_code: place.gso_code.clone(),
    };
    Ok((setup::create_unit(tx, &entry, parent, from)?, name))
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// Puts an officer into a post of their own, with an account.
fn seat(
    tx: &mut Tx<'_>,
    member: &Member,
    (units, hash): (&HashMap<Seat, (Id, String)>, &str),
    from: Day,
) -> Result<(Id, Id)> {
    let unit = units.get(&member.seat).map(|(id, _)| *id).ok_or_else(|| Error::internal("a seat without a unit"))?;
    let entry = OfficerEntry { name: member.name.to_owned(), ..OfficerEntry::default() };
    let officer = setup::create_officer(tx, unit, &entry)?;
    let fields = member.fields.iter().map(|field| (*field).to_owned()).collect();
    let entry = PostEntry { kind: member.kind, title: member.title.to_owned(), fields };
    let post = setup::create_post(tx, unit, &entry, from)?;
    setup::hold(tx, post, officer, (from, None))?;
    setup::create_account(tx, officer, member.username, (hash, false))?;
    Ok((officer, post))
}

/// The deputy acts for the chair twice: during a leave last month, and now.
fn authorise(store: &Store, people: &HashMap<&'static str, (Id, Id)>, now: Timestamp) -> Result<Vec<StandIn>> {
    let (post, deputy) = (officer(people, CHAIR)?.1, officer(people, DEPUTY_CHAIR)?.0);
    let morning = |days: i64| now.day().start().plus_seconds(days * 86_400 + 7 * 3600 + 1800);
    let times = [
        (morning(-33), morning(-28), "Chủ tịch nghỉ phép theo Giấy nghỉ phép số 07/GNP-UBND"),
        (morning(-1), morning(3), "Chủ tịch đi công tác theo Giấy mời của Ủy ban nhân dân tỉnh"),
    ];
    let command = store.system_command("directory.authorise_stand_in", 20);
    store.write_blocking(command, move |tx| {
        for (starts_at, ends_at, reason) in times {
            let entry = StandInEntry { officer: deputy, starts_at, ends_at, reason: reason.to_owned() };
            stand_in::authorise(tx, post, &entry)?;
        }
        Ok(())
    })?;
    Ok(times.iter().map(|(from, to, _)| StandIn { post, officer: deputy, from: *from, to: *to }).collect())
}

fn officer(people: &HashMap<&'static str, (Id, Id)>, username: &str) -> Result<(Id, Id)> {
    people.get(username).copied().ok_or_else(|| Error::internal(format!("no {username} in the demo")))
}

fn communes(
    units: &HashMap<Seat, (Id, String)>,
    people: &HashMap<&'static str, (Id, Id)>,
) -> Result<Vec<CommunePlace>> {
    let of = |place: &PlaceName, seat: Seat, counter: Seat| {
        let unit = units.get(&seat).map(|(id, _)| *id).ok_or_else(|| Error::internal("a commune without a unit"))?;
        let members = STAFF.iter().filter(|m| m.seat == counter && m.kind == directory::PostKind::Counter);
        let counters = members.filter_map(|m| people.get(m.username)).map(|(officer, post)| (*post, *officer));
        let counters = counters.collect();
        Ok::<_, Error>(CommunePlace { unit, code: place.unit_code.clone(), name: place.name.clone(), counters })
    };
    let parts = names();
    let [home, other] = parts.communes.as_slice() else { return Err(Error::internal("the demo has two communes")) };
    Ok(vec![of(home, Seat::Commune, Seat::OneStop)?, of(other, Seat::Neighbour, Seat::NeighbourCounter)?])
}
