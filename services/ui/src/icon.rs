//! The icons there are. The asset build puts exactly these into the sprite, so a page cannot name one that is missing.

use askama::filters::HtmlSafe;
use std::fmt;

/// Declares [`Icon`]: the variant and the name of the drawing.
macro_rules! icons {
    ($($variant:ident => $name:literal),+ $(,)?) => {
        /// An icon of the sprite, always beside a text that says the same.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[allow(missing_docs)]
        pub enum Icon { $($variant),+ }

        impl Icon {
            /// Every icon, for the style page.
            pub const ALL: &[Icon] = &[$(Icon::$variant),+];

            /// The name of the drawing (Lucide's, but for our own `mark`).
            pub fn name(self) -> &'static str {
                match self { $(Icon::$variant => $name),+ }
            }
        }
    };
}

icons! {
    ArrowDown => "arrow-down",
    ArrowUp => "arrow-up",
    Baby => "baby",
    Ban => "ban",
    Banknote => "banknote",
    Bell => "bell",
    BookText => "book-text",
    Calendar => "calendar-days",
    Chart => "chart-column",
    Check => "check",
    ChevronLeft => "chevron-left",
    ChevronRight => "chevron-right",
    CircleAlert => "circle-alert",
    CircleCheck => "circle-check-big",
    CircleHelp => "circle-question-mark",
    CircleStop => "circle-stop",
    CircleX => "circle-x",
    Clock => "clock",
    Coins => "coins",
    Download => "download",
    Eye => "eye",
    File => "file",
    FileChart => "file-chart-column",
    FileImage => "file-image",
    FilePen => "file-pen-line",
    FilePlus => "file-plus-2",
    FileText => "file-text",
    FileWarning => "file-warning",
    Files => "files",
    Filter => "funnel",
    Fingerprint => "fingerprint-pattern",
    Forward => "forward",
    Gavel => "gavel",
    Globe => "globe",
    HandHeart => "hand-heart",
    HeartHandshake => "heart-handshake",
    House => "house",
    IdCard => "id-card",
    Inbox => "inbox",
    Info => "info",
    Key => "key-round",
    Landmark => "landmark",
    Leaf => "leaf",
    Loader => "loader",
    LogOut => "log-out",
    Map => "map",
    MapPin => "map-pinned",
    Mark => "mark",
    Megaphone => "megaphone",
    Menu => "menu",
    Messages => "messages-square",
    PackageCheck => "package-check",
    Pause => "circle-pause",
    Pencil => "pencil",
    Phone => "phone",
    Plus => "plus",
    Printer => "printer",
    QrCode => "qr-code",
    Receipt => "receipt",
    Scan => "scan-line",
    Search => "search",
    SearchCheck => "search-check",
    Send => "send",
    Settings => "settings",
    ShieldAlert => "shield-alert",
    ShieldCheck => "shield-check",
    Signature => "signature",
    Smartphone => "smartphone",
    Stamp => "stamp",
    Store => "store",
    ThumbsDown => "thumbs-down",
    ThumbsUp => "thumbs-up",
    Trash => "trash-2",
    TriangleAlert => "triangle-alert",
    Undo => "undo-2",
    Upload => "upload",
    User => "user-round",
    Users => "users",
    Wallet => "wallet",
    X => "x",
}

impl fmt::Display for Icon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let class = if *self == Icon::Mark { "mark" } else { "icon" };
        let sprite = crate::assets::url("icons.svg");
        write!(f, r#"<svg class="{class}" aria-hidden="true"><use href="{sprite}#{}"/></svg>"#, self.name())
    }
}

impl HtmlSafe for Icon {}

impl crate::html::Component for Icon {}

/// The drawing of that name, for icons that come as data (a navigation item of a module); nothing where there is none.
pub fn icon(name: &str) -> Option<Icon> {
    Icon::ALL.iter().copied().find(|icon| icon.name() == name)
}
