//! A text for people, in Turkish and in English.

use crate::scenario::settings::Language;

/// A text in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text {
    /// Turkish
    pub tr: &'static str,
    /// English
    pub en: &'static str,
}

impl Text {
    /// Turkish, then English.
    pub const fn new(tr: &'static str, en: &'static str) -> Self {
        Self { tr, en }
    }

    /// In that language.
    pub const fn of(self, language: Language) -> &'static str {
        match language {
            Language::Tr => self.tr,
            Language::En => self.en,
        }
    }
}
