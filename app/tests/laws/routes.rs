//! Routes: each says who may use it, and the whole is printed to a file that a head of office can read.

use app::modules;
use std::collections::BTreeSet;
use std::fmt::Write;
use web::Allow;

const MATRIX: &str = "docs/permissions.txt";

/// The permission matrix as text.
fn matrix() -> String {
    let mut text = String::from(
        "Ai được dùng đường nào. Tệp này được sinh từ mã nguồn và so lại ở mỗi lần kiểm thử.\n\
         Tạo lại: NHAVIEC_WRITE_MATRIX=1 cargo test -p nhaviec --test house matrix\n",
    );
    for module in modules::ALL {
        let _ = writeln!(text, "\n{} ({})", module.title, module.name);
        for permission in module.permissions {
            let _ = writeln!(text, "  quyền {:<34} {}", permission.name, permission.title);
        }
        for route in (module.routes)().list() {
            let allow = match route.allow {
                Allow::Staff(permission) => format!("cán bộ có quyền {}", permission.name),
                Allow::SignedIn => "cán bộ đã đăng nhập".to_owned(),
                Allow::Anyone(why) => format!("mọi người: {why}"),
            };
            let _ = writeln!(text, "  {:<5}{:<48} {allow}", route.method.as_str(), route.path);
        }
    }
    text
}

#[test]
fn the_permission_matrix_is_the_committed_one() {
    let path = super::prose::root().join(MATRIX);
    let matrix = matrix();
    if std::env::var_os("NHAVIEC_WRITE_MATRIX").is_some() {
        std::fs::write(&path, &matrix).expect("the matrix can be written");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let [known, said] = [&committed, &matrix].map(|text| text.lines().collect::<BTreeSet<&str>>());
    let (gone, new) = (known.difference(&said).collect::<Vec<_>>(), said.difference(&known).collect::<Vec<_>>());
    assert!(
        committed == matrix,
        "{MATRIX} is not what the routes say; read this, then write it anew: -{gone:#?} +{new:#?}"
    );
}

#[test]
fn no_route_is_declared_twice_and_every_permission_is_declared_by_its_module() {
    let mut seen = BTreeSet::new();
    let declared: BTreeSet<&str> = modules::ALL.iter().flat_map(|m| m.permissions).map(|p| p.name).collect();
    for module in modules::ALL {
        for route in (module.routes)().list() {
            assert!(seen.insert((route.method.to_string(), route.path)), "{} {} twice", route.method, route.path);
            if let Allow::Staff(permission) = route.allow {
                assert!(declared.contains(permission.name), "{} is declared by no module", permission.name);
            }
        }
        for permission in module.permissions {
            assert!(
                permission.name.starts_with(&format!("{}.", module.name)),
                "{} in {}",
                permission.name,
                module.name
            );
        }
    }
}

/// Navigation items that lead to no page or have no icon.
fn astray(items: &[web::NavItem]) -> Vec<String> {
    let pages: BTreeSet<&str> = modules::ALL
        .iter()
        .flat_map(|module| (module.routes)().list().to_vec())
        .filter(|route| route.method == "GET")
        .map(|route| route.path)
        .collect();
    let mut wrong = Vec::new();
    for item in items {
        if !pages.contains(item.path) {
            wrong.push(format!("«{}» leads to {}, which is no page", item.title, item.path));
        }
        if !ui::Icon::ALL.iter().any(|icon| icon.name() == item.icon) {
            wrong.push(format!("«{}»: no icon {}", item.title, item.icon));
        }
    }
    wrong
}

#[test]
fn every_navigation_item_leads_to_a_page_and_has_an_icon() {
    let items: Vec<web::NavItem> = modules::ALL.iter().flat_map(|module| module.navigation).copied().collect();
    assert!(items.len() > 8, "the items were found");
    assert_eq!(astray(&items), Vec::<String>::new());
}

#[test]
fn control_an_item_that_leads_nowhere_or_has_no_icon_is_caught() {
    let item = |path, icon| web::NavItem { group: "Nghiệp vụ", title: "Họp", icon, path };
    assert_eq!(astray(&[item("/hop", "files")]), ["«Họp» leads to /hop, which is no page"]);
    assert_eq!(astray(&[item("/tra-cuu", "khong-co")]), ["«Họp»: no icon khong-co"]);
    // A route that is only posted to is no page.
    assert_eq!(astray(&[item("/dang-xuat", "files")]).len(), 1);
}

#[test]
fn control_a_route_that_changes_hands_changes_the_matrix() {
    let committed = matrix();
    let line = committed.lines().find(|line| line.contains(" /ho-so ")).expect("the list of dossiers");
    assert!(line.contains("cán bộ có quyền dossiers.see"), "{line}");
    for (before, after) in [("dossiers.see", "dossiers.handle"), (" /ho-so ", " /ho-so-khac ")] {
        let changed = committed.replacen(line, &line.replace(before, after), 1);
        assert_ne!(changed, committed);
    }
    let listed = committed.lines().filter(|line| line.starts_with("  GET ") || line.starts_with("  POST ")).count();
    let declared: usize = modules::ALL.iter().map(|module| (module.routes)().list().len()).sum();
    assert_eq!(listed, declared, "every route has a line");
}
