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
    assert_eq!(committed, matrix, "{MATRIX} is not what the routes say; read the difference, then write it anew");
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

#[test]
fn every_navigation_item_leads_to_a_page_and_has_an_icon() {
    for module in modules::ALL {
        for item in module.navigation {
            let found = modules::ALL
                .iter()
                .flat_map(|m| (m.routes)().list().to_vec())
                .any(|route| route.method == "GET" && route.path == item.path);
            assert!(found, "«{}» leads to {}, which is no page", item.title, item.path);
            assert!(ui::Icon::ALL.iter().any(|icon| icon.name() == item.icon), "no icon {}", item.icon);
        }
    }
}

#[test]
fn every_event_listened_to_is_named_with_a_version() {
    for listener in modules::listeners() {
        let version = listener.event.rsplit('.').next().unwrap_or_default();
        assert!(version.starts_with('v') && version[1..].parse::<u32>().is_ok(), "{}", listener.event);
    }
}
