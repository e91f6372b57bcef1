//! Who may use a route. A route cannot be declared without it.

/// An action on a kind of thing that a role may grant.
#[derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Permission {
    /// `module.action`, e.g. `dossiers.receive`; kept in the database with roles.
    pub name: &'static str,
    /// The sentence an administrator reads, in Vietnamese.
    pub title: &'static str,
    pub reach: Reach,
}

/// How far a permission reaches that a post of a unit has. Only who keeps all of that may hand it out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reach {
    /// The unit and all below it.
    Unit,
    /// The whole authority that the unit works for (a department's commune), and all below it.
    Authority,
}

/// Who may use a route.
#[derive(Debug, Clone, Copy)]
pub enum Allow {
    /// An officer who holds the permission in at least one post; the handler still checks the very thing.
    Staff(&'static Permission),
    /// Any officer who is signed in: their own things only.
    SignedIn,
    /// Everyone; the reason is printed in the permission matrix.
    Anyone(&'static str),
}

impl Allow {
    /// Officers with `permission`.
    pub const fn staff(permission: &'static Permission) -> Self {
        Self::Staff(permission)
    }

    /// Officers who are signed in.
    pub const fn signed_in() -> Self {
        Self::SignedIn
    }

    /// Everyone, because of `why`.
    pub const fn anyone(why: &'static str) -> Self {
        Self::Anyone(why)
    }

    /// Whether `who` is admitted; the handler still checks the very thing.
    pub fn admits(&self, who: &crate::who::Who) -> bool {
        match self {
            Self::Anyone(_) => true,
            Self::SignedIn => who.officer.is_some(),
            Self::Staff(permission) => who.may(permission),
        }
    }
}
