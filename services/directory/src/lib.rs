//! The directory: units, officers, posts, roles, stand-ins, and signing in.
//!
//! What is true depends on the day: units move and end, people change posts, roles are granted from a day to a day, and
//! nothing is deleted. [`Directory`] answers other crates' questions; [`SessionGate`] tells the web floor who asks;
//! `pages` are where administrators keep it all and where officers sign in.

pub mod account;
pub mod api_token;
mod checks;
mod directory;
mod gate;
mod guessable;
pub mod identity;
mod jobs;
pub mod keepers;
pub mod keys;
mod limits;
pub mod officer;
mod pages;
mod passkey;
mod password;
mod permissions;
pub mod post;
mod revision;
pub mod role;
mod rules;
mod session;
pub mod setup;
mod sign_in;
pub mod stand_in;
mod totp;
mod tree;
pub mod unit;
mod word;
mod wrong;

pub use account::{broken_second_factors, officer_of_account};
pub use directory::Directory;
pub use gate::{SESSION_COOKIE, SessionGate};
pub use keys::Keys;
pub use permissions::{DIRECTORY_KEEP, DIRECTORY_SEE};
pub use post::{Post, PostKind};
pub use role::RolePreset;
pub use rules::Rules;
pub use tree::{Place, UnitTree};
pub use unit::{Unit, UnitEntry, UnitKind};

use store::Migration;
use web::{Module, Sealed, SealedColumn};

/// This module, for the list in `app`.
pub static MODULE: Module = Module {
    name: "directory",
    title: "Danh bạ và phân quyền",
    migrations: MIGRATIONS,
    permissions: permissions::ALL,
    routes: pages::routes,
    navigation: pages::NAVIGATION,
    indicators: &[],
    jobs: jobs::JOBS,
    events: &[unit::UNIT_MOVED],
    listeners: &[],
    samples: pages::samples::all,
    checks: checks::CHECKS,
    keeps: &[session::KEPT, limits::KEPT],
    sealed: &[Sealed {
        table: "account",
        title: "tài khoản",
        id: "officer_id",
        columns: &[
            SealedColumn { name: "totp_secret", what: keys::TOTP, mark: None },
            SealedColumn { name: "totp_pending", what: keys::TOTP, mark: None },
        ],
    }],
    reindex: None,
};

static MIGRATIONS: &[Migration] = &[
    Migration::new(1, "create_directory", include_str!("../migrations/0001_create_directory.sql")),
    Migration::new(2, "create_accounts", include_str!("../migrations/0002_create_accounts.sql")),
    Migration {
        number: 3,
        name: "order_officers",
        sqlite: include_str!("../migrations/0003_order_officers.sqlite.sql"),
        postgres: include_str!("../migrations/0003_order_officers.postgres.sql"),
    },
    Migration::new(4, "hold_offers_briefly", include_str!("../migrations/0004_hold_offers_briefly.sql")),
    Migration::new(5, "create_passkeys", include_str!("../migrations/0005_create_passkeys.sql")),
];

#[cfg(test)]
mod tests;
