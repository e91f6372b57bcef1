//! Holds one request of the table against the law; answers what is wrong.

use super::case::{Asked, Case, Outsider};
use crate::world::{Rank, World, changed};
use testkit::{Answer, Client};
use web::{Allow, Route};

/// What a session's cookie and a token look like, of nobody.
const NOBODY: &str = "A23456789012345678901234567890123456789012B";

struct Trial<'a> {
    world: &'a World,
    case: &'a Case,
    route: &'a Route,
    asked: Asked,
    complaints: Vec<String>,
}

/// Everybody sends it, whoever may last.
pub fn judge(world: &World, case: &Case, route: &Route) -> Vec<String> {
    let asked = (case.ask)(world);
    let mut trial = Trial { world, case, route, asked, complaints: Vec::new() };
    if !matches!(route.allow, Allow::Anyone(_)) {
        trial.strangers();
        trial.outsider("the neighbour", world.person(case.rank.neighbour()).clone(), case.neighbour);
        let bystander = match route.allow {
            Allow::Staff(permission) => Rank::Without(permission.name),
            _ => Rank::Idle,
        };
        trial.outsider("the bystander", world.person(bystander).clone(), case.bystander);
    }
    trial.permitted();
    trial.complaints
}

impl Trial<'_> {
    fn complain(&mut self, what: impl std::fmt::Display) {
        self.complaints.push(format!("{}: {what}", self.case.name()));
    }

    /// Sends it as somebody to whom nothing may happen; answers what came back.
    fn refused(&mut self, who: &str, client: &Client) -> Answer {
        let before = self.world.rows();
        let answer = self.asked.sent.by(client);
        let changes = changed(&before, &self.world.rows());
        if !changes.is_empty() {
            self.complain(format!("{who} changed {changes:?} and was answered {}", answer.status));
        }
        answer
    }

    /// Nobody is signed in, or with a token and a cookie that are nobody's.
    fn strangers(&mut self) {
        let unknown = self.world.stranger();
        let mut cookie = self.world.stranger();
        cookie.set_cookie(::directory::SESSION_COOKIE, NOBODY);
        let bearer = self.world.stranger().bearer(&format!("nv_{NOBODY}"));
        for (who, client) in [("a stranger", unknown), ("a made-up session", cookie), ("a made-up token", bearer)] {
            let answer = self.refused(who, &client);
            let turned_away = if self.route.path.starts_with("/api/") || self.case.method != "GET" {
                answer.status == 401
            } else {
                answer.status == 303 && answer.header("location").is_some_and(|to| to.starts_with("/dang-nhap"))
            };
            if !turned_away {
                self.complain(format!("{who} was answered {}", answer.status));
            }
        }
    }

    fn outsider(&mut self, who: &str, person: crate::world::Person, expected: Outsider) {
        if matches!(expected, Outsider::ActsOnOneself(_)) {
            return;
        }
        // As whoever may does it: with a token where programs ask, else at a browser.
        let client = if self.route.path.starts_with("/api/") { &person.program } else { &person.browser };
        let answer = self.refused(who, client);
        let status = answer.status;
        let wanted = match expected {
            Outsider::NotThere => status == 404,
            Outsider::Forbidden => status == 403,
            Outsider::NotOffered => status == 422,
            Outsider::SeesNothing => {
                let needle = self.needle();
                status == 200 && !String::from_utf8_lossy(&answer.body).contains(&needle)
            }
            Outsider::Shared(_) => status == 200,
            Outsider::ActsOnOneself(_) => true,
        };
        if !wanted {
            self.complain(format!("{who} was answered {status}, not as {expected:?}"));
        }
    }

    fn needle(&mut self) -> String {
        match &self.case.needle {
            Some(needle) => needle(self.world, &self.asked),
            None => {
                self.complain("a page that hides something needs to say what");
                String::new()
            }
        }
    }

    /// Whoever may sends it, and for a write once more.
    fn permitted(&mut self) {
        let audited = |world: &World, asked: &Asked| match asked.officer {
            Some(officer) => world.audited_by(officer),
            None => world.audited_by_nobody(),
        };
        let before = audited(self.world, &self.asked);
        let answer = self.asked.sent.by(&self.asked.client);
        if !(200..=299).contains(&answer.status) && answer.status != 303 {
            let text = String::from_utf8_lossy(&answer.body).into_owned();
            self.complain(format!("whoever may was answered {}: {}", answer.status, told(&text)));
            return;
        }
        if matches!(self.case.neighbour, Outsider::SeesNothing) || matches!(self.case.bystander, Outsider::SeesNothing)
        {
            let needle = self.needle();
            if !String::from_utf8_lossy(&answer.body).contains(&needle) {
                self.complain(format!("whoever may does not see «{needle}»"));
            }
        }
        if self.case.method != "GET" {
            let named = audited(self.world, &self.asked) > before;
            match self.case.unaudited {
                None if !named => self.complain("the audit does not name whoever did it"),
                Some(_) if named => self.complain("the audit names whoever did it; the exception must go"),
                _ => {}
            }
            self.again();
        }
    }

    /// A form sent twice acts once.
    fn again(&mut self) {
        let before = self.world.rows();
        let answer = self.asked.sent.by(&self.asked.client);
        let changes = changed(&before, &self.world.rows());
        let fine = changes.is_empty() && ((200..=299).contains(&answer.status) || answer.status == 303);
        match self.case.twice {
            None if !fine => {
                self.complain(format!("sent again it was answered {} and changed {changes:?}", answer.status));
            }
            Some(_) if fine => self.complain("sent again it changes nothing; the exception must go"),
            _ => {}
        }
    }
}

/// The sentence of a page or answer that tells what was wrong.
fn told(text: &str) -> String {
    if text.starts_with('{') {
        return text.to_owned();
    }
    let page = scraper::Html::parse_document(text);
    let css = scraper::Selector::parse("main").expect("a selector");
    let words: String = page.select(&css).flat_map(|main| main.text()).collect();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().take(400).collect()
}
