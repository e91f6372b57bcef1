//! A house that is too busy, a disk that is full, too many files: the counter's form comes back as it was.

use super::house::Site;
use super::pages_counter::{confirmed, filled, form};
use super::world::STATUS;
use std::sync::{Arc, Mutex, mpsc};
use store::Engine;
use testkit::{Form, Part, each_engine, options};

fn scan(n: usize) -> Part {
    let name = format!("trang {n}.pdf");
    Part::file("p.van-ban-uy-quyen.tep", &name, "application/pdf", format!("%PDF-1.7 {n}").as_bytes())
}

/// What was typed and the command id stand in the form again.
fn same(again: &Form, sent: &Form) {
    for name in ["f.subject_name", "f.residence_history", "p.to-khai", "return_way", "command"] {
        assert_eq!(again.value(name), sent.value(name), "{name}");
    }
}

/// Holds every writer until `work` is over, with a queue that takes nothing more.
fn while_busy(site: &Site, work: impl FnOnce()) {
    // SQLite has one writer, PostgreSQL as many as the store was opened with.
    let writers = match site.world.store.engine() {
        Engine::Sqlite => 1,
        Engine::Postgres => options().writers,
    };
    let (started, is_started) = mpsc::channel::<()>();
    let (go_on, waits) = mpsc::channel::<()>();
    let waits = Arc::new(Mutex::new(waits));
    let holders: Vec<_> = (0..writers)
        .map(|_| {
            let (store, started, waits) = (site.world.store.clone(), started.clone(), waits.clone());
            std::thread::spawn(move || {
                store.write_blocking(store.system_command("test.hold", 1), move |tx| {
                    tx.not_audited("a test");
                    let _ = started.send(());
                    let _ = waits.lock().unwrap().recv();
                    Ok(())
                })
            })
        })
        .collect();
    for _ in &holders {
        is_started.recv().unwrap();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
    let queued: Vec<_> = (0..4096)
        .map(|_| {
            let store = site.world.store.clone();
            let mut command = store.system_command("test.queue", 1);
            // What people send waits in a line of its own.
            command.interactive = true;
            runtime.spawn(async move {
                let written = store.write(command, |tx| {
                    tx.not_audited("a test");
                    Ok(())
                });
                written.await.map_err(|error| error.code())
            })
        })
        .collect();
    while !queued.iter().any(tokio::task::JoinHandle::is_finished) {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    work();
    drop(go_on);
    for holder in holders {
        holder.join().unwrap().unwrap();
    }
    for one in queued {
        let _ = runtime.block_on(one);
    }
}

#[test]
fn a_busy_house_keeps_the_form_and_receives_it_once_afterwards() {
    each_engine(|database| {
        let site = Site::new(&database);
        let mut counter = site.client("counter");
        let sent = filled(form(counter.get(&format!("/tiep-nhan/{STATUS}")).assert_status(200)));
        let sent = confirmed(counter.submit(&sent));
        let with_file = sent.clone().attach(scan(1));
        while_busy(&site, || {
            let answer = counter.submit(&with_file).assert_status(503);
            let page = answer.page();
            let mistakes = page.texts("[role=alert] li").join(" ");
            assert!(mistakes.contains("quá nhiều việc") && mistakes.contains("chọn lại"), "{mistakes}");
            same(&page.form("form[method=post]"), &sent);
            assert_eq!(page.count("input[name=confirm][checked]"), 1, "what was confirmed stays confirmed");
        });
        counter.submit(&sent).assert_leads_to("/ho-so/H99.01-261120-0001/tiep-nhan");
    });
}

#[test]
fn a_busy_house_keeps_what_was_typed_on_the_dossiers_page() {
    each_engine(|database| {
        let site = Site::new(&database);
        let code = site.world.receive(STATUS, "Lò Thị Mẩy").code;
        let mut specialist = site.client("specialist");
        let page = specialist.get(&format!("/ho-so/{code}")).page();
        let note = page.form("form[action$='/ghi-chu']").set("ghi-chu.text", "Đã gọi điện cho công dân.");
        while_busy(&site, || {
            let page = specialist.submit(&note).assert_status(503).page();
            let again = page.form("form[action$='/ghi-chu']");
            assert_eq!(again.value("ghi-chu.text"), Some("Đã gọi điện cho công dân."));
            assert_eq!(again.value("command"), note.value("command"));
        });
        assert_eq!(specialist.submit(&note).status, 303);
    });
}

#[test]
fn a_full_disk_is_told_at_the_file_and_the_form_stays() {
    each_engine(|database| {
        let site = Site::new(&database);
        let mut counter = site.client("counter");
        let sent = filled(form(counter.get(&format!("/tiep-nhan/{STATUS}"))));
        let incoming = database.dir.join("files/incoming");
        std::fs::remove_dir_all(&incoming).unwrap();
        let page = counter.submit(&sent.clone().attach(scan(1))).assert_status(503).page();
        let mistakes = page.texts("[role=alert] li").join(" ");
        assert!(mistakes.contains("không ghi được tệp"), "{mistakes}");
        same(&page.form("form[method=post]"), &sent);
        std::fs::create_dir(&incoming).unwrap();
        let again = page.form("form[method=post]").attach(scan(1));
        counter
            .submit(&confirmed(counter.clone().submit(&again)))
            .assert_leads_to("/ho-so/H99.01-261120-0001/tiep-nhan");
    });
}

#[test]
fn of_too_many_files_those_that_fit_are_kept() {
    each_engine(|database| {
        let site = Site::new(&database);
        let mut counter = site.client("counter");
        let sent = filled(form(counter.get(&format!("/tiep-nhan/{STATUS}"))));
        let many = (0..32).fold(sent.clone(), |form, n| form.attach(scan(n)));
        let page = counter.submit(&many).assert_status(422).page();
        assert_eq!(page.count(".files li"), 30);
        let mistakes = page.texts("[role=alert] li");
        assert_eq!(mistakes.len(), 2, "{mistakes:?}");
        assert!(mistakes[0].contains("tối đa 30 tệp") && mistakes[0].contains("trang 30.pdf"), "{mistakes:?}");
        same(&page.form("form[method=post]"), &sent);
    });
}
