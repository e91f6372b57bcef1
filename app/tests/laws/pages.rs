//! Every page: drawn with its sample data within the shell, and walked through by link in the demo. Vietnamese, one
//! heading, labels on every box, nothing inline, links that lead somewhere.

mod drawn;
mod faults;
mod links;
mod walk;

use app::{house, modules};
use faults::faults;
use std::collections::BTreeSet;
use std::sync::Arc;
use testkit::{TestDatabase, options};
use types::Id;
use web::{HeldPost, Officer, Sample, Surface, Who};

use crate::world::{program_path, settings};

/// An officer who may do everything, so that the shell shows all of the navigation.
fn everybody() -> Who {
    let permissions = modules::ALL.iter().flat_map(|m| m.permissions).map(|p| p.name.to_owned()).collect();
    let post = HeldPost {
        id: Id(2),
        title: "Công chức Tư pháp – Hộ tịch".into(),
        unit: Id(3),
        unit_name: "Xã Phúc Khê".into(),
        permissions,
        stand_in: false,
    };
    let officer =
        Officer { id: Id(1), name: "Nguyễn Thị Mỹ Hạnh".into(), session: Some(Id(4)), posts: vec![post] };
    Who { officer: Some(Arc::new(officer)), ..Who::default() }
}

/// All samples as whole documents.
fn documents() -> Vec<(Sample, String)> {
    let database = TestDatabase::sqlite();
    database.migrate(&modules::migrations());
    let printing = print::Settings::of(program_path(), ["print-worker"]);
    let house = house::open_with(&settings(&database), options(), (printing, modules::ALL)).expect("the house opens");
    let uri = "/".parse().expect("an address");
    let drawn = |sample: Sample| {
        let who = if sample.page.surface == Surface::Desk { everybody() } else { Who::default() };
        let html = house.draw().page(&house, &who, &uri, &sample.page);
        (sample, html)
    };
    modules::ALL.iter().flat_map(|module| (module.samples)()).map(drawn).collect()
}

#[test]
fn every_sample_is_a_sound_page_in_vietnamese() {
    let mut wrong = Vec::new();
    for (sample, html) in documents() {
        // The style page shows each component, the big heading and the small one among them.
        let style = |fault: &String| sample.name.starts_with("style/") && fault.contains("main headings");
        let found = faults(&html).into_iter().filter(|fault| !style(fault));
        wrong.extend(found.map(|fault| format!("{}: {fault}", sample.name)));
    }
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn samples_have_names_of_their_own_and_every_module_with_pages_has_some() {
    let mut names = BTreeSet::new();
    for module in modules::ALL {
        let samples = (module.samples)();
        let pages = (module.routes)().list().iter().any(|r| r.method == "GET" && !r.path.starts_with("/api/"));
        assert!(!pages || !samples.is_empty(), "{} has pages and no samples", module.name);
        for sample in samples {
            assert!(names.insert((module.name, sample.name)), "{} has two samples {}", module.name, sample.name);
        }
    }
    assert!(names.len() > 60, "only {} samples", names.len());
}

#[test]
fn every_link_and_form_of_a_sample_leads_to_a_route() {
    let mut dead = BTreeSet::new();
    for (sample, html) in documents() {
        // The style page shows components with invented addresses.
        if !sample.name.starts_with("style/") {
            dead.extend(links::dead(&html).into_iter().map(|link| format!("{}: {link}", sample.name)));
        }
    }
    assert!(dead.is_empty(), "{} dead links:\n{}", dead.len(), dead.into_iter().collect::<Vec<_>>().join("\n"));
}

#[test]
fn citizens_pages_are_light_and_need_no_script() {
    for (sample, html) in documents().into_iter().filter(|(sample, _)| sample.page.surface != Surface::Desk) {
        // The officers' entrance brings one, which asks browsers for passkeys; its form for the password needs none.
        let entrance = sample.name.starts_with("sign-in/");
        let wanted = entrance.then(|| format!("<script src=\"{}\"", ui::assets::url(ui::PASSKEY_SCRIPT)));
        assert_eq!(html.matches("<script").count(), usize::from(entrance), "scripts in {}", sample.name);
        let brought = wanted.is_none_or(|script| html.contains(&script));
        assert!(brought, "{} brings another script than that of passkeys", sample.name);
        // The licence page is long by law, the style page shows everything that there is.
        let long = sample.name == "licences" || sample.name.starts_with("style/");
        assert!(long || html.len() < 60 * 1024, "{} has {} bytes", sample.name, html.len());
    }
}

#[test]
fn control_faults_are_found() {
    let page = r##"<!doctype html><html lang="vi"><head><title>Hồ sơ</title></head><body><main>
        <h1>Hồ sơ</h1><h1>Hồ sơ</h1><a href="/x"></a><input id="a" name="a"><p id="a" style="color:red" onclick="x()">
        Loading the page</p><script>1</script><img src="x.png"><button></button></main></body></html>"##;
    let found = faults(page);
    let parts = [
        "headings",
        "no words",
        "no label",
        "id «a» twice",
        "style",
        "onclick",
        "«loading»",
        "«the»",
        "inline script",
        "image",
        "button",
    ];
    for part in parts {
        assert!(found.iter().any(|fault| fault.contains(part)), "{part} was not found in {found:?}");
    }
    assert_eq!(faults(&page.replace("lang=\"vi\"", "")).len(), found.len() + 1, "the language is looked at");
    assert_eq!(links::dead(page), ["a /x"]);
}
