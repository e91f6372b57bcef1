//! The content security policy. Nothing in a page is inline: no script, no style, no handler.

/// The policy of every page. `data:` is for the design system's icons, which are CSS masks.
pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; \
    img-src 'self' data:; connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; \
    base-uri 'none'; object-src 'none'";
