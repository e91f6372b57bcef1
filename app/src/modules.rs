//! The list of modules: the one place that knows them all, in the order of the floors.

use store::migrate::ModuleMigrations;
use store::outbox::Listener;
use web::{Module, Sealed};

/// Every module of the house.
pub static ALL: &[&Module] = &[
    &directory::MODULE,
    &calendar::MODULE,
    &files::MODULE,
    &records::MODULE,
    &signatures::MODULE,
    &dossiers::MODULE,
    &crate::upkeep::MODULE,
    &crate::front::MODULE,
];

/// Their migrations, in the order in which tables may refer to one another.
pub fn migrations() -> Vec<ModuleMigrations> {
    ALL.iter().map(|module| (module.name, module.migrations)).collect()
}

/// Their tables with sealed values.
pub fn sealed() -> Vec<Sealed> {
    ALL.iter().flat_map(|module| module.sealed).copied().collect()
}

/// All listeners to events.
pub fn listeners() -> &'static [Listener] {
    static LISTENERS: std::sync::OnceLock<Vec<Listener>> = std::sync::OnceLock::new();
    LISTENERS.get_or_init(|| ALL.iter().flat_map(|module| module.listeners).copied().collect())
}
