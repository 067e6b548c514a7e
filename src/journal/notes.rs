//! What a surface tells of a call besides its answer: why it went wrong, and how a signature differs.

use schemars::JsonSchema;
use serde::Serialize;

/// What is noted of a call while it is answered.
#[derive(Debug, Clone, Default)]
pub struct Notes {
    /// the step that had to come first, when the surface knows it: `MasterpassRestOrderNoPage`
    pub missing: Option<String>,
    /// a signature or hash that is not right
    pub mismatch: Option<Box<Mismatch>>,
    /// why the call went wrong, when it is the caller's mistake
    pub trouble: Option<TroubleKind>,
    /// what the answer warns of
    pub warning: Option<&'static str>,
    /// what is wrong with what the call says of itself: `x-mockpos-then`
    pub bad_then: Option<String>,
}

/// How a caller went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TroubleKind {
    /// no such path, or the wrong method for it
    NoSuchEndpoint,
    /// no key, no session, a wrong signature
    NotAdmitted,
    /// a step that was not due
    WrongOrder,
    /// a token that was not for this, or no longer good
    BadToken,
    /// it says of itself what cannot be: `x-mockpos-then`
    BadThen,
    /// a field that nobody knows, that is missing or that is of another type: where that counts
    OffContract,
    /// a bug of ours, which no shop can help
    Crashed,
}

/// How a call went wrong, and what would have been right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Trouble {
    /// how
    pub kind: TroubleKind,
    /// the step that had to come first, when it is known
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
    /// what is wrong with what it says of itself
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bad_then: Option<String>,
}

/// A signature or hash that is not right, with what was signed. Secrets show as their names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Mismatch {
    /// which: `x-signature`
    pub what: &'static str,
    /// as it came
    pub received: String,
    /// the text that should have been signed
    pub ours: String,
    /// the text that was signed, when it is one of the usual mistakes
    pub theirs: Option<String>,
    /// where the two differ first, in characters from 0
    pub first_difference: Option<usize>,
    /// which mistake it is
    pub mistake: Option<String>,
}

impl Notes {
    /// How it went wrong, if it did.
    pub fn trouble(&self) -> Option<Trouble> {
        self.trouble.map(|kind| Trouble {
            kind,
            missing: self.missing.clone(),
            bad_then: self.bad_then.clone(),
        })
    }
}

impl Mismatch {
    /// Bytes it takes besides itself.
    pub(super) fn size(&self) -> usize {
        let texts = [Some(&self.received), Some(&self.ours), self.theirs.as_ref()];
        let texts = texts.into_iter().chain([self.mistake.as_ref()]).flatten();
        size_of::<Self>() + texts.map(String::len).sum::<usize>()
    }
}
