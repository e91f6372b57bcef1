//! Which engine, and where it stands: `sqlite:PATH` or `postgres://…`.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// The two engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// Where the database stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A file; its folder must exist.
    Sqlite(PathBuf),
    /// A connection address as libpq writes it.
    Postgres(String),
}

impl Location {
    /// Whether it stands where its address says: not in memory, nor behind a URI by which SQLite may be told so.
    pub fn lasts(&self) -> bool {
        match self {
            Self::Sqlite(path) => {
                let path = path.to_string_lossy();
                !path.starts_with("file:") && !path.starts_with(':')
            }
            Self::Postgres(_) => true,
        }
    }

    /// The engine of this place.
    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }
}

impl FromStr for Location {
    type Err = String;
    fn from_str(s: &str) -> Result<Self, String> {
        if let Some(path) = s.strip_prefix("sqlite:") {
            return if path.is_empty() { Err(WRONG.to_owned()) } else { Ok(Self::Sqlite(path.into())) };
        }
        if s.starts_with("postgres://") || s.starts_with("postgresql://") {
            return Ok(Self::Postgres(s.to_owned()));
        }
        Err(WRONG.to_owned())
    }
}

const WRONG: &str = "NHAVIEC_DATABASE phải là sqlite:ĐƯỜNG_DẪN hoặc postgres://người_dùng@máy/cơ_sở_dữ_liệu";

/// Never shows a password.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            // One that stands among the parameters may hold what looks like the end of it.
            Self::Postgres(url) if url.contains("password") => f.write_str("postgres://…"),
            Self::Postgres(url) => match (url.find("://"), url.rfind('@')) {
                (Some(scheme), Some(at)) if at > scheme => write!(f, "postgres://…{}", &url[at..]),
                _ => f.write_str(url),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        for address in [
            "postgres://u:BIMAT@h:5432/x",
            "postgres://h:5432/x?user=u&password=BIMAT",
            "postgres://h/x?password=a@BIMAT",
        ] {
            let shown = address.parse::<Location>().unwrap().to_string();
            assert!(!shown.contains("BIMAT") && shown.starts_with("postgres://"), "{shown}");
        }
        let shown = "postgres://u:p@h:5432/x?options=-csearch_path%3Da".parse::<Location>().unwrap().to_string();
        assert_eq!(shown, "postgres://…@h:5432/x?options=-csearch_path%3Da");
    }
}
