//! A document is signed with a key at a remote service: its owner agrees on a phone, and what the service answers is a signature
//! only when it is one.

use crate::laws::access::listed;
use crate::world::provider::Provider;
use crate::world::{Rank, World};
use signing::verify::{Evidence, verify, verify_with_issue};
use store::{Engine, params};
use testkit::{Answer, Form, Part};
use types::Id;

fn state(world: &World, document: Id) -> i64 {
    let (state,) =
        world.read(|reader| reader.one("SELECT state FROM signing_document WHERE id = $1", params![document]));
    state
}

/// What the page of a person says.
#[track_caller]
fn send(world: &World, rank: Rank, form: &Form) -> Answer {
    world.person(rank).browser.clone().submit(form)
}

/// The form that enters a certificate at the service.
fn at_service(world: &World, rank: Rank, user: &str) -> Form {
    let page = "/chung-thu-ky/them";
    let whose = match rank {
        Rank::Clerk => world.commune,
        _ => world.person(rank).officer,
    };
    world.form_of(rank, page, page).set("whose", &whose.to_string()).set("user", user)
}

/// The certificate of the leader, in the place of any other.
fn leader_at_service(world: &World, provider: &Provider) {
    world.no_signers("person");
    send(world, Rank::Leader, &at_service(world, Rank::Leader, &provider.user())).assert_status(303);
}

/// The form that asks to sign documents.
fn asking(world: &World, (rank, page): (Rank, &str), documents: &[Id]) -> Form {
    let form = world.form_of(rank, page, page);
    documents.iter().fold(form, |form, id| form.tick("chon", &id.to_string()))
}

/// Asks to sign documents; answers where the request is shown.
#[track_caller]
fn asked(world: &World, documents: &[Id]) -> String {
    let form = asking(world, (Rank::Leader, "/ky-so"), documents);
    let answer = send(world, Rank::Leader, &form).assert_status(303);
    answer.header("location").expect("a request").to_owned()
}

fn file_of(world: &World, rank: Rank, document: Id) -> Vec<u8> {
    world.person(rank).browser.clone().get(&format!("/van-ban-ky/{document}/tep")).assert_status(200).body.to_vec()
}

fn the_whole_way(world: &World, provider: &Provider) {
    listed(world);
    let documents = [world.submitted_with("keep"), world.to_be_signed()];
    world.pass(Rank::Specialist, &documents[0].0, Rank::Leader);
    let ids = [documents[0].1, documents[1].1];
    leader_at_service(world, provider);
    assert!(world.text_of(Rank::Leader, "/chung-thu-ky").contains("Ký từ xa"));
    let form = asking(world, (Rank::Leader, "/ky-so"), &ids);
    let answer = send(world, Rank::Leader, &form).assert_status(303);
    let page = answer.header("location").expect("a request").to_owned();
    let shown = provider.shown();
    assert_eq!(shown.as_array().map(Vec::len), Some(1), "{shown}");
    let description = shown[0]["description"].as_str().expect("a text");
    assert!(description.contains("ký 2 văn bản") && description.contains("Bản sao chứng thực"), "{description}");
    let text = world.text_of(Rank::Leader, &page);
    assert!(text.contains(description), "the page shows what the phone does: {text}");
    // The same form again rings nowhere, and another one waits for the first.
    assert_eq!(send(world, Rank::Leader, &form).assert_status(303).header("location"), Some(&*page));
    let other = send(world, Rank::Leader, &asking(world, (Rank::Leader, "/ky-so"), &ids[..1])).assert_status(409);
    assert!(other.page().text("main").contains("đang chờ xác nhận trên điện thoại"));
    assert_eq!(provider.requests("credentials/authorize"), 1);
    assert!(world.text_of(Rank::Leader, "/ky-so").contains("chờ ông/bà xác nhận"), "the queue leads to it");
    world.person(Rank::NeighbourLeader).browser.clone().get(&page).assert_status(404);
    world.answers();
    assert!(world.text_of(Rank::Leader, &page).contains("Đang chờ"), "nobody has answered");
    assert_eq!((state(world, ids[0]), state(world, ids[1])), (0, 0));
    provider.phone("confirm");
    world.answers();
    let text = world.text_of(Rank::Leader, &page);
    assert!(text.contains("Đã ký 2 văn bản"), "{text}");
    assert_eq!((state(world, ids[0]), state(world, ids[1])), (1, 1));
    let by: Vec<(Id,)> = world.read(|reader| {
        reader.all("SELECT actor_id FROM audit WHERE action = 'signatures.sign' ORDER BY id DESC LIMIT 2", params![])
    });
    let officer = world.person(Rank::Leader).officer;
    assert_eq!(by, [(officer,), (officer,)], "the person signed, not the house");
    let trust = world.read(signatures::trusted::list);
    let report = verify(&file_of(world, Rank::Leader, ids[1]), &trust, world.house.now(), &Evidence::default());
    let [signature] = &report.signatures[..] else { panic!("one signature") };
    assert!(
        signature.intact && signature.signer.as_ref().is_some_and(|name| name.contains("Nguyễn Văn An")),
        "{signature:?}"
    );
    world.pass(Rank::Leader, &documents[0].0, Rank::Clerk);
    sealed(world, (provider, ids[0]));
}

/// Among several certificates at the service one is chosen; number and day come with the seal.
fn sealed(world: &World, (provider, document): (&Provider, Id)) {
    world.no_signers("agency");
    let form = at_service(world, Rank::Clerk, &provider.user());
    let offered = send(world, Rank::Clerk, &form).assert_status(422).page();
    let choices = offered.all("[name=credential]");
    let names: Vec<_> = choices.iter().filter_map(|choice| choice.value().attr("value")).map(str::to_owned).collect();
    assert_eq!(names.len(), 2, "{}", offered.text("main"));
    let form = offered.form("form[action='/chung-thu-ky/them']").set("credential", &names[1]);
    send(world, Rank::Clerk, &form).assert_status(303);
    let form = asking(world, (Rank::Clerk, "/dong-dau"), &[document]).set("first", "5").set("symbol", "CT-SY");
    let page = send(world, Rank::Clerk, &form).assert_status(303).header("location").expect("a request").to_owned();
    provider.phone("confirm");
    world.answers();
    assert!(world.text_of(Rank::Clerk, &page).contains("Đã đóng dấu 1 văn bản"));
    assert_eq!(state(world, document), 2);
    let trust = world.read(signatures::trusted::list);
    let (_, issued) = verify_with_issue(
        &file_of(world, Rank::Clerk, document),
        &trust,
        types::Timestamp::now(),
        &provider.evidence(),
    );
    assert_eq!(issued.and_then(|issued| issued.number).as_deref(), Some("05/CT-SY"));
}

/// Nothing is signed that was refused, forgotten or taken back, and the key is free again.
fn without_consent(world: &World, provider: &Provider) {
    let document = world.to_be_signed().1;
    let page = asked(world, &[document]);
    provider.phone("refuse");
    world.answers();
    assert!(world.text_of(Rank::Leader, &page).contains("từ chối trên điện thoại"));
    let page = asked(world, &[document]);
    world.wait_seconds(361);
    world.answers();
    assert!(world.text_of(Rank::Leader, &page).contains("quá thời gian chờ"));
    let page = asked(world, &[document]);
    let cancel = world.form_of(Rank::Leader, &page, &format!("{page}/huy"));
    send(world, Rank::Leader, &cancel).assert_status(303);
    provider.phone("confirm");
    world.answers();
    assert!(world.text_of(Rank::Leader, &page).contains("đã hủy yêu cầu"));
    assert_eq!(state(world, document), 0);
    // A program that died while it asked leaves a request that nobody can answer.
    let page = asked(world, &[document]);
    world.write(|tx| {
        tx.not_audited("a test stops in the middle");
        let (job,): (String,) = tx.one("SELECT job FROM remote_job WHERE ended_at IS NULL", params![])?;
        let mut job: serde_json::Value = serde_json::from_str(&job).map_err(types::Error::internal)?;
        job["state"] = "asked".into();
        tx.exec("UPDATE remote_job SET job = $1 WHERE ended_at IS NULL", params![job.to_string()])
    });
    world.wait_seconds(260);
    world.answers();
    assert!(world.text_of(Rank::Leader, &page).contains("hãy gửi lại"));
    assert_eq!(state(world, document), 0);
}

/// One that changed meanwhile is told of, and leaves the other.
fn one_goes_on_meanwhile(world: &World, provider: &Provider) {
    let [first, second] = [world.to_be_signed().1, world.to_be_signed().1];
    let page = asked(world, &[first, second]);
    let of = format!("/van-ban-ky/{first}");
    let back = world.form_of(Rank::Leader, &of, &format!("{of}/rut")).set("reason", "Sai tên.");
    send(world, Rank::Leader, &back).assert_status(303);
    provider.phone("confirm");
    world.answers();
    let text = world.text_of(Rank::Leader, &page);
    assert!(text.contains("Đã ký 1 văn bản") && text.contains("1 văn bản chưa ký được"), "{text}");
    assert_eq!((state(world, first), state(world, second)), (3, 1));
}

/// The same form twice at once rings once, and a document that is another's is neither signed nor named.
fn sent_twice_and_with_another_id(world: &World, provider: &Provider) {
    let (own, other) = (world.to_be_signed().1, world.submitted().1);
    let before = provider.requests("credentials/authorize");
    let form = asking(world, (Rank::Leader, "/ky-so"), &[own]).tick("chon", &other.to_string()).tick("chon", "1");
    let pages = std::thread::scope(|scope| {
        let one = || {
            scope.spawn(|| send(world, Rank::Leader, &form).assert_status(303).header("location").map(str::to_owned))
        };
        [one(), one()].map(|one| one.join().expect("an answer"))
    });
    assert_eq!(pages[0], pages[1]);
    assert_eq!(provider.requests("credentials/authorize") - before, 1);
    provider.phone("confirm");
    world.answers();
    let text = world.text_of(Rank::Leader, pages[0].as_deref().expect("a request"));
    assert!(text.contains("Đã ký 1 văn bản") && text.contains("2 văn bản chưa ký được"), "{text}");
    assert_eq!((state(world, own), state(world, other)), (1, 0));
}

/// A name that is another's tells nothing of whose it is.
fn whose_key_it_is(world: &World, provider: &Provider) {
    world.no_signers("person");
    let refused = |rank: Rank, user: &str, words: &str| {
        let page = send(world, rank, &at_service(world, rank, user)).assert_status(422).page();
        assert!(page.text("main").contains(words), "{}", page.text("main"));
        // One's own name may stand there.
        assert!(rank == Rank::Leader || !page.text("main").contains("Nguyễn Văn An"));
    };
    refused(Rank::NeighbourLeader, &provider.user(), "không có chứng thư nào mang họ tên");
    refused(Rank::Leader, "079200000009", "không có người dùng này");
}

fn on(engine: Engine) {
    let provider = Provider::with(&["rsa2048", "p256"], &[]);
    let world = World::with_remote(engine, &provider.settings());
    world.trusts(&provider);
    world.named(Rank::Leader, "Nguyễn Văn An");
    the_whole_way(&world, &provider);
    without_consent(&world, &provider);
    one_goes_on_meanwhile(&world, &provider);
    sent_twice_and_with_another_id(&world, &provider);
    whose_key_it_is(&world, &provider);
}

#[test]
fn a_document_is_signed_by_a_remote_key_on_sqlite() {
    on(Engine::Sqlite);
}

#[test]
fn a_document_is_signed_by_a_remote_key_on_postgresql() {
    on(Engine::Postgres);
}

/// Asks for two documents with a provider that lies, and answers what the page says of them.
fn lied_to(options: &[&str]) -> String {
    let provider = Provider::with(&["rsa2048"], options);
    let world = World::with_remote(Engine::Sqlite, &provider.settings());
    world.trusts(&provider);
    world.named(Rank::Leader, "Nguyễn Văn An");
    leader_at_service(&world, &provider);
    // No two alike: signatures over the same bytes can be swapped.
    let (code, kept) = world.submitted_with("keep");
    world.pass(Rank::Specialist, &code, Rank::Leader);
    let documents = [world.to_be_signed().1, kept];
    let page = asked(&world, &documents);
    provider.phone("confirm");
    world.answers();
    if options.contains(&"error-500") {
        // It may pass: asked again until time is over.
        assert!(world.text_of(Rank::Leader, &page).contains("Đang chờ"));
        world.wait_seconds(361);
        world.answers();
    }
    let text = world.text_of(Rank::Leader, &page);
    assert_eq!(documents.map(|document| state(&world, document)), [0, 0], "{options:?}: {text}");
    text
}

#[test]
fn what_a_lying_service_answers_is_no_signature() {
    for (lie, words) in [
        ("other-key", "không đúng với yêu cầu"),
        ("swapped-order", "không đúng với yêu cầu"),
        ("too-few", "không đúng với yêu cầu"),
        ("wrong-algorithm", "không đúng với yêu cầu"),
        ("other-certificate", "không đúng với yêu cầu"),
        ("expires", "quá thời gian chờ"),
        ("error-500", "quá thời gian chờ"),
        ("html", "không đúng với yêu cầu"),
    ] {
        let text = lied_to(&["--lie", lie]);
        assert!(text.contains(words), "{lie}: {text}");
    }
}

#[test]
fn a_service_that_allows_one_at_a_time_gets_one() {
    let provider = Provider::with(&["p256"], &["--multisign", "1", "--confirm-after", "0"]);
    let world = World::with_remote(Engine::Sqlite, &provider.settings());
    world.trusts(&provider);
    world.named(Rank::Leader, "Lê Văn Chi");
    leader_at_service(&world, &provider);
    let documents = [world.to_be_signed().1, world.to_be_signed().1];
    let page = asked(&world, &documents);
    world.answers();
    let text = world.text_of(Rank::Leader, &page);
    assert!(text.contains("Đã ký 1 văn bản") && text.contains("Chưa đến lượt"), "{text}");
    // The service goes away: whoever asks is told at once.
    let left = documents.into_iter().find(|document| state(&world, *document) == 0).expect("the other");
    drop(provider);
    let form = asking(&world, (Rank::Leader, "/ky-so"), &[left]);
    let answer = send(&world, Rank::Leader, &form).assert_status(503);
    assert!(answer.page().text("body").contains("không liên lạc được"));
}

#[test]
fn an_installation_without_a_service_offers_none() {
    let world = World::on(Engine::Sqlite);
    let page = world.person(Rank::Leader).browser.clone().get("/chung-thu-ky/them").assert_status(200).page();
    assert_eq!(page.count("[name=user]"), 0);
    let whose = world.person(Rank::Leader).officer.to_string();
    let sent =
        [Part::text("whose", &whose), Part::text("user", "079200000001"), Part::text("command", "lenh-khong-dich-vu")];
    world.person(Rank::Leader).browser.clone().post_multipart("/chung-thu-ky/them", &sent).assert_status(409);
}
