//! Requests about certificates: one's own, and those of the units whose register somebody keeps.

use super::case::Outsider::{NotOffered, NotThere, SeesNothing};
use super::case::{Asked, Case, Sent, ask, get, post};
use crate::world::{Rank, World};

const OWN: &str = "/chung-thu-ky/de-nghi";
const REGISTER: &str = "/quan-tri/chung-thu-ky/de-nghi";

pub fn cases() -> Vec<Case> {
    [own(), kept()].into_iter().flatten().collect()
}

/// A link that leads to what was asked for last.
fn link(world: &World) -> String {
    format!("href=\"{OWN}/{}\"", world.last_request())
}

fn own() -> Vec<Case> {
    vec![
        get("/chung-thu-ky/de-nghi", Rank::Leader, |world| {
            world.asked_request();
            OWN.into()
        })
        .hides(|world, _| link(world))
        .bystander(SeesNothing),
        get("/chung-thu-ky/de-nghi/moi", Rank::Leader, |_| format!("{OWN}/moi?loai=new"))
            .hides(|world, _| format!("value=\"{}\"", world.person(Rank::Leader).officer)),
        ask("POST", "/chung-thu-ky/de-nghi/moi", Rank::Leader, |world| {
            world.no_requests();
            Asked::browser(world.person(Rank::Leader), Sent::Form(world.new_request(Rank::Leader)))
        })
        .neighbour(NotOffered),
        get("/chung-thu-ky/de-nghi/{id}", Rank::Leader, |world| format!("{OWN}/{}", world.asked_request()))
            .outsiders(NotThere),
        get("/chung-thu-ky/de-nghi/{id}/in.pdf", Rank::Leader, |world| {
            format!("{OWN}/{}/in.pdf", world.asked_request())
        })
        .outsiders(NotThere),
        post("/chung-thu-ky/de-nghi/{id}/rut", Rank::Leader, |world| {
            let page = format!("{OWN}/{}", world.asked_request());
            world.form_of(Rank::Leader, &page, &format!("{page}/rut"))
        })
        .outsiders(NotThere),
    ]
}

fn kept() -> Vec<Case> {
    let act = |world: &World, id: types::Id, verb: &str| {
        world.form_of(Rank::Keeper, &format!("{OWN}/{id}"), &format!("{REGISTER}/{id}/{verb}"))
    };
    vec![
        get("/quan-tri/chung-thu-ky/de-nghi", Rank::Keeper, |world| {
            world.asked_request();
            REGISTER.into()
        })
        .hides(|world, _| link(world)),
        get("/quan-tri/chung-thu-ky/de-nghi/danh-sach.pdf", Rank::Keeper, |world| {
            world.confirmed_request();
            format!("{REGISTER}/danh-sach.pdf")
        }),
        post("/quan-tri/chung-thu-ky/de-nghi/gui", Rank::Keeper, |world| {
            let id = world.confirmed_request();
            world.sending_form(id)
        }),
        post("/quan-tri/chung-thu-ky/de-nghi/{id}/xac-nhan", Rank::Keeper, move |world| {
            act(world, world.asked_request(), "xac-nhan")
        }),
        post("/quan-tri/chung-thu-ky/de-nghi/{id}/tu-choi", Rank::Keeper, move |world| {
            act(world, world.asked_request(), "tu-choi").set("why", "Sai chức vụ.")
        }),
        post("/quan-tri/chung-thu-ky/de-nghi/{id}/xong", Rank::Keeper, move |world| {
            act(world, world.sent_request(), "xong").set("result", "Đã cấp, dùng ở phần mềm khác.")
        }),
    ]
}
