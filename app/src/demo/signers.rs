//! The certificates with which the demo signs: of its leaders and of its two agencies, under a root that nobody else trusts.

use super::place::{Place, Seat};
use super::staff::{CHAIR, DEPUTY_CHAIR, PASSWORD};
use signatures::{NewSigner, SignerKind, trusted};
use signing::Secret;
use store::{Actor, Store};
use types::Result;

const ROOT: &[u8] = include_bytes!("material/root.pem");

/// A key file, whose it is, and where.
struct Holder {
    file: &'static [u8],
    username: &'static str,
    kind: SignerKind,
    agency: Seat,
}

/// An agency's certificate is entered by its clerk.
const HOLDERS: [Holder; 5] = [
    person(include_bytes!("material/chutich.p12"), CHAIR, Seat::Commune),
    person(include_bytes!("material/phochutich.p12"), DEPUTY_CHAIR, Seat::Commune),
    agency(include_bytes!("material/xa.p12"), "vanthu.demo", Seat::Commune),
    person(include_bytes!("material/vankhe.chutich.p12"), "vankhe.chutich.demo", Seat::Neighbour),
    agency(include_bytes!("material/vankhe.xa.p12"), "vankhe.vanthu.demo", Seat::Neighbour),
];

const fn person(file: &'static [u8], username: &'static str, agency: Seat) -> Holder {
    Holder { file, username, kind: SignerKind::Person, agency }
}

const fn agency(file: &'static [u8], username: &'static str, agency: Seat) -> Holder {
    Holder { file, username, kind: SignerKind::Agency, agency }
}

/// Enters them all; everybody's password opens them.
pub(super) fn install(store: &Store, place: &Place) -> Result<()> {
    let hash = signing::trust::read_certificates(ROOT).first().map(signing::Certificate::sha256).unwrap_or_default();
    let root = trusted::bring(ROOT, (&hash, "Bản dùng thử: chỉ có giá trị trong bản dùng thử này"))?;
    store.write_blocking(store.system_command("signatures.trust", 4), move |tx| trusted::add(tx, &root).map(drop))?;
    for holder in HOLDERS {
        let officer = place.officer(holder.username)?;
        let now = store.now();
        let new = NewSigner {
            kind: holder.kind,
            officer: Some(officer).filter(|_| holder.kind == SignerKind::Person),
            unit: place.unit(holder.agency)?,
            brought: signatures::bring(holder.file, &Secret::new(PASSWORD.to_owned()), now)?,
            picture: None,
        };
        let command = store.system_command("signatures.enter-certificate", 4);
        let command = command.by(Actor::Officer { id: officer, on_behalf_of: None });
        store.write_blocking(command, move |tx| signatures::enter(tx, &new).map(drop))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::staff::STAFF;

    #[test]
    fn every_certificate_names_its_holder_and_says_that_nobody_is() {
        for holder in HOLDERS {
            let brought = signatures::bring(holder.file, &Secret::new(PASSWORD.to_owned()), types::Timestamp::now());
            let name = brought.unwrap().certificate.common_name();
            let member = STAFF.iter().find(|member| member.username == holder.username).expect("somebody of the demo");
            assert!(name.ends_with("(hư cấu)"), "{name}");
            assert!(holder.kind == SignerKind::Agency || name.starts_with(member.name), "{name}");
        }
    }
}
