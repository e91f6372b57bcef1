//! The next certificate in the place of the last, while connections stand.

use super::*;
use crate::tls::told::care;
use rcgen::CertificateParams;
use std::sync::Arc;

const DAY: i64 = 86_400;

#[tokio::test]
async fn before_its_end_the_next_one_is_shown_and_connections_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let now = Timestamp::now();
    let certificates = opened(&local(folder.path()), now);
    let authority = certificates.authority().unwrap();
    let running = run(&certificates, Proxies::None).await;
    let mut early = Device::trusting(authority.certificate()).shake(running.port, "nhaviec.lan").await.unwrap();
    let first = shown(&early);
    certificates.look(now.plus_seconds(59 * DAY));
    let same = Device::trusting(authority.certificate()).shake(running.port, "nhaviec.lan").await.unwrap();
    assert_eq!(shown(&same), first, "a month before its end it still stands");
    let later = now.plus_seconds(61 * DAY);
    certificates.look(later);
    assert!(certificates.told().ends.0 > now.plus_seconds(150 * DAY).0);
    let late = Device { now: later, ..Device::trusting(authority.certificate()) };
    let next = late.shake(running.port, "nhaviec.lan").await.unwrap();
    assert_ne!(shown(&next), first);
    assert!(ask(&mut early, "").await.starts_with("HTTP/1.1 200"), "the connection from before goes on");
    // A certificate lasts for so long that devices of every make take it.
    let leaf = facts_of(&first);
    assert!((leaf.1.0 - leaf.0.0) / 1_000_000 <= 397 * DAY);
}

#[test]
fn an_authority_of_a_clock_that_was_ahead_is_told_and_not_tried_again_and_again() {
    let folder = tempfile::tempdir().unwrap();
    let now = Timestamp::now();
    let certificates = opened(&local(folder.path()), now.plus_seconds(3650 * DAY));
    let key = || Arc::as_ptr(&certificates.shown().leaf.as_ref().unwrap().key());
    certificates.look(now);
    let first = key();
    certificates.look(now);
    assert_eq!(key(), first, "the next one would be no better");
    let cares = care(&certificates.told(), now);
    assert!(cares.iter().any(|care| care.is_pressing && care.found.contains("giờ của máy")), "{cares:?}");
}

fn facts_of(certificate: &CertificateDer<'_>) -> (Timestamp, Timestamp) {
    let facts = crate::tls::leaf::facts(certificate).unwrap();
    (facts.begins, facts.ends)
}

#[test]
fn when_the_machine_gets_another_address_the_certificate_follows() {
    let folder = tempfile::tempdir().unwrap();
    let now = Timestamp::now();
    let certificates = opened(&local(folder.path()), now);
    let moved = |said: &[String]| {
        let mut names = names::all(said);
        names.push(Name::of("10.77.66.55"));
        names
    };
    assert!(!certificates.covers("10.77.66.55"));
    certificates.look_with(now, moved);
    assert!(certificates.covers("10.77.66.55") && certificates.covers("nhaviec.lan"));
    let ends = certificates.told().ends;
    certificates.look_with(now.plus_seconds(60), moved);
    assert_eq!(certificates.told().ends, ends, "nothing changed, so it is the same one");
    // A name of which the authority knew nothing when it was made.
    certificates.look_with(now, |_| vec![Name::of("nhaviec.lan"), Name::of("dichvu.labang.gov.vn")]);
    let Mode::Local { left_out, .. } = certificates.told().mode else { panic!("local") };
    assert_eq!(left_out, ["dichvu.labang.gov.vn"]);
    let cares = care(&certificates.told(), now);
    assert!(
        cares[0].found.contains("dichvu.labang.gov.vn") && cares[0].advice.contains("tls-authority.pem"),
        "{cares:?}"
    );
}

/// Files as a public authority's tools leave them: for this name, until then.
struct Given {
    chain: String,
    key: String,
    certificate: CertificateDer<'static>,
}

fn given(name: &str, ends: Timestamp) -> Given {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.not_after = time::OffsetDateTime::from_unix_timestamp(ends.0 / 1_000_000).unwrap();
    let own = params.self_signed(&key).unwrap();
    Given { chain: own.pem(), key: key.serialize_pem(), certificate: own.der().clone() }
}

fn put(folder: &Path, chain: &str, key: &str) {
    std::fs::write(folder.join("chain.pem"), chain).unwrap();
    std::fs::write(folder.join("key.pem"), key).unwrap();
}

fn files(folder: &Path) -> Settings {
    settings(folder, Tls::Files { certificate: folder.join("chain.pem"), key: folder.join("key.pem") })
}

#[tokio::test]
async fn files_that_change_are_shown_and_broken_ones_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let now = Timestamp::now();
    let year = now.plus_seconds(365 * DAY);
    let (one, two) = (given("nhaviec.lan", year), given("nhaviec.lan", year));
    put(folder.path(), &one.chain, &one.key);
    let certificates = opened(&files(folder.path()), now);
    let running = run(&certificates, Proxies::None).await;
    let is_shown = async |given: &Given| {
        let shaken = Device::trusting(&given.certificate).shake(running.port, "nhaviec.lan").await;
        shaken.is_ok_and(|stream| shown(&stream) == given.certificate)
    };
    assert!(is_shown(&one).await);
    assert_eq!(care(&certificates.told(), now), []);
    // Half of it is there: the chain is the new one, the key is not yet.
    for (chain, key, told) in [
        (two.chain.as_str(), one.key.as_str(), "khóa không phải của chứng thư"),
        (&two.chain[..two.chain.len() / 2], two.key.as_str(), "không có chứng thư dạng PEM"),
        (two.chain.as_str(), "", "không có khóa dạng PEM"),
    ] {
        put(folder.path(), chain, key);
        certificates.look(now);
        assert!(is_shown(&one).await, "the last good one stays: {told}");
        let cares = care(&certificates.told(), now);
        assert!(cares.len() == 1 && cares[0].found.contains(told) && !cares[0].is_pressing, "{cares:?}");
    }
    std::fs::remove_file(folder.path().join("key.pem")).unwrap();
    certificates.look(now);
    assert!(care(&certificates.told(), now)[0].found.contains("không có tệp này"));
    put(folder.path(), &two.chain, &two.key);
    certificates.look(now);
    assert!(is_shown(&two).await && !is_shown(&one).await);
    assert_eq!(care(&certificates.told(), now), []);
    put(folder.path(), "rác", &two.key);
    certificates.look(now);
    put(folder.path(), &two.chain, &two.key);
    certificates.look(now);
    assert_eq!(care(&certificates.told(), now), [], "what was put right is no trouble any more");
}

#[test]
fn files_that_do_not_fit_are_refused_at_the_start_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let now = Timestamp::now();
    let (one, two) = (given("nhaviec.lan", now.plus_seconds(DAY)), given("nhaviec.lan", now.plus_seconds(DAY)));
    let refused = || Certificates::default().open(&files(folder.path()), now).unwrap_err().to_string();
    assert!(refused().contains("chain.pem: không có tệp này"), "{}", refused());
    for (chain, key, told) in [
        (one.chain.as_str(), two.key.as_str(), "khóa không phải của chứng thư đầu tiên"),
        ("", one.key.as_str(), "không có chứng thư dạng PEM"),
        (
            one.chain.as_str(),
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
            "mật khẩu",
        ),
        (one.key.as_str(), one.key.as_str(), "không có chứng thư dạng PEM"),
    ] {
        put(folder.path(), chain, key);
        assert!(refused().contains(told), "{told}: {}", refused());
    }
}

#[test]
fn what_ends_or_is_for_another_name_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let now = Timestamp::now();
    let cares = |name: &str, days: i64| {
        let given = given(name, now.plus_seconds(days * DAY));
        put(folder.path(), &given.chain, &given.key);
        care(&opened(&files(folder.path()), now).told(), now)
    };
    assert_eq!(cares("nhaviec.lan", 30), []);
    for (days, is_pressing, told) in [(20, false, "hết hạn ngày"), (6, true, "hết hạn ngày"), (-1, true, "đã hết hạn")]
    {
        let cares = cares("nhaviec.lan", days);
        assert!(cares.len() == 1 && cares[0].is_pressing == is_pressing && cares[0].found.contains(told), "{cares:?}");
    }
    let other = cares("ten-khac.lan", 300);
    assert!(other[0].is_pressing && other[0].found.contains("không ghi tên nhaviec.lan"), "{other:?}");
    let old = tempfile::tempdir().unwrap();
    let certificates = opened(&local(old.path()), now);
    for (years, is_pressing, told) in [(5, None, ""), (9, Some(false), "hết hạn ngày"), (11, Some(true), "đã hết hạn")]
    {
        let then = now.plus_seconds(years * 365 * DAY + 2 * DAY);
        certificates.look(then);
        let cares = care(&certificates.told(), then);
        assert_eq!(cares.first().map(|care| care.is_pressing), is_pressing, "{cares:?}");
        assert!(
            cares.is_empty() || cares[0].found.contains("Chứng thư gốc") && cares[0].found.contains(told),
            "{cares:?}"
        );
    }
    let key = || certificates.shown().leaf.as_ref().map(|leaf| Arc::as_ptr(&leaf.key())).unwrap();
    let (before, then) = (key(), now.plus_seconds(11 * 365 * DAY));
    certificates.look(then.plus_seconds(2 * DAY + 60));
    assert_eq!(key(), before, "what would end as soon is not issued again and again");
}
