//! Routes that can be enumerated; each says who may use it.

use crate::allow::Allow;
use crate::house::House;
use axum::handler::Handler;
use axum::routing::{MethodFilter, MethodRouter, on};
use http::Method;

/// Bodies of ordinary forms.
const FORM_BYTES_MAX: usize = 256 * 1024;

/// One route.
#[derive(Clone)]
pub struct Route {
    pub method: Method,
    /// As axum writes it: `/ho-so/{id}`.
    pub path: &'static str,
    pub allow: Allow,
    /// The largest body it takes, in bytes.
    pub body_max: usize,
    pub(crate) handler: MethodRouter<House>,
}

/// The routes of a module.
#[derive(Clone, Default)]
pub struct Routes(Vec<Route>);

impl Routes {
    /// No routes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A page or a file.
    #[must_use]
    pub fn get<H, T>(self, path: &'static str, handler: H, allow: Allow) -> Self
    where
        H: Handler<T, House>,
        T: 'static,
    {
        self.add(Method::GET, path, on(MethodFilter::GET, handler), allow)
    }

    /// A write: it carries a command id and leaves an audit entry.
    #[must_use]
    pub fn post<H, T>(self, path: &'static str, handler: H, allow: Allow) -> Self
    where
        H: Handler<T, House>,
        T: 'static,
    {
        self.add(Method::POST, path, on(MethodFilter::POST, handler), allow)
    }

    /// Lets the last route take bodies of up to `bytes`.
    #[must_use]
    pub fn body_max(mut self, bytes: usize) -> Self {
        if let Some(route) = self.0.last_mut() {
            route.body_max = bytes;
        }
        self
    }

    /// These routes and those of another part of the module.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// All of them.
    pub fn list(&self) -> &[Route] {
        &self.0
    }

    fn add(mut self, method: Method, path: &'static str, handler: MethodRouter<House>, allow: Allow) -> Self {
        self.0.push(Route { method, path, allow, body_max: FORM_BYTES_MAX, handler });
        self
    }
}
