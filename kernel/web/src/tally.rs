//! Requests counted by the route that answered them.
//!
//! A route is known by the path that its module declares, never by the address that was asked, which may hold a name or a
//! secret; so there are as many counts as routes, whatever is asked. A request costs three additions and takes no lock.

use crate::house::House;
use crate::module::Module;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{Method, StatusCode};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The longest durations of all classes but the last, in seconds: an asset, a page, a page that people notice, and what
/// they complain of.
pub const BOUNDS: [f64; 6] = [0.005, 0.025, 0.1, 0.5, 2.5, 10.0];
const DURATIONS: usize = BOUNDS.len() + 1;
/// Statuses from 1xx to 5xx.
const STATUSES: usize = 5;

/// Method and route of whatever no module declares.
pub const UNKNOWN: (&str, &str) = ("any", "unknown");

/// All routes of a house with what was asked of them since the process began.
pub struct Tally {
    /// Where the counts of a route stand, by its path.
    places: HashMap<&'static str, Vec<(Method, usize)>>,
    /// Those of each route, and at the end those of what no route is.
    counts: Vec<Counts>,
}

#[derive(Default)]
struct Counts {
    /// None for what no route is.
    route: Option<(Method, &'static str)>,
    by_status: [AtomicU64; STATUSES],
    by_duration: [AtomicU64; DURATIONS],
    micros: AtomicU64,
}

/// What was asked of one route.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked<'t> {
    pub method: &'t str,
    pub route: &'t str,
    /// Answers by the first digit of their status, from 1.
    pub by_status: [u64; STATUSES],
    /// Answers by the time until they began: up to each of [`BOUNDS`] but more than the one before, and longer.
    pub by_duration: [u64; DURATIONS],
    /// All that time together.
    pub seconds: f64,
}

impl Tally {
    /// Nothing yet, of every route that these modules declare.
    pub(crate) fn of(modules: &[&'static Module]) -> Self {
        let mut tally = Self { places: HashMap::new(), counts: Vec::new() };
        for module in modules {
            for route in (module.routes)().list() {
                let place = tally.counts.len();
                tally.places.entry(route.path).or_default().push((route.method.clone(), place));
                tally.counts.push(Counts { route: Some((route.method.clone(), route.path)), ..Counts::default() });
            }
        }
        tally.counts.push(Counts::default());
        tally
    }

    /// The routes that were asked, and last what no route is.
    pub fn asked(&self) -> Vec<Asked<'_>> {
        self.counts.iter().map(Counts::asked).filter(|asked| asked.by_status.iter().any(|count| *count > 0)).collect()
    }

    fn place(&self, method: &Method, path: Option<&str>) -> usize {
        // Where GET is declared, HEAD is answered too.
        let serves = |declared: &Method| declared == method || (*declared == Method::GET && *method == Method::HEAD);
        let routes = path.and_then(|path| self.places.get(path));
        let found = routes.and_then(|routes| routes.iter().find(|(declared, _)| serves(declared)));
        found.map_or(self.counts.len() - 1, |(_, place)| *place)
    }

    fn count(&self, place: usize, status: StatusCode, took: Duration) {
        let counts = &self.counts[place];
        let status = usize::from(status.as_u16() / 100).clamp(1, STATUSES) - 1;
        let seconds = took.as_secs_f64();
        let duration = BOUNDS.iter().position(|bound| seconds <= *bound).unwrap_or(BOUNDS.len());
        counts.by_status[status].fetch_add(1, Ordering::Relaxed);
        counts.by_duration[duration].fetch_add(1, Ordering::Relaxed);
        counts.micros.fetch_add(u64::try_from(took.as_micros()).unwrap_or(0), Ordering::Relaxed);
    }
}

impl Counts {
    fn asked(&self) -> Asked<'_> {
        let now = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let (method, route) = self.route.as_ref().map_or(UNKNOWN, |(method, path)| (method.as_str(), *path));
        Asked {
            method,
            route,
            by_status: self.by_status.each_ref().map(now),
            by_duration: self.by_duration.each_ref().map(now),
            seconds: Duration::from_micros(now(&self.micros)).as_secs_f64(),
        }
    }
}

/// Runs around every request, outside of all else: what is refused on the way in, and what breaks, is counted too.
pub(crate) async fn count(State(house): State<House>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let path = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let place = house.tally().place(request.method(), path);
    let response = next.run(request).await;
    house.tally().count(place, response.status(), began.elapsed());
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Allow, Routes};

    static MODULE: Module = Module {
        name: "tried",
        title: "Thử",
        migrations: &[],
        permissions: &[],
        routes,
        navigation: &[],
        indicators: &[],
        jobs: &[],
        events: &[],
        listeners: &[],
        samples: Vec::new,
        checks: &[],
        keeps: &[],
        sealed: &[],
        reindex: None,
    };

    fn routes() -> Routes {
        let anyone = Allow::anyone("a test");
        Routes::new().get("/a/{id}", page, anyone).post("/a/{id}", page, anyone).get("/b", page, anyone)
    }

    async fn page() {}

    fn tally() -> Tally {
        Tally::of(&[&MODULE])
    }

    #[test]
    fn each_method_of_a_path_is_a_route_and_the_rest_is_one() {
        let tally = tally();
        let brew = Method::from_bytes(b"BREW").unwrap();
        for (method, path, place) in [
            (&Method::GET, Some("/a/{id}"), 0),
            (&Method::HEAD, Some("/a/{id}"), 0),
            (&Method::POST, Some("/a/{id}"), 1),
            (&Method::GET, Some("/b"), 2),
            (&Method::POST, Some("/b"), 3),
            (&brew, Some("/b"), 3),
            (&Method::GET, Some("/a/7"), 3),
            (&Method::GET, None, 3),
        ] {
            assert_eq!(tally.place(method, path), place, "{method} {path:?}");
        }
    }

    #[test]
    fn what_is_counted_is_told_of_routes_that_were_asked() {
        let tally = tally();
        assert!(tally.asked().is_empty(), "nothing was asked yet");
        let ms = Duration::from_millis;
        for (place, status, took) in
            [(1, 200, ms(5)), (1, 303, ms(6)), (1, 503, ms(60_000)), (3, 404, ms(0)), (3, 999, ms(25))]
        {
            tally.count(place, StatusCode::from_u16(status).unwrap(), took);
        }
        let [form, rest]: [Asked<'_>; 2] = tally.asked().try_into().unwrap();
        assert_eq!((form.method, form.route), ("POST", "/a/{id}"));
        assert_eq!(form.by_status, [0, 1, 1, 0, 1]);
        assert_eq!(form.by_duration, [1, 1, 0, 0, 0, 0, 1], "a bound belongs to what is below it");
        assert!((form.seconds - 60.011).abs() < 1e-9, "{}", form.seconds);
        assert_eq!((rest.method, rest.route), UNKNOWN);
        assert_eq!((rest.by_status, rest.by_duration), ([0, 0, 0, 1, 1], [1, 1, 0, 0, 0, 0, 0]));
    }
}
