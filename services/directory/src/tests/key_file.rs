//! The key file: without the right one the house stays closed, and there is a way out.

use super::second_factor::enrol;
use super::world::each_world;
use crate::{Directory, Rules};
use types::Error;

#[test]
fn a_lost_key_is_told_and_not_replaced() {
    each_world(|world| {
        let data = world.database.dir.clone();
        let prove = || world.node.store().read_blocking(|reader| Directory::prove_key(reader, &data));
        let path = data.join("keys/directory.key");
        let kept = std::fs::read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        prove().expect("nothing is sealed yet: a new key does no harm");
        std::fs::write(&path, &kept).unwrap();
        enrol(&world, &mut world.signed_in("uong.dd"));
        prove().unwrap();
        let refused = |why: &str| {
            let told = prove().unwrap_err();
            assert!(matches!(told, Error::Conflict(_)), "{told:?}");
            let told = told.to_string();
            assert!(told.contains(why) && told.contains("nhaviec keys lost"), "{told}");
        };
        std::fs::remove_file(&path).unwrap();
        refused("Không thấy tệp khóa");
        assert!(!path.exists(), "asking makes no key");
        std::fs::write(&path, "0".repeat(64)).unwrap();
        refused("không khớp");
        std::fs::write(&path, &kept).unwrap();
        prove().unwrap();
    });
}

#[test]
fn drafts_that_a_crash_left_behind_stand_in_nobodys_way() {
    let data = std::env::temp_dir().join(format!("nhaviec-drafts-{}", rand::random::<u64>()));
    let folder = data.join("keys");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(format!("directory.key.{}", std::process::id())), "half").unwrap();
    let clock = std::sync::Arc::new(types::time::SystemClock);
    Directory::open(&data, clock, Rules::default()).unwrap();
    assert_eq!(std::fs::read(folder.join("directory.key")).unwrap().len(), 64);
    std::fs::remove_dir_all(&data).unwrap();
}
