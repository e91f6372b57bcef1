//! The content security policy. Nothing in a page is inline: no script, no style, no handler.

/// The policy of every page. `data:` is for the design system's icons, which are CSS masks.
pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; \
    img-src 'self' data:; connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; \
    base-uri 'none'; object-src 'none'";

/// The policy of a page whose script also speaks to `origin`.
pub fn with_connections(origin: &str) -> String {
    POLICY.replace("connect-src 'self'", &format!("connect-src 'self' {origin}"))
}
