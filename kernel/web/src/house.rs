//! The running house: its store, modules, settings and services, shared by every request.

use crate::module::Module;
use crate::page::Draw;
use crate::tally::Tally;
use crate::who::Gate;
use http::Extensions;
use std::path::PathBuf;
use std::sync::Arc;
use store::Store;
use types::Timestamp;

/// What the installation says of itself.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where content files, keys and backups live.
    pub data: PathBuf,
    /// The address citizens reach, without a slash at the end; stands in QR codes.
    pub public_url: String,
    /// The database was made by `nhaviec demo`: pages and prints say that people are fictional.
    pub demo: bool,
    /// Cookies are sent over TLS only.
    pub secure_cookies: bool,
}

/// Everything a request can reach. Cheap to clone.
#[derive(Clone)]
pub struct House(Arc<Inner>);

struct Inner {
    store: Store,
    modules: &'static [&'static Module],
    settings: Settings,
    gate: Box<dyn Gate>,
    draw: Box<dyn Draw>,
    services: Extensions,
    tally: Tally,
}

impl House {
    /// Puts a house together. `services` holds what modules look up by type, such as the file store or the printer.
    pub fn new(
        store: Store,
        modules: &'static [&'static Module],
        settings: Settings,
        (gate, draw): (Box<dyn Gate>, Box<dyn Draw>),
        services: Extensions,
    ) -> Self {
        Self(Arc::new(Inner { store, modules, settings, gate, draw, services, tally: Tally::of(modules) }))
    }

    /// The database.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// All modules, in the order of their list.
    pub fn modules(&self) -> &'static [&'static Module] {
        self.0.modules
    }

    /// The installation's settings.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Who finds out who asks.
    pub fn gate(&self) -> &dyn Gate {
        &*self.0.gate
    }

    /// Who draws the shell.
    pub fn draw(&self) -> &dyn Draw {
        &*self.0.draw
    }

    /// What was asked of its routes.
    pub fn tally(&self) -> &Tally {
        &self.0.tally
    }

    /// The present moment by the house's clock.
    pub fn now(&self) -> Timestamp {
        self.0.store.now()
    }

    /// A service that `app` put in; its absence is a mistake of ours.
    pub fn service<T: Clone + Send + Sync + 'static>(&self) -> T {
        let found = self.0.services.get::<T>();
        found.unwrap_or_else(|| panic!("the house has no {}", std::any::type_name::<T>())).clone()
    }
}
