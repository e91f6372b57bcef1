//! Things that a request needs: units, posts, officers, stand-ins made for it, so that no test ends what others use.

use super::people::{self, PASSWORD, Person, start};
use super::{Rank, World};
use directory::post::PostEntry;
use directory::role::{self, RoleEntry};
use directory::stand_in::{self, StandInEntry};
use directory::{PostKind, UnitEntry, UnitKind, setup};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use testkit::Form;
use types::Id;

fn next() -> u64 {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    COUNT.fetch_add(1, Ordering::Relaxed)
}

impl World {
    /// A department of the commune that nobody uses.
    pub fn new_unit(&self) -> Id {
        let (above, name) = (self.commune, format!("Phòng Thử nghiệm số {}", next()));
        self.write(move |tx| {
            let entry = UnitEntry {
                name: name.clone(),
                short_name: String::new(),
                kind: UnitKind::Department,
                code: String::new(),
                gso_code: String::new(),
            };
            setup::create_unit(tx, &entry, Some(above), start())
        })
    }

    /// A post of the commune that nobody holds.
    pub fn new_post(&self) -> Id {
        let (unit, title) = (self.commune, format!("Vị trí thử số {}", next()));
        self.write(move |tx| {
            let entry = PostEntry { kind: PostKind::Administrator, title: title.clone(), fields: Vec::new() };
            setup::create_post(tx, unit, &entry, start())
        })
    }

    /// Another specialist's post in the commune, to which work can be given.
    pub fn another_specialist(&self) -> Id {
        let unit = self.commune;
        self.write(move |tx| {
            let title = "Công chức dự phòng".to_owned();
            let entry = PostEntry { kind: PostKind::Specialist, title, fields: Vec::new() };
            setup::create_post(tx, unit, &entry, start())
        })
    }

    /// A role of the commune.
    pub fn new_role(&self) -> Id {
        let (unit, name) = (self.commune, format!("Vai trò thử số {}", next()));
        self.write(move |tx| {
            role::create(tx, unit, &RoleEntry { name: name.clone(), preset: None, permissions: BTreeSet::new() })
        })
    }

    /// An officer of the commune without account.
    pub fn new_officer(&self) -> Id {
        let (unit, name) = (self.commune, format!("Sùng Thị Ếnh {}", next()));
        self.write(move |tx| {
            setup::create_officer(
                tx,
                unit,
                &directory::officer::OfficerEntry { name: name.clone(), ..Default::default() },
            )
        })
    }

    /// Somebody with an account of their own, signed in, for what would spoil the others' accounts.
    pub fn guest(&self) -> Person {
        let (unit, n) = (self.commune, next());
        let (name, username) = (format!("Hoàng Thị Ỷ Lan {n}"), format!("khach.{n}"));
        let hash = setup::hash_password(PASSWORD).expect("a password can be hashed");
        let officer = {
            let (name, username) = (name.clone(), username.clone());
            self.write(move |tx| people::officer(tx, unit, &name, (&username, &hash)))
        };
        let browser = people::sign_in(self, &username, PASSWORD);
        Person { officer, username, post: None, token: String::new(), browser, program: self.stranger() }
    }

    /// Somebody in a post of `unit` with exactly these permissions, signed in.
    pub fn newcomer(&self, unit: Id, kind: PostKind, permissions: &[&'static str]) -> Person {
        let n = next();
        let (name, username) = (format!("Giàng Thị Ếch {n}"), format!("moi.den.{n}"));
        let hash = setup::hash_password(PASSWORD).expect("a password can be hashed");
        let permissions = permissions.to_vec();
        let (officer, post) = {
            let (name, username) = (name.clone(), username.clone());
            self.write(move |tx| {
                let officer = people::officer(tx, unit, &name, (&username, &hash))?;
                Ok((officer, people::seat_in(tx, (unit, officer), (kind, &name), &permissions)?))
            })
        };
        let browser = people::sign_in(self, &username, PASSWORD);
        Person { officer, username, post: Some(post), token: String::new(), browser, program: self.stranger() }
    }

    /// Lets a dossier's open task wait for another post, as if it had always.
    pub fn move_work(&self, code: &str, post: Id) {
        let code = code.to_owned();
        self.write(move |tx| {
            tx.not_audited("a test arranges its world");
            let sql = "UPDATE task SET post_id = $1 WHERE done_at IS NULL
                AND record_id = (SELECT id FROM record WHERE kind = 'dossier' AND code = $2)";
            tx.exec(sql, store::params![post, &code]).map(|_| ())
        });
    }

    /// A token of an officer; answers its number.
    pub fn new_token(&self, officer: Id) -> Id {
        let token = directory::api_token::draw();
        self.write(move |tx| {
            let ends_at = tx.at().plus_seconds(86_400);
            directory::api_token::issue(tx, officer, &token, ("ki-ốt thử", ends_at))
        })
    }

    /// The newest open session of an officer.
    pub fn session_of(&self, officer: Id) -> Id {
        let sql = "SELECT id FROM session WHERE officer_id = $1 AND ended_at IS NULL ORDER BY id DESC LIMIT 1";
        let (id,): (Id,) = self.read(|reader| reader.one(sql, store::params![officer]));
        id
    }

    /// Another browser in which `person` signs in.
    pub fn sign_in_again(&self, person: &Person) -> Id {
        people::sign_in(self, &person.username, PASSWORD);
        self.session_of(person.officer)
    }

    /// Lets an officer hold a post; answers the holding.
    pub fn hold(&self, post: Id, officer: Id) -> Id {
        self.write(move |tx| setup::hold(tx, post, officer, (start(), None)))
    }

    /// Grants a role to a post; answers the grant.
    pub fn grant(&self, post: Id, role: Id) -> Id {
        self.write(move |tx| role::grant(tx, post, role, (start(), None)))
    }

    /// Lets an officer stand in for the holder of a post.
    pub fn stand_in(&self, post: Id, officer: Id) -> Id {
        self.write(move |tx| {
            let at = tx.at();
            let reason = "đi công tác".to_owned();
            let entry = StandInEntry { officer, starts_at: at, ends_at: at.plus_seconds(86_400), reason };
            stand_in::authorise(tx, post, &entry)
        })
    }

    /// The form that is sent to `action`, as it stands on `page` for somebody.
    #[track_caller]
    pub fn form(&self, who: &Person, page: &str, action: &str) -> Form {
        let answer = who.browser.clone().get(page).assert_status(200);
        answer.page().form(&format!("form[method=post][action='{action}']"))
    }

    /// What somebody reads on a page.
    #[track_caller]
    pub fn text_of(&self, rank: Rank, path: &str) -> String {
        self.person(rank).browser.clone().get(path).assert_status(200).page().text("main")
    }

    /// A form that is refused in these words; a code that was typed is never shown again.
    #[track_caller]
    pub fn refused(&self, rank: Rank, form: &Form, status: u16, words: &str) {
        let answer = self.person(rank).browser.clone().submit(form).assert_status(status);
        let text = answer.page().text("main");
        assert!(text.contains(words), "{words}: {text}");
        assert!(!answer.text().contains(super::signing::CODE), "a code is never shown again");
    }

    /// The same for somebody of a rank.
    #[track_caller]
    pub fn form_of(&self, rank: Rank, page: &str, action: &str) -> Form {
        self.form(self.person(rank), page, action)
    }
}

/// Fills the three boxes of a date.
#[track_caller]
pub fn with_date(form: Form, name: &str, day: types::Day) -> Form {
    let (d, m, y) = (day.0.day().to_string(), day.0.month().to_string(), day.0.year().to_string());
    form.set(&format!("{name}.day"), &d).set(&format!("{name}.month"), &m).set(&format!("{name}.year"), &y)
}
