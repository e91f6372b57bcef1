//! Who acts in the tests: officers with posts and roles of their own, signed in, each with a token too.

use super::World;
use directory::officer::OfficerEntry;
use directory::post::PostEntry;
use directory::role::{self, RoleEntry};
use directory::{PostKind, api_token, setup};
use std::collections::{BTreeMap, BTreeSet};
use store::{Tx, params};
use testkit::Client;
use types::{Day, Id, Result};
use web::Permission;

/// Everybody's password here.
pub const PASSWORD: &str = "Nắng sớm trên đồi chè 2026.";

/// What somebody is in this world; of the commune where nothing else is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    Counter,
    Specialist,
    Leader,
    Clerk,
    Keeper,
    /// Of the province: keeps what is the whole country's.
    ProvinceKeeper,
    /// The same kinds of posts in the neighbour commune.
    NeighbourCounter,
    NeighbourSpecialist,
    NeighbourLeader,
    NeighbourClerk,
    NeighbourKeeper,
    /// Holds every permission but this one.
    Without(&'static str),
    /// Has an account and no post.
    Idle,
}

/// An officer at a browser and with a token.
#[derive(Clone)]
pub struct Person {
    pub officer: Id,
    pub username: String,
    /// The post held; of an idle officer there is none.
    pub post: Option<Id>,
    /// The token itself; a guest has none.
    pub token: String,
    /// A browser in which the officer is signed in.
    pub browser: Client,
    /// A program with the officer's token.
    pub program: Client,
}

impl Rank {
    /// The same in the neighbour commune.
    pub fn neighbour(self) -> Self {
        match self {
            Self::Counter => Self::NeighbourCounter,
            Self::Specialist => Self::NeighbourSpecialist,
            Self::Leader => Self::NeighbourLeader,
            Self::Clerk => Self::NeighbourClerk,
            _ => Self::NeighbourKeeper,
        }
    }
}

/// Somebody to be made.
struct Seat {
    rank: Rank,
    unit: Id,
    name: String,
    /// Kind and permissions of the post; none for an officer without one.
    post: Option<(PostKind, Vec<&'static str>)>,
}

/// The day from which everybody holds their posts.
pub(super) fn start() -> Day {
    "2025-07-01".parse().expect("a day")
}

fn names(permissions: &[&'static Permission]) -> Vec<&'static str> {
    permissions.iter().map(|permission| permission.name).collect()
}

fn seats(world: &World) -> Vec<Seat> {
    let work = names(&[&dossiers::DOSSIERS_SEE, &dossiers::DOSSIERS_HANDLE]);
    let counter = [
        work.clone(),
        names(&[
            &dossiers::DOSSIERS_RECEIVE,
            &dossiers::DOSSIERS_DELIVER,
            &dossiers::DOSSIERS_SEE_LOOKS,
            &signatures::SIGNATURES_SIGN_OWN,
        ]),
    ]
    .concat();
    let all: Vec<&'static str> = app::modules::ALL.iter().flat_map(|m| names(m.permissions)).collect();
    let leader = [
        work.clone(),
        names(&[&dossiers::DOSSIERS_REASSIGN, &records::RECORDS_SEE_UNHELD]),
        names(&[&signatures::SIGNATURES_SIGN_OWN, &signatures::SIGNATURES_SIGN]),
    ]
    .concat();
    let clerk = [work.clone(), names(&[&signatures::SIGNATURES_SEAL])].concat();
    let keep: Vec<&'static str> = all.iter().copied().filter(|name| !counter.contains(name)).collect();
    let of = |rank, unit, name: &str, kind, permissions: &[&'static str]| Seat {
        rank,
        unit,
        name: name.to_owned(),
        post: Some((kind, permissions.to_vec())),
    };
    let (own, near) = (world.commune, world.neighbour);
    let mut seats = vec![
        of(Rank::Counter, own, "Đặng Đình Ưởng", PostKind::Counter, &counter),
        of(Rank::Specialist, own, "Lò Thị Mẩy", PostKind::Specialist, &work),
        of(Rank::Leader, own, "Chẩu Thị Xuyến Chi", PostKind::Leader, &leader),
        of(Rank::Clerk, own, "Nông Văn Páo", PostKind::Clerk, &clerk),
        of(Rank::Keeper, own, "Nguyễn Thị Mỹ Hạnh", PostKind::Administrator, &keep),
        of(Rank::ProvinceKeeper, world.province, "Quách Thị Ngọc Ẩn", PostKind::Administrator, &keep),
        of(Rank::NeighbourCounter, near, "Giàng A Sùng", PostKind::Counter, &counter),
        of(Rank::NeighbourSpecialist, near, "Hà Thị Ửng", PostKind::Specialist, &work),
        of(Rank::NeighbourLeader, near, "Vừ Mí Nhìa", PostKind::Leader, &leader),
        of(Rank::NeighbourClerk, near, "Ma Khánh Ly", PostKind::Clerk, &clerk),
        of(Rank::NeighbourKeeper, near, "Phạm Quỳnh Nghĩa", PostKind::Administrator, &keep),
    ];
    for missing in &all {
        let others: Vec<&'static str> = all.iter().copied().filter(|name| name != missing).collect();
        let name = format!("Không có quyền {missing}");
        seats.push(of(Rank::Without(missing), own, &name, PostKind::Administrator, &others));
    }
    seats.push(Seat { rank: Rank::Idle, unit: own, name: "Tẩn Mẩy Pham".to_owned(), post: None });
    seats
}

/// Makes everybody and signs them in.
pub(super) fn settle(world: &World) -> BTreeMap<Rank, Person> {
    let hash = setup::hash_password(PASSWORD).expect("a password can be hashed");
    let mut people = BTreeMap::new();
    for (n, seat) in seats(world).into_iter().enumerate() {
        let username = format!("luat.{n}");
        let token = api_token::draw();
        let Seat { rank, unit, name, post } = seat;
        let made = {
            let (username, token, name, hash) = (username.clone(), token.clone(), name.clone(), hash.clone());
            world.write(move |tx| {
                let officer = officer(tx, unit, &name, (&username, &hash))?;
                let ends_at = tx.at().plus_seconds(30 * 86_400);
                api_token::issue(tx, officer, &token, ("kiểm thử", ends_at))?;
                let held = match &post {
                    Some((kind, permissions)) => Some(seat_in(tx, (unit, officer), (*kind, &name), permissions)?),
                    None => None,
                };
                Ok((officer, held))
            })
        };
        let browser = sign_in(world, &username, PASSWORD);
        let program = world.stranger().bearer(&token);
        people.insert(rank, Person { officer: made.0, username, post: made.1, token, browser, program });
    }
    people
}

pub(super) fn officer(tx: &mut Tx<'_>, unit: Id, name: &str, (username, hash): (&str, &str)) -> Result<Id> {
    let officer = setup::create_officer(tx, unit, &OfficerEntry { name: name.to_owned(), ..OfficerEntry::default() })?;
    setup::create_account(tx, officer, username, (hash, false))?;
    Ok(officer)
}

/// A post of its own with exactly these permissions.
pub(super) fn seat_in(
    tx: &mut Tx<'_>,
    (unit, officer): (Id, Id),
    (kind, name): (PostKind, &str),
    permissions: &[&'static str],
) -> Result<Id> {
    let entry = PostEntry { kind, title: format!("{} {name}", kind.title()), fields: Vec::new() };
    let post = setup::create_post(tx, unit, &entry, start())?;
    // What the kind of post would get by itself is not what is tried here.
    tx.exec("DELETE FROM post_role WHERE post_id = $1", params![post])?;
    let permissions: BTreeSet<String> = permissions.iter().map(|name| (*name).to_owned()).collect();
    let role = role::create(tx, unit, &RoleEntry { name: format!("Vai trò {name}"), preset: None, permissions })?;
    role::grant(tx, post, role, (start(), None))?;
    setup::hold(tx, post, officer, (start(), None))?;
    Ok(post)
}

/// A browser in which somebody typed name and password.
#[track_caller]
pub(super) fn sign_in(world: &World, username: &str, password: &str) -> Client {
    let mut browser = world.stranger();
    let form = browser.get("/dang-nhap").assert_status(200).page().form("form[method=post]");
    browser.submit(&form.set("username", username).set("password", password)).assert_status(303);
    browser
}
