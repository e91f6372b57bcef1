//! Where an officer receives: the authority whose book the dossier goes into, and the post acted in.

use crate::DOSSIERS_RECEIVE;
use crate::access::{granted, office};
use directory::UnitTree;
use types::{Error, Id, Result};
use web::Who;

/// Where a dossier is received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The authority whose identifier begins the dossier's code.
    pub unit: Id,
    pub unit_code: String,
    /// The post acted in; none when the permission comes from an authority above.
    pub post: Option<Id>,
}

/// The authority with this electronic identifier, or that of the officer's own counter when none is named.
pub(super) fn place(who: &Who, tree: &UnitTree, unit_code: Option<&str>) -> Result<Place> {
    let mut posts = who.posts().filter(|post| post.permissions.contains(DOSSIERS_RECEIVE.name));
    let Some(code) = unit_code.filter(|code| !code.is_empty()) else {
        let post = posts.next().ok_or_else(not_allowed)?;
        let unit = office(tree, post.unit);
        let unit_code = tree.get(unit).and_then(|unit| unit.code.clone()).ok_or_else(|| {
            Error::conflict(format!("{} chưa có mã định danh điện tử nên chưa cấp được mã hồ sơ.", tree.name(unit)))
        })?;
        return Ok(Place { unit, unit_code, post: Some(post.id) });
    };
    let unit = tree.by_code(code).filter(|unit| unit.is_valid(tree.day));
    let unit = unit.ok_or_else(|| Error::invalid("unit", format!("Không có đơn vị mang mã định danh «{code}».")))?.id;
    if !granted(who, tree, &DOSSIERS_RECEIVE, unit) {
        return Err(not_allowed());
    }
    let post = posts.find(|post| office(tree, post.unit) == unit).map(|post| post.id);
    Ok(Place { unit, unit_code: code.to_owned(), post })
}

fn not_allowed() -> Error {
    Error::forbidden("Ông/bà chưa được phân quyền tiếp nhận hồ sơ tại đơn vị này.")
}
