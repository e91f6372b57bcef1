//! Setting up: the whole country's units on both engines.

use crate::{Directory, MODULE, Rules, setup};
use std::time::Instant;
use testkit::each_engine;

#[test]
fn all_provinces_and_communes_are_installed() {
    each_engine(|database| {
        let store = database.migrate(&[(MODULE.name, MODULE.migrations)]).open();
        let command = store.system_command("directory.install_units", setup::INSTALL_IDS);
        let count = store.write_blocking(command, |tx| setup::install_units(tx, setup::UNITS_SINCE_2025)).unwrap();
        assert_eq!(count, 3355);
        let directory = Directory::open(&database.dir, store.clock(), Rules::default()).unwrap();
        let started = Instant::now();
        let tree = store.read_blocking(|reader| directory.tree(reader)).unwrap();
        eprintln!("{:?}: the tree of {} units was read in {:?}", database.engine(), tree.len(), started.elapsed());
        assert_eq!((tree.len(), tree.roots.len()), (3355, 34));
        let names: Vec<&str> = tree.roots.iter().map(|id| tree.get(*id).unwrap().short_name.as_str()).collect();
        assert_eq!(&names[..3], ["An Giang", "Bắc Ninh", "Cà Mau"]);
        assert!(names.iter().position(|n| *n == "Đà Nẵng") > names.iter().position(|n| *n == "Cao Bằng"));
        let command = store.system_command("directory.give_code", 4);
        let commune = store
            .write_blocking(command, |tx| {
                let id = setup::unit_by_gso_code(tx, "00004")?.expect("Ba Đình is there");
                setup::give_code(tx, id, "H26.01")?;
                Ok(id)
            })
            .unwrap();
        let tree = store.read_blocking(|reader| directory.tree(reader)).unwrap();
        let unit = tree.by_code("H26.01").unwrap();
        assert_eq!((unit.id, unit.name.as_str(), unit.short_name.as_str()), (commune, "Phường Ba Đình", "Ba Đình"));
        assert_eq!(tree.name(tree.line(commune)[1]), "Thành phố Hà Nội");
        assert_eq!(tree.below(tree.roots[0]).len(), 1 + tree.children(tree.roots[0]).len());
    });
}
