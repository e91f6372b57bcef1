//! The list as a spreadsheet: all of its pages, and nothing that the reader may not list.

use super::house::Site;
use super::world::{BIRTH, STATUS};
use std::io::{Cursor, Read};
use testkit::{TestDatabase, each_engine};

/// The codes in a register, in its order.
fn codes(site: &Site, who: &str, query: &str) -> Vec<String> {
    let answer = site.client(who).get(&format!("/ho-so/so-theo-doi.xlsx?{query}")).assert_status(200);
    let told = answer.header("content-disposition").unwrap_or_default();
    assert!(told.starts_with("attachment") && told.contains("so-theo-doi-ho-so-"), "{told}");
    let mut file = zip::ZipArchive::new(Cursor::new(answer.body.to_vec())).expect("a spreadsheet");
    let mut part = |path: &str| {
        let mut text = String::new();
        file.by_name(path).expect("a part").read_to_string(&mut text).expect("text");
        text
    };
    // The shared texts are kept in the order in which they were first written: row by row.
    let strings = part("xl/sharedStrings.xml");
    let texts = strings.split("<t").skip(1).filter_map(|rest| rest.split_once('>')?.1.split_once("</t>"));
    texts.map(|(text, _)| text.to_owned()).filter(|text| text.starts_with('H') && text.contains("-26")).collect()
}

fn register(database: &TestDatabase) {
    let site = Site::new(database);
    let names = ["Nguyễn Thị Mỹ Hạnh", "Lò Thị Mẩy", "Y Moan Êban", "Nguyễn Văn Ánh", "Đặng Đình Ưởng"];
    let mut received: Vec<String> = names.map(|name| site.world.receive(STATUS, name).code).to_vec();
    let other = site.world.receive(BIRTH, "Nguyễn Thị Mỹ Hạnh").code;
    received.push(other.clone());
    received.reverse();
    assert_eq!(codes(&site, "counter", ""), received, "several looks, the newest first");
    assert_eq!(codes(&site, "counter", &format!("thu-tuc={BIRTH}")), [other]);
    assert_eq!(codes(&site, "counter", "q=nguyễn").len(), 3);
    assert_eq!(codes(&site, "counter", "sau=1-0"), received, "no page of it is left out");
    let nothing: [String; 0] = [];
    assert_eq!(codes(&site, "counter", "trang-thai=10"), nothing);
    // Another commune's, asked for by name and by unit.
    assert_eq!(codes(&site, "stranger", ""), nothing);
    assert_eq!(codes(&site, "stranger", &format!("q={}", received[0])), nothing);
    let unit = format!("/ho-so/so-theo-doi.xlsx?don-vi={}", site.world.commune);
    site.client("counter").get(&unit).assert_status(200);
    site.client("stranger").get(&unit).assert_status(404);
    site.client("nobody").get("/ho-so/so-theo-doi.xlsx").assert_leads_to("/dang-nhap?tiep=/ho-so/so-theo-doi.xlsx");
}

#[test]
fn the_register_has_all_that_its_reader_may_list() {
    each_engine(|database| register(&database));
}
