//! What an installation may set about signing in. The defaults are those of security level 3.

/// Times and demands of signing in.
#[derive(Debug, Clone)]
pub struct Rules {
    /// A session ends after so many seconds without a request.
    pub idle_seconds: i64,
    /// The same for whoever may keep the directory.
    pub idle_seconds_administrator: i64,
    /// A session ends after so many seconds however busy it is.
    pub session_seconds: i64,
    /// Administrators must set up a second factor before anything else.
    pub second_factor_for_administrators: bool,
    /// Administrators' passwords last so many days; none for ever.
    pub password_days_administrator: Option<i64>,
    /// Accounts nobody signed in to for so many days are closed; none for never.
    pub dormant_days: Option<i64>,
    /// A proxy stands in front and writes the client's address into `X-Forwarded-For`. Never set it without one:
    /// then anybody could write any address there.
    pub behind_proxy: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            idle_seconds: 15 * 60,
            idle_seconds_administrator: 5 * 60,
            session_seconds: 12 * 3600,
            second_factor_for_administrators: true,
            password_days_administrator: Some(60),
            dormant_days: Some(45),
            behind_proxy: false,
        }
    }
}
