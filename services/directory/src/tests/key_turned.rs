//! A new key takes the place of the old one: step by step, whoever writes meanwhile, and cut short anywhere.

use super::second_factor::enrol;
use super::world::{PASSWORD, World, each_world, note};
use crate::keys::{Keys, key_path, rotation, sealed, totp_of};
use crate::{MODULE, account};
use std::sync::mpsc;
use std::time::Duration;
use store::{Tx, params};
use types::{Error, Id, Result};

/// More writes than any of these needs.
const MANY: usize = 100;

fn begin(world: &World) -> Result<i64> {
    rotation::begin(world.node.store(), &world.database.dir)
}

/// Lets the job run as far as it comes; answers whether nothing is left.
fn go_on(world: &World) -> bool {
    let keys = world.node.directory.looked_up_keys();
    rotation::go_on(world.node.store(), &keys, MODULE.sealed, MANY).unwrap_or_else(|e| panic!("{e} {}", e.inward()))
}

/// The sealed secret of an officer and the key that the row says it needs.
fn kept(world: &World, officer: Id) -> (Option<String>, Option<i64>) {
    world.node.read(|r| r.one("SELECT totp_secret, sealed_with FROM account WHERE officer_id = $1", params![officer]))
}

fn generations(world: &World) -> Vec<i64> {
    let rows: Vec<(i64,)> =
        world.node.read(|r| r.all("SELECT generation FROM sealing_key ORDER BY generation", params![]));
    rows.into_iter().map(|(number,)| number).collect()
}

fn faults(world: &World) -> Vec<String> {
    let now = world.node.store().now();
    world.node.read(|r| sealed::faults(r, &world.database.dir, MODULE.sealed, now))
}

/// Puts a secret in an account as a node with these keys does.
fn put(world: &World, keys: &Keys, officer: Id) -> Result<()> {
    let (keys, text) = (keys.clone(), keys.seal(totp_of(officer), b"bi mat").unwrap());
    world.node.try_write(move |tx| put_in(tx, &keys, (officer, &text)))
}

fn put_in(tx: &mut Tx<'_>, keys: &Keys, (officer, text): (Id, &str)) -> Result<()> {
    let with = keys.enter(tx)?;
    tx.exec(
        "UPDATE account SET totp_secret = $1, sealed_with = $2 WHERE officer_id = $3",
        params![text, with, officer],
    )?;
    note(tx)
}

#[test]
fn a_new_key_takes_the_place_of_the_old_one() {
    each_world(|world| {
        let secret = enrol(&world, &mut world.signed_in("uong.dd"));
        assert_eq!(generations(&world), [1]);
        assert!(go_on(&world), "nothing is to be done with one key");
        assert_eq!(begin(&world).unwrap(), 2);
        let told = begin(&world).unwrap_err();
        assert!(matches!(&told, Error::Conflict(s) if s.contains("chưa xong")), "{told:?}");
        let keys = world.node.directory.looked_up_keys();
        assert_eq!(keys.newest(), 2);
        let turning = world.node.read(|r| rotation::turning(r, MODULE.sealed)).unwrap();
        assert_eq!((turning.left, turning.more, turning.turns, turning.lost), (1, false, true, None));
        assert!(!go_on(&world), "the old one stays until every node has heard of the new one");
        assert_eq!((kept(&world, world.uong).1, generations(&world)), (Some(2), vec![1, 2]));
        assert_eq!(world.node.read(|r| rotation::turning(r, MODULE.sealed)).unwrap().left, 0);
        world.wait_minutes(11);
        assert!(go_on(&world));
        assert_eq!(generations(&world), [2]);
        assert_eq!(world.node.audited("directory.new-key"), 1);
        assert_eq!(world.node.audited("directory.retire-key"), 1);
        let (text, _) = kept(&world, world.uong);
        let text = text.unwrap();
        assert!(text.starts_with("2."), "{text}");
        assert_eq!(keys.open_sealed(totp_of(world.uong), &text).unwrap(), secret);
        assert_eq!(faults(&world), Vec::<String>::new());
        // The next one is the third, and the file keeps all that backups may need.
        assert_eq!(begin(&world).unwrap(), 3);
        let file = std::fs::read_to_string(key_path(&world.database.dir)).unwrap();
        assert_eq!(file.lines().count(), 3);
        let mode =
            std::os::unix::fs::PermissionsExt::mode(&key_path(&world.database.dir).metadata().unwrap().permissions());
        assert_eq!(mode & 0o077, 0, "only its owner reads it");
    });
}

#[test]
fn a_change_of_keys_that_was_cut_short_is_finished_by_the_next_one() {
    each_world(|world| {
        enrol(&world, &mut world.signed_in("uong.dd"));
        // The file has the new generation, the database was not told.
        let path = key_path(&world.database.dir);
        let first = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("{first}\n{}", "ab".repeat(32))).unwrap();
        assert_eq!(begin(&world).unwrap(), 2);
        assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 2, "no third one is made");
        world.wait_minutes(11);
        assert!(go_on(&world));
        assert_eq!((kept(&world, world.uong).1, generations(&world)), (Some(2), vec![2]));
    });
}

#[test]
fn what_a_node_seals_with_the_old_key_is_neither_lost_nor_left_behind() {
    each_world(|world| {
        enrol(&world, &mut world.signed_in("uong.dd"));
        // A node that has not heard of the new key for very long.
        let stale = world.node.directory.looked_up_keys();
        world.node.read(|r| stale.look(r));
        begin(&world).unwrap();
        world.wait_minutes(11);
        let held = world.node.directory.looked_up_keys();
        rotation::go_on(world.node.store(), &held, MODULE.sealed, 1).unwrap();
        put(&world, &stale, world.chi).unwrap();
        assert_eq!(kept(&world, world.chi).1, Some(1));
        assert!(go_on(&world), "its row is found and sealed anew before the old key goes");
        assert_eq!((kept(&world, world.chi).1, generations(&world)), (Some(2), vec![2]));
        // After that the database refuses the old key.
        assert!(put(&world, &stale, world.hanh).is_err());
        assert_eq!(kept(&world, world.hanh), (None, None));
        put(&world, &world.node.directory.looked_up_keys(), world.hanh).unwrap();
        assert_eq!(faults(&world), Vec::<String>::new());
    });
}

#[test]
fn a_row_that_changes_meanwhile_stays_as_the_other_write_left_it() {
    each_world(|world| {
        enrol(&world, &mut world.signed_in("uong.dd"));
        let stale = world.node.directory.looked_up_keys();
        begin(&world).unwrap();
        let (uong, text) = (world.uong, stale.seal(totp_of(world.uong), b"bi mat khac").unwrap());
        let (begun, begins) = mpsc::channel();
        std::thread::scope(|scope| {
            let (keys, text) = (stale.clone(), text.clone());
            let world = &world;
            let one = scope.spawn(move || {
                world.node.write(move |tx| {
                    put_in(tx, &keys, (uong, &text))?;
                    // On PostgreSQL it goes with the next question.
                    let _: Option<(i64,)> = tx.opt("SELECT 1", params![])?;
                    let _ = begun.send(());
                    // Long enough for the other to read the old value and to stand before the row.
                    std::thread::sleep(Duration::from_millis(400));
                    Ok(())
                });
            });
            begins.recv().expect("the first one begins");
            go_on(world);
            one.join().expect("the first one ends");
        });
        world.wait_minutes(11);
        assert!(go_on(&world));
        let (kept, with) = kept(&world, uong);
        let keys = world.node.directory.looked_up_keys();
        assert_eq!(keys.open_sealed(totp_of(uong), &kept.unwrap()).unwrap(), b"bi mat khac");
        assert_eq!(with, Some(2));
    });
}

#[test]
fn a_secret_that_waits_and_one_in_use_may_be_of_two_keys() {
    each_world(|world| {
        let mut browser = world.signed_in("uong.dd");
        enrol(&world, &mut browser);
        begin(&world).unwrap();
        let keys = world.node.directory.looked_up_keys();
        let (uong, text) = (world.uong, keys.seal(totp_of(world.uong), b"cho xac nhan").unwrap());
        let session = world.node.who(&browser).officer.unwrap().session.unwrap();
        let offered = keys.clone();
        world.node.write(move |tx| account::offer_second_factor(tx, uong, (&offered, &text, session), None));
        assert_eq!(kept(&world, uong).1, Some(1), "the older of the two is needed still");
        assert_eq!(faults(&world), Vec::<String>::new());
        go_on(&world);
        assert_eq!(kept(&world, uong).1, Some(2));
        world.node.write(move |tx| account::remove_second_factor(tx, uong));
        assert_eq!(kept(&world, uong), (None, None));
        assert_eq!(faults(&world), Vec::<String>::new());
    });
}

#[test]
fn a_lost_key_is_declared_and_the_house_goes_on_without_it() {
    each_world(|world| {
        let data = world.database.dir.clone();
        enrol(&world, &mut world.signed_in("uong.dd"));
        let lose = || rotation::declare_lost(world.node.store(), &data);
        let told = lose().unwrap_err();
        assert!(matches!(&told, Error::Conflict(s) if s.contains("không có khóa nào bị mất")), "{told:?}");
        // Another key in its place is put aside, never destroyed.
        let other = "cd".repeat(32);
        std::fs::write(key_path(&data), &other).unwrap();
        let (lost, aside) = lose().unwrap();
        assert_eq!(lost, [1]);
        assert_eq!(std::fs::read_to_string(aside.unwrap()).unwrap(), other);
        world.node.store().read_blocking(|reader| Keys::prove(reader, &data)).unwrap();
        let text = std::fs::read_to_string(key_path(&data)).unwrap();
        assert_eq!(text.lines().next(), Some("lost"));
        assert_eq!((generations(&world), world.node.audited("directory.lose-key")), (vec![1, 2], 1));
        let turning = world.node.read(|r| rotation::turning(r, MODULE.sealed)).unwrap();
        assert_eq!((turning.turns, turning.left, turning.lost), (false, 0, Some(1)));
        assert!(faults(&world).concat().contains("không khóa nào mở được"));
        // The running node keeps the keys that it has, and writes with the lost one no more.
        let directory = &world.node.directory;
        assert_eq!(directory.looked_up_keys().newest(), 1);
        assert!(directory.refuses_key_file());
        world.node.read(|r| directory.keys().look(r));
        assert!(matches!(put(&world, &directory.keys(), world.chi), Err(Error::Unavailable { .. })));
        // What cannot be opened is passed over, and the key that it needs is not retired; the next change of keys ends.
        let go_on = || {
            let keys = Keys::read(&data).unwrap();
            rotation::go_on(world.node.store(), &keys, MODULE.sealed, MANY).unwrap()
        };
        world.wait_minutes(11);
        assert!(go_on());
        assert_eq!(generations(&world), [1, 2]);
        put(&world, &Keys::read(&data).unwrap(), world.chi).unwrap();
        assert_eq!(begin(&world).unwrap(), 3);
        assert!(matches!(begin(&world), Err(Error::Conflict(_))));
        assert!(!go_on());
        world.wait_minutes(11);
        assert!(go_on());
        assert_eq!((generations(&world), kept(&world, world.chi).1), (vec![1, 3], Some(3)));
        assert_eq!(kept(&world, world.uong).1, Some(1));
        for officer in world.node.read(|r| crate::broken_second_factors(r, &data)) {
            world.node.write(move |tx| account::remove_second_factor(tx, officer));
        }
        assert!(go_on());
        assert_eq!(generations(&world), [3]);
        assert_eq!(faults(&world), Vec::<String>::new());
        let mut browser = world.browser();
        super::world::sign_in(&mut browser, "uong.dd", PASSWORD).assert_leads_to("/");
    });
}

#[test]
fn a_broken_key_file_is_taken_for_what_can_be_read_of_it() {
    each_world(|world| {
        let data = world.database.dir.clone();
        enrol(&world, &mut world.signed_in("uong.dd"));
        let (path, prove) = (key_path(&data), || world.node.store().read_blocking(|r| Keys::prove(r, &data)));
        let first = std::fs::read_to_string(&path).unwrap();
        // The right key, and rubbish after it: nothing is lost.
        std::fs::write(&path, format!("{first}\n\u{fffd}rac")).unwrap();
        let told = prove().unwrap_err().to_string();
        assert!(told.contains("Không đọc được tệp khóa") && told.contains("nhaviec keys lost"), "{told}");
        let (lost, aside) = rotation::declare_lost(world.node.store(), &data).unwrap();
        assert_eq!((lost, aside.is_some()), (Vec::new(), true));
        prove().unwrap();
        world.wait_minutes(11);
        assert!(go_on(&world));
        let newest = Keys::read(&data).unwrap().newest();
        assert_eq!((generations(&world), kept(&world, world.uong).1), (vec![newest], Some(newest)));
        for broken in ["", "00", "\u{0}\u{1}"] {
            std::fs::write(&path, broken).unwrap();
            let newest = generations(&world).into_iter().max().unwrap();
            let (lost, _) = rotation::declare_lost(world.node.store(), &data).unwrap();
            assert_eq!(lost, [newest], "{broken:?}");
            prove().unwrap();
            assert_eq!(Keys::read(&data).unwrap().newest(), newest + 1, "{broken:?}");
        }
    });
}

#[test]
fn of_two_changes_of_keys_at_once_one_is_refused_and_no_key_is_lost() {
    each_world(|world| {
        enrol(&world, &mut world.signed_in("uong.dd"));
        let begun: Vec<Result<i64>> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| begin(&world))).collect();
            threads.into_iter().map(|thread| thread.join().expect("it ends")).collect()
        });
        let done: Vec<i64> = begun.iter().filter_map(|one| one.as_ref().ok()).copied().collect();
        assert_eq!(done, [2], "{begun:?}");
        assert_eq!(std::fs::read_to_string(key_path(&world.database.dir)).unwrap().lines().count(), 2);
        world.node.store().read_blocking(|r| Keys::prove(r, &world.database.dir)).unwrap();
        // A node with a folder of its own made another key of that number: it writes nothing.
        let own = world.database.dir.join("other");
        std::fs::create_dir_all(own.join("keys")).unwrap();
        let first = std::fs::read_to_string(key_path(&world.database.dir)).unwrap();
        let first = first.lines().next().unwrap();
        std::fs::write(key_path(&own), format!("{first}\n{}", "ef".repeat(32))).unwrap();
        let stray = Keys::read(&own).unwrap();
        world.node.read(|r| stray.look(r));
        let told = put(&world, &stray, world.chi).unwrap_err();
        assert!(
            matches!(told, Error::Unavailable { .. }) && told.to_string().contains("keys/directory.key"),
            "{told:?}"
        );
        assert_eq!(kept(&world, world.chi), (None, None));
    });
}

#[test]
fn a_running_node_takes_no_key_file_that_is_no_continuation() {
    each_world(|world| {
        let path = key_path(&world.database.dir);
        enrol(&world, &mut world.signed_in("uong.dd"));
        let (directory, secret) = (&world.node.directory, world.node.directory.content_key());
        let first = std::fs::read_to_string(&path).unwrap();
        let other = "ef".repeat(32);
        for wrong in [&other[..], "", &format!("{other}\n{first}"), &format!("lost\n{first}")] {
            std::fs::write(&path, wrong).unwrap();
            let (text, _) = kept(&world, world.uong);
            directory.looked_up_keys().open_sealed(totp_of(world.uong), &text.unwrap()).expect("the keys it had");
            assert!(directory.refuses_key_file(), "{wrong:?}");
        }
        std::fs::write(&path, &first).unwrap();
        assert_eq!(directory.looked_up_keys().newest(), 1);
        assert!(!directory.refuses_key_file());
        begin(&world).unwrap();
        assert_eq!(directory.looked_up_keys().newest(), 2);
        assert!(!directory.refuses_key_file());
        assert_eq!(directory.content_key(), secret, "what was asked is known again");
    });
}

#[test]
fn what_was_written_in_clear_is_found() {
    each_world(|world| {
        world.database.script(&format!("UPDATE account SET totp_pending = 'abc' WHERE officer_id = {}", world.chi));
        enrol(&world, &mut world.signed_in("uong.dd"));
        assert!(faults(&world).concat().contains("1 tài khoản có giá trị để ngoài mã hóa"), "{:?}", faults(&world));
    });
}

#[test]
fn a_waiting_secret_under_a_lost_key_is_dropped_and_one_of_a_slow_node_is_not_left_behind() {
    each_world(|world| {
        let data = world.database.dir.clone();
        let mut browser = world.signed_in("uong.dd");
        enrol(&world, &mut browser);
        let session = world.node.who(&browser).officer.unwrap().session.unwrap();
        let stale = world.node.directory.looked_up_keys();
        world.node.read(|r| stale.look(r));
        begin(&world).unwrap();
        go_on(&world);
        assert_eq!(kept(&world, world.uong).1, Some(2));
        let (uong, text) = (world.uong, stale.seal(totp_of(world.uong), b"cho xac nhan").unwrap());
        world.node.write(move |tx| account::offer_second_factor(tx, uong, (&stale, &text, session), None));
        assert_eq!(kept(&world, uong).1, Some(1), "the older key is needed again");
        go_on(&world);
        assert_eq!(kept(&world, uong).1, Some(2));
        std::fs::write(key_path(&data), "cd".repeat(32)).unwrap();
        rotation::declare_lost(world.node.store(), &data).unwrap();
        assert_eq!(world.node.read(|r| account::broken_offers(r, &data)), [uong]);
        world.node.write(move |tx| account::drop_broken_offer(tx, uong));
        assert_eq!(world.node.read(|r| account::broken_offers(r, &data)), []);
        assert_eq!(world.node.audited("directory.withdraw_second_factor"), 1);
    });
}
