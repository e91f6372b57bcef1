//! Draws the shell around every page: navigation for whom it is, the unit's name, the officer's badge.

use std::collections::HashMap;
use types::Error;
use ui::{CheckList, Contact, Icon, Lang, NavGroup, NavItem, Notice, OfficerBadge, PageHead, Search, Shell, Tone};
use web::{Allow, Counts, Draw, House, Module, Page, Surface, Who};

/// Whose pages these are, read when the server starts.
#[derive(Debug, Clone, Default)]
pub struct Host {
    /// "UBND xã Phúc Khê"
    pub name: String,
    /// "tỉnh Mây Thượng"
    pub detail: String,
}

/// The order of the sidebar's groups: what waits first, what is rarely needed last.
const GROUPS: [&str; 5] = ["Công việc", "Nghiệp vụ", "Điều hành", "Quản trị", "Cá nhân"];

/// Where everything that waits for an officer stands.
const MY_WORK: &str = "/viec-cua-toi";
/// So far waiting things are counted for the navigation; whoever has more knows that it is many.
const COUNTED_MAX: i64 = 999;

/// The house's pen.
pub struct Pen {
    host: Host,
    /// Who may see a line of the navigation: the rule of the route it leads to.
    rules: HashMap<&'static str, Allow>,
}

impl Pen {
    /// A pen for these modules; a line whose route does not exist is drawn for nobody (a law finds it).
    pub fn new(host: Host, modules: &[&Module]) -> Self {
        let routes = modules.iter().map(|module| (module.routes)());
        let rules = routes
            .flat_map(|routes| routes.list().to_vec())
            .filter(|route| route.method == http::Method::GET)
            .map(|route| (route.path, route.allow))
            .collect();
        Self { host, rules }
    }

    fn navigation(&self, house: &House, who: &Who, (path, page): (&str, &Page)) -> Vec<NavGroup> {
        let items = house.modules().iter().flat_map(|module| module.navigation);
        let shown: Vec<&web::NavItem> =
            items.filter(|item| self.rules.get(item.path).is_some_and(|rule| rule.admits(who))).collect();
        // The longest path that the address begins with is where the reader is.
        let here = shown.iter().map(|item| item.path).filter(|p| is_below(path, p)).max_by_key(|p| p.len());
        let mut groups: Vec<NavGroup> = Vec::new();
        for item in shown {
            let mut line = NavItem::new(item.title, item.path);
            if let Some(icon) = Icon::ALL.iter().find(|icon| icon.name() == item.icon) {
                line = line.icon(*icon);
            }
            if let Some((_, count)) = page.counts.iter().find(|(path, _)| *path == item.path) {
                line = line.count(*count);
            }
            if here == Some(item.path) {
                line = line.current();
            }
            match groups.iter_mut().find(|group| group.title == item.group) {
                Some(group) => group.items.push(line),
                None => groups.push(NavGroup::new(item.group, [line])),
            }
        }
        groups.sort_by_key(|group| GROUPS.iter().position(|title| *title == group.title).unwrap_or(GROUPS.len()));
        groups
    }

    fn desk(&self, house: &House, who: &Who, (path, page): (&str, &Page)) -> Shell {
        let post = who.posts().next();
        let unit = post.map_or(self.host.name.as_str(), |post| post.unit_name.as_str());
        let mut shell = Shell::new(ui::Surface::Desk, Lang::Vi, &page.title, unit);
        shell.unit_detail = "Phần mềm Nhà Việc".to_owned();
        shell.home = MY_WORK.to_owned();
        shell.navigation = self.navigation(house, who, (path, page));
        let search = Search::new("/ho-so", "Tìm hồ sơ").example("Mã hồ sơ, số định danh, điện thoại, họ tên");
        shell.search = self.rules.get("/ho-so").is_some_and(|rule| rule.admits(who)).then_some(search);
        shell.officer = who.officer.as_ref().map(|officer| {
            let mut badge = OfficerBadge::new(&officer.name, post.map_or("", |post| post.title.as_str()));
            badge.links = vec![NavItem::new("Tài khoản", "/tai-khoan").icon(Icon::User)];
            badge.sign_out = Some("/dang-xuat".to_owned());
            badge
        });
        shell
    }

    fn citizen(&self, page: &Page) -> Shell {
        let mut shell = Shell::new(ui::Surface::Citizen, Lang::Vi, &page.title, &self.host.name);
        shell.unit_detail.clone_from(&self.host.detail);
        shell.navigation = vec![NavGroup::new(
            "Trang công dân",
            [NavItem::new("Thủ tục", "/thu-tuc"), NavItem::new("Tra cứu hồ sơ", "/tra-cuu")],
        )];
        shell.contact = Contact {
            office: format!("Bộ phận một cửa {}", self.host.name),
            hotline: Some(("Tổng đài Dịch vụ công quốc gia".to_owned(), "1800 1096".to_owned())),
            ..Contact::default()
        };
        shell.footer = vec![NavItem::new("Cán bộ đăng nhập", "/dang-nhap"), NavItem::new("Giấy phép", "/giay-phep")];
        shell
    }
}

fn is_below(path: &str, top: &str) -> bool {
    path.strip_prefix(top).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl Draw for Pen {
    fn page(&self, house: &House, who: &Who, uri: &http::Uri, page: &Page) -> String {
        let mut shell = match page.surface {
            Surface::Desk => self.desk(house, who, (uri.path(), page)),
            Surface::Citizen => self.citizen(page),
            Surface::Bare => {
                let mut shell = Shell::new(ui::Surface::Citizen, Lang::Vi, &page.title, &self.host.name);
                shell.unit_detail.clone_from(&self.host.detail);
                shell
            }
        };
        shell.demo = house.settings().demo;
        shell.script = page.script;
        shell.wrap(&page.body)
    }

    fn counts<'a>(&'a self, house: &'a House, who: &'a Who) -> Counts<'a> {
        let Some(officer) = who.officer.as_ref().map(|officer| officer.id) else {
            return Box::pin(async { Vec::new() });
        };
        let posts = who.post_ids();
        Box::pin(async move {
            let counted = house.store().read(move |r| records::work::count_waiting(r, &posts, officer, COUNTED_MAX));
            // A page without the number is better than none.
            let counted = counted.await.ok().and_then(|n| u64::try_from(n).ok());
            counted.map(|n| (MY_WORK, n)).into_iter().collect()
        })
    }

    fn error(&self, who: &Who, error: &Error, request: i64) -> Page {
        let (title, tone, next) = words(error);
        let head = PageHead::new(title);
        let mut notice = Notice::new(tone, error.to_string()).to_string();
        if let Error::Internal { .. } | Error::Unavailable { .. } = error {
            notice.push_str(&Notice::new(Tone::Neutral, format!("Mã yêu cầu để báo quản trị: {request}")).to_string());
        }
        if matches!(error, Error::SignedOut) {
            return signed_out();
        }
        let home = if who.officer.is_some() { MY_WORK } else { "/" };
        let link = ui::Button::link(next, home).secondary();
        let inside = ui::Html::trusted(format!("{head}{notice}<p>{link}</p>"));
        let body = ui::Container::around(&ui::Page, ui::Container::around(&ui::Stack, inside));
        if who.officer.is_some() { Page::desk(title, body) } else { Page::citizen(title, body) }
    }
}

/// A form that was sent after the session had ended: the browser still holds it, and nothing need be typed again.
fn signed_out() -> Page {
    let title = "Phiên làm việc đã hết";
    let told = "Những gì ông/bà vừa gửi chưa được lưu, nhưng trình duyệt còn giữ. Xin đừng đóng trang này.";
    let steps = CheckList::new().item_with(Icon::Key, "Đăng nhập lại ở thẻ mới bằng nút bên dưới.", "").item_with(
        Icon::Undo,
        "Quay lại thẻ này và tải lại trang (F5); trình duyệt hỏi thì chọn gửi lại.",
        "",
    );
    let enter = ui::Button::link("Đăng nhập ở thẻ mới", "/dang-nhap").new_tab();
    let notice = Notice::new(Tone::Warning, told);
    let inside = ui::Html::trusted(format!("{}{notice}{steps}<p>{enter}</p>", PageHead::new(title)));
    Page::citizen(title, ui::Container::around(&ui::Page, ui::Container::around(&ui::Stack, inside)))
}

fn words(error: &Error) -> (&'static str, Tone, &'static str) {
    match error {
        Error::NotFound(_) => ("Không tìm thấy", Tone::Info, "Về trang đầu"),
        Error::Forbidden(_) => ("Chưa được phân quyền", Tone::Warning, "Về trang đầu"),
        Error::SignedOut => ("Chưa đăng nhập", Tone::Info, "Về trang đầu"),
        Error::Invalid(_) => ("Lỗi: thông tin chưa đúng", Tone::Danger, "Về trang đầu"),
        Error::Conflict(_) => ("Chưa làm được", Tone::Warning, "Về trang đầu"),
        Error::TooMany(_) => ("Thử quá nhiều lần", Tone::Warning, "Về trang đầu"),
        Error::Busy(_) | Error::Unavailable { .. } => ("Hệ thống đang bận", Tone::Warning, "Thử lại từ trang đầu"),
        Error::Internal { .. } => ("Hệ thống gặp lỗi", Tone::Danger, "Về trang đầu"),
    }
}
