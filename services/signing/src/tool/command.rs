//! What the tool is asked to do.

use super::Writing;
use serde::{Deserialize, Serialize};

/// A command that takes a file and gives it back signed. The names are the tool's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Command {
    /// The leader approves («ký phê duyệt»).
    SignApproved,
    /// The clerk issues with number, date and the agency's seal («phát hành»).
    SignIssued,
    /// A certified copy («sao văn bản»).
    SignCopy,
    /// An appendix of an issued document («phụ lục»).
    SignAppendix,
    /// A document that came in, marked as received («văn bản đến»).
    SignIncome,
    /// A leader's instruction on a document («bút phê»).
    Comment,
}

impl Command {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::SignApproved, Self::SignIssued, Self::SignCopy, Self::SignAppendix, Self::SignIncome, Self::Comment];

    /// The name in the tool's address.
    pub fn name(self) -> &'static str {
        match self {
            Self::SignApproved => "SignApproved",
            Self::SignIssued => "SignIssued",
            Self::SignCopy => "SignCopy",
            Self::SignAppendix => "SignAppendix",
            Self::SignIncome => "SignIncome",
            Self::Comment => "Comment",
        }
    }

    /// Where the page's script reaches the tool, on the signer's own computer.
    pub fn address(self) -> String {
        format!("wss://127.0.0.1:8987/{}", self.name())
    }

    /// Whether the tool may write on the pages beside signing. Whoever approves signs what was shown; the other commands
    /// exist to put number, date or words on the page.
    pub fn writing(self) -> Writing {
        match self {
            Self::SignApproved => Writing::Refused,
            _ => Writing::Told,
        }
    }
}
