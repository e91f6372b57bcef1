//! Every page of this module with sample data, in its states: long names, empty lists, mistakes. All people are invented.

mod people;
mod places;

use super::proof::Ways;
use super::{account, form_page::fresh, second_factor, second_step, sessions, sign_in};
use super::{own_password, own_stand_ins, passkey_new, passkey_one, passkeys};
use crate::officer::{AccountCard, OfficerCard};
use crate::passkey::Passkey;
use crate::session::Session;
use crate::stand_in::StandIn;
use types::{Day, Id, Timestamp};
use ui::{FormState, Lang};
use web::Sample;

/// A name as long as they come.
const LONG_NAME: &str = "Công Tằng Tôn Nữ Nguyễn Thị Huyền Trang Thanh Phương";
/// A unit's name as long as they come.
const LONG_UNIT: &str =
    "Phòng Văn hóa – Xã hội, Dân tộc, Tôn giáo và Lao động – Thương binh xã Đặc khu Hoàng Su Phì Thượng";

fn moment(text: &str) -> Timestamp {
    text.parse().expect("a moment in a sample")
}

fn day(text: &str) -> Day {
    text.parse().expect("a day in a sample")
}

fn now() -> Timestamp {
    moment("2026-11-20T14:00")
}

fn command() -> String {
    "0123456789abcdef0123456789abcdef".to_owned()
}

/// A form with a mistake in `field`.
fn wrong(field: &str, message: &str) -> FormState {
    let mut form = FormState::sent(Lang::Vi, [(field, "Lò Thị Mẩy <script>")]);
    form.refuse(field, "invalid", message);
    form
}

fn card(id: i64, name: &str, account: Option<AccountCard>) -> OfficerCard {
    OfficerCard {
        id: Id(id),
        unit: Id(31),
        name: name.to_owned(),
        phone: "0208 3824 115".to_owned(),
        email: "mayltm@labang.example.vn".to_owned(),
        version: 3,
        account,
    }
}

fn open_account(second_factor: bool) -> AccountCard {
    AccountCard {
        username: "may.lt".to_owned(),
        must_change: false,
        second_factor,
        last_sign_in_at: Some(moment("2026-11-20T07:28")),
        disabled_at: None,
    }
}

fn session(id: i64, name: &str) -> Session {
    Session {
        id: Id(id),
        officer: Id(21),
        officer_name: name.to_owned(),
        device: "Cốc Cốc trên Windows".to_owned(),
        client: "2001:db8:85a3:8d3:1319:8a2e:370:7348".to_owned(),
        created_at: moment("2026-11-20T07:28"),
        seen_at: moment("2026-11-20T13:58"),
    }
}

fn stand_in(id: i64, (from, to): (&str, &str), ended_at: Option<Timestamp>) -> StandIn {
    StandIn {
        id: Id(id),
        post: Id(41),
        post_title: "Phó Chủ tịch Ủy ban nhân dân phụ trách Văn hóa – Xã hội".to_owned(),
        officer: Id(22),
        name: LONG_NAME.to_owned(),
        starts_at: moment(from),
        ends_at: moment(to),
        reason: "Đi học lớp Cao cấp lý luận chính trị, Quyết định số 1234/QĐ-UBND ngày 10/11/2026".to_owned(),
        ended_at,
    }
}

fn three_stand_ins() -> Vec<StandIn> {
    vec![
        stand_in(1, ("2026-11-18T00:00", "2026-11-25T00:00"), None),
        stand_in(2, ("2026-12-01T07:30", "2026-12-02T17:00"), None),
        stand_in(3, ("2026-10-01T00:00", "2026-10-10T00:00"), Some(moment("2026-10-05T09:00"))),
    ]
}

fn origin() -> Option<String> {
    Some("https://nhaviec.example.vn".to_owned())
}

/// A passkey beside the password, with a code where there is a second factor.
fn ways(coded: bool) -> Ways {
    Ways { factor: coded.then(|| vec![1]), passkeys: coded, passkey_only: false, origin: origin() }
}

fn key(id: i64, name: &str, suspect: bool) -> Passkey {
    Passkey {
        id: Id(id),
        officer: Id(21),
        name: name.to_owned(),
        backed_up: !suspect,
        created_at: moment("2026-10-02T08:15"),
        used_at: suspect.then(|| moment("2026-11-20T07:28")),
        suspect_at: suspect.then(|| moment("2026-11-20T07:30")),
    }
}

fn taken() -> Vec<passkeys::Taken> {
    vec![("Điện thoại cũ".to_owned(), moment("2026-11-19T16:20"), "Nguyễn Thị Mỹ Hạnh".to_owned())]
}

fn own_passkeys() -> Vec<Sample> {
    let list =
        |passkeys, taken, ways| passkeys::PasskeysPage { passkeys, taken, ways, session: Id(51), command: command() };
    let only = || Ways { factor: None, passkeys: true, passkey_only: true, origin: origin() };
    let two = || vec![key(71, "Máy ở cơ quan", true), key(70, "Điện thoại <Lò Thị Mẩy>", false)];
    let one = |suspect, last, ways| passkey_one::PasskeyPage {
        passkey: key(71, LONG_NAME, suspect),
        ways,
        last,
        command: command(),
    };
    let new = passkey_new::NewPasskeyPage {
        question: Id(81),
        asked: r#"{"challenge":"AA","user":{"id":"AA","name":"may.lt"}}"#.to_owned(),
        origin: "https://nhaviec.example.vn".to_owned(),
        name: "Cốc Cốc trên Windows".to_owned(),
        command: command(),
    };
    let unanswered = wrong("answer", "Trình duyệt trả lời không đúng, nên chưa có khóa nào được lưu.");
    vec![
        Sample { name: "passkeys/empty", page: list(Vec::new(), Vec::new(), ways(false)).draw(&fresh()) },
        Sample {
            name: "passkeys/some",
            page: list(two(), taken(), ways(true)).draw(&wrong("proof", "Mật khẩu hiện tại không đúng.")),
        },
        Sample { name: "passkeys/passkey-only", page: list(two(), Vec::new(), only()).draw(&fresh()) },
        Sample { name: "passkeys/no-https", page: list(two(), Vec::new(), Ways::default()).draw(&fresh()) },
        Sample { name: "passkey-new/fresh", page: new.draw(&fresh()) },
        Sample { name: "passkey-new/refused", page: new.draw(&unanswered) },
        Sample { name: "passkey/suspect", page: one(true, false, ways(true)).draw(&fresh()) },
        Sample { name: "passkey/passkey-only", page: one(false, false, only()).draw(&fresh()) },
        Sample { name: "passkey/last", page: one(false, true, only()).draw(&fresh()) },
    ]
}

/// All samples.
pub(crate) fn all() -> Vec<Sample> {
    let mut samples = signing_in();
    samples.extend(own());
    samples.extend(own_passkeys());
    samples.extend(places::samples());
    samples.extend(people::samples());
    samples
}

fn signing_in() -> Vec<Sample> {
    let locked = "Máy này đã nhập sai nhiều lần. Ông/bà hãy thử lại sau 15 phút, hoặc nhờ quản trị cấp lại mật khẩu.";
    let refused = wrong("password", "Tên đăng nhập hoặc mật khẩu không đúng.");
    let code = wrong("code", "Mã xác thực không đúng hoặc đã dùng rồi.");
    vec![
        Sample { name: "sign-in/fresh", page: sign_in::draw(&fresh(), ("/ho-so/12", origin()), None) },
        Sample { name: "sign-in/refused", page: sign_in::draw(&refused, ("/", origin()), None) },
        Sample { name: "sign-in/locked", page: sign_in::draw(&fresh(), ("/", None), Some(locked)) },
        Sample { name: "second-step/fresh", page: second_step::draw(&fresh(), "/", None) },
        Sample { name: "second-step/refused", page: second_step::draw(&code, "/", None) },
    ]
}

fn own() -> Vec<Sample> {
    let account_page = |posts: Vec<String>, sessions| account::AccountPage {
        card: card(21, LONG_NAME, Some(open_account(posts.len() > 1))),
        posts,
        sessions,
        passkeys: 2,
        taken: taken(),
        this_session: Some(Id(51)),
        command: command(),
    };
    let two_posts = vec![format!("Trưởng phòng – {LONG_UNIT}"), "Chủ tịch – Xã La Bằng (thay mặt)".to_owned()];
    let factor = |confirmed, forced, offered| second_factor::SecondFactorPage {
        confirmed,
        forced,
        offered,
        ways: ways(confirmed),
        command: command(),
    };
    let offered = || Some((b"12345678901234567890".to_vec(), "may.lt".to_owned()));
    let stand_ins = |posts, given| own_stand_ins::OwnStandInsPage { posts, given, now: now(), command: command() };
    let used = wrong("password", "Mật khẩu này đã dùng gần đây. Hãy chọn mật khẩu khác.");
    let both =
        wrong("current", "Mật khẩu hoặc mã xác thực không đúng. Mỗi mã chỉ dùng được một lần; hãy đợi mã tiếp theo.");
    vec![
        Sample {
            name: "account/two-sessions",
            page: account_page(two_posts, vec![session(51, LONG_NAME), session(52, LONG_NAME)]).draw(),
        },
        Sample { name: "account/without-post", page: account_page(Vec::new(), Vec::new()).draw() },
        Sample { name: "own-password/fresh", page: own_password::draw(&fresh(), (false, &Ways::default()), command()) },
        Sample { name: "own-password/with-code", page: own_password::draw(&both, (false, &ways(true)), command()) },
        Sample { name: "own-password/forced", page: own_password::draw(&used, (true, &Ways::default()), command()) },
        Sample { name: "second-factor/off", page: factor(false, false, None).draw(&fresh()) },
        Sample { name: "second-factor/forced", page: factor(false, true, None).draw(&fresh()) },
        Sample { name: "second-factor/on", page: factor(true, false, None).draw(&fresh()) },
        Sample {
            name: "second-factor/offered",
            page: factor(true, false, offered()).draw(&wrong("code", "Mã không đúng.")),
        },
        Sample { name: "own-stand-ins/empty", page: stand_ins(Vec::new(), Vec::new()).draw() },
        Sample {
            name: "own-stand-ins/some",
            page: stand_ins(
                vec![(Id(41), "Phó Chủ tịch – Xã La Bằng".to_owned(), three_stand_ins())],
                three_stand_ins(),
            )
            .draw(),
        },
        Sample {
            name: "sessions/some",
            page: sessions::draw(&[session(51, "Lò Thị Mẩy"), session(52, LONG_NAME)], Some(Id(51)), &command()),
        },
        Sample { name: "sessions/empty", page: sessions::draw(&[], None, &command()) },
    ]
}
