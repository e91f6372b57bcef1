//! Every trouble of a machine is told, alone and with what to do.

use super::*;
use crate::tls::Mode;
use crate::upkeep::run::Kind;
use types::Id;

const TLS: &str = "Đường truyền mã hóa (TLS)";
const NOW: Timestamp = Timestamp(1_795_000_000_000_000);

fn run(kind: Kind, days_ago: i64, failure: Option<&str>) -> Run {
    let began_at = NOW.plus_seconds(-days_ago * DAY);
    let failure = failure.map(str::to_owned);
    let file = "/media/usb/nhaviec-20261120-223000.tar.zst.age".to_owned();
    Run { id: Id(1), kind, file, began_at, ended_at: Some(began_at.plus_seconds(60)), bytes: Some(9), failure }
}

/// A machine of which nothing is to be complained.
pub fn sound() -> Known {
    let nothing = Backlog { count: 0, since: None };
    let folder = "/media/usb".to_owned();
    Known {
        now: NOW,
        newest_entry: Some(NOW.plus_seconds(-5)),
        free: Some(80 * GB),
        plan: Some(Plan { folder, at_minute: 1350, keep: 14, wanted_at: None, key_put_away: Some("age1x".into()) }),
        same_disk: false,
        last_backup: Some(run(Kind::Backup, 0, None)),
        good_backup: Some(run(Kind::Backup, 0, None)),
        last_rehearsal: Some(run(Kind::Rehearsal, 3, None)),
        key_put_away: true,
        events: nothing,
        unsealed: nothing,
        pulse: Pulse::default(),
        rounds: vec![("outbox", Duration::from_secs(1))],
        public_url: "https://dichvu.xaphuckhe.gov.vn".into(),
        demo: false,
        tls: Told {
            mode: Mode::Files { issuer: "CA".into() },
            ends: NOW.plus_seconds(60 * DAY),
            trouble: None,
            uncovered: None,
        },
        signing: Care::default(),
        turning: None,
        refuses_key_file: false,
        token_library: Some((PathBuf::from("/usr/lib/libtoken.so"), true)),
    }
}

fn state_of(known: &Known, title: &str) -> State {
    all(known).into_iter().find(|sight| sight.title == title).unwrap().state
}

#[test]
fn a_sound_machine_has_nothing_to_complain_of() {
    for sight in all(&sound()) {
        assert_eq!((sight.state, sight.advice.as_str()), (State::Good, ""), "{sight:?}");
    }
}

#[test]
fn each_trouble_is_told_with_what_to_do() {
    type Spoil = fn(&mut Known);
    let troubles: [(&str, State, Spoil); 30] = [
        (TLS, State::Soon, |known| known.tls.ends = NOW.plus_seconds(20 * DAY)),
        (TLS, State::Now, |known| known.tls.ends = NOW),
        (TLS, State::Soon, |known| known.tls.trouble = Some("Không đọc được tệp.".into())),
        (TLS, State::Now, |known| known.tls.uncovered = Some("dichvu.xaphuckhe.gov.vn".into())),
        (TLS, State::Soon, |known| known.tls = Told { mode: Mode::Off { is_open: true }, ..Told::default() }),
        ("Đồng hồ máy chủ", State::Now, |known| known.newest_entry = Some(NOW.plus_seconds(60))),
        ("Ổ đĩa dữ liệu", State::Now, |known| known.free = None),
        ("Ổ đĩa dữ liệu", State::Now, |known| known.free = Some(GB - 1)),
        ("Ổ đĩa dữ liệu", State::Soon, |known| known.free = Some(4 * GB)),
        ("Sao lưu", State::Now, |known| known.plan = None),
        ("Sao lưu", State::Soon, |known| (known.last_backup, known.good_backup) = (None, None)),
        ("Sao lưu", State::Now, |known| {
            known.good_backup = None;
            known.last_backup = Some(run(Kind::Backup, 0, Some("Không thấy thư mục này trên máy chủ.")));
        }),
        ("Sao lưu", State::Soon, |known| known.last_backup = Some(run(Kind::Backup, 0, Some("USB đầy")))),
        ("Sao lưu", State::Soon, |known| known.good_backup = Some(run(Kind::Backup, 2, None))),
        ("Sao lưu", State::Now, |known| known.good_backup = Some(run(Kind::Backup, 4, None))),
        ("Sao lưu", State::Soon, |known| known.same_disk = true),
        ("Sao lưu", State::Now, |known| {
            known.last_backup = Some(Run { ended_at: None, ..run(Kind::Backup, 1, None) });
        }),
        ("Diễn tập phục hồi", State::Now, |known| {
            known.last_rehearsal = Some(Run { ended_at: None, ..run(Kind::Rehearsal, 1, None) });
        }),
        ("Diễn tập phục hồi", State::Soon, |known| known.last_rehearsal = None),
        ("Diễn tập phục hồi", State::Soon, |known| known.last_rehearsal = Some(run(Kind::Rehearsal, 12, None))),
        ("Diễn tập phục hồi", State::Now, |known| {
            known.last_rehearsal = Some(run(Kind::Rehearsal, 1, Some("hỏng")))
        }),
        ("Khóa mở bản sao lưu", State::Soon, |known| known.key_put_away = false),
        ("Việc chạy nền", State::Now, |known| known.pulse.writes_waiting = 501),
        ("Việc chạy nền", State::Soon, |known| {
            known.events = Backlog { count: 3, since: Some(NOW.plus_seconds(-3 * HOUR)) };
        }),
        ("Chứng thư ký số", State::Soon, |known| {
            known.signing.ending = vec![("Lê Văn Mẫu".to_owned(), NOW.plus_seconds(30 * DAY))];
        }),
        ("Chứng thư ký số", State::Now, |known| known.signing.expired = vec!["Lê Văn Mẫu".to_owned()]),
        ("Dấu thời gian và bằng chứng của chữ ký", State::Now, |known| known.signing.unstamped = 2),
        ("Dấu thời gian và bằng chứng của chữ ký", State::Soon, |known| known.signing.unproved = 1),
        ("Thư viện thiết bị ký", State::Now, |known| {
            known.token_library = Some((PathBuf::from("/usr/lib/libtoken.so"), false));
        }),
        ("Địa chỉ cho công dân", State::Now, |known| known.public_url = "http://127.0.0.1:8080".into()),
    ];
    for (title, state, spoil) in troubles {
        let mut known = sound();
        spoil(&mut known);
        let found: Vec<Sight> = all(&known).into_iter().filter(|sight| sight.state != State::Good).collect();
        assert_eq!(state_of(&known, title), state, "{title}: {found:?}");
        // Without a backup there is nothing to rehearse either.
        let expected = if known.good_backup.is_none() { 2 } else { 1 };
        assert_eq!(found.len(), expected, "only what is wrong is told: {found:?}");
        assert!(!found[0].found.is_empty() && !found[0].advice.is_empty(), "{found:?}");
    }
}

#[test]
fn a_certificate_whose_renewal_was_sent_is_told_and_is_no_trouble() {
    let mut known = sound();
    let title = "Chứng thư ký số";
    known.signing.renewing = vec![("Lê Văn Mẫu".to_owned(), NOW.plus_seconds(30 * DAY))];
    assert_eq!(state_of(&known, title), State::Good);
    let told = |known: &Known| all(known).into_iter().find(|sight| sight.title == title).map(|sight| sight.found);
    let sentence = "Đã gửi đề nghị gia hạn «Lê Văn Mẫu»";
    assert!(told(&known).is_some_and(|found| found.starts_with(sentence)));
    known.signing.ending = vec![("Nông Văn Páo".to_owned(), NOW.plus_seconds(20 * DAY))];
    assert_eq!(state_of(&known, title), State::Soon, "another one is not asked for");
    assert!(told(&known).is_some_and(|found| found.starts_with("«Nông Văn Páo»") && found.contains(sentence)));
}

#[test]
fn an_address_without_encryption_is_told() {
    let mut known = sound();
    known.public_url = "http://192.168.1.10".into();
    assert_eq!(state_of(&known, "Địa chỉ cho công dân"), State::Soon);
    known.demo = true;
    assert_eq!(state_of(&known, "Địa chỉ cho công dân"), State::Good);
}
