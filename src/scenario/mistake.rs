//! The kinds of mistake in a scenario, each with a code that stays what it is.

/// Says what each kind is: its code, its title, and what to do about it.
macro_rules! mistakes {
    ($($variant:ident = $code:literal, $title:literal, $help:literal;)+) => {
        /// A kind of mistake.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Mistake {
            $(#[doc = $title] $variant,)+
        }

        impl Mistake {
            /// All of them, by their codes.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// `S014`; never given to another kind.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                }
            }

            /// What it is, in a few words.
            pub const fn title(self) -> &'static str {
                match self {
                    $(Self::$variant => $title,)+
                }
            }

            /// What it means, and how it is mended.
            pub const fn help(self) -> &'static str {
                match self {
                    $(Self::$variant => $help,)+
                }
            }
        }
    };
}

// A code is never used again for something else: new kinds come at the end.
mistakes! {
    Syntax = "S001", "no TOML",
        "The file cannot be read. What follows the place in the text may have been read wrongly and is not judged.";
    TooMuch = "S002", "too large",
        "A file has at most 1 MiB, a scenario at most 20,000 rules. Of more than some 2,400 rules that ask for no exact value at one \
         endpoint, it is not looked for all which ones have their turn: that is a warning.";
    Version = "S003", "another version of the language",
        "A file begins with `version = 1`.";
    UnknownKey = "S004", "unknown key",
        "There is no such key in this table. `mockpos knobs` prints those that there are.";
    MissingKey = "S005", "missing key",
        "The table needs this key.";
    WrongType = "S006", "wrong type",
        "The key takes a value of another type. Amounts, phones, BINs and durations are strings: they stand in quotes.";
    WrongValue = "S007", "wrong value",
        "The type is right, but the value is none of those that the key takes.";
    UnknownWord = "S008", "unknown word",
        "The key takes one of a list of words, and this is none of them.";
    UnknownEndpoint = "S009", "unknown endpoint",
        "No endpoint's name fits. `GET /__mockpos/endpoints` shows them all.";
    UnknownPage = "S010", "unknown page",
        "No checkout page's name fits.";
    NoEndpoint = "S011", "no endpoint fits the rule",
        "What the rule says of `endpoint`, `page` and `not` leaves none over: the rule would never speak.";
    NeverDecided = "S012", "never decided here",
        "The endpoints that the rule names do not decide this: it would never be said.";
    SaysNothing = "S013", "says nothing",
        "The table or list is there, but nothing follows from it.";
    Contradiction = "S014", "contradiction",
        "Two keys cannot both be so.";
    NeedsAnother = "S015", "needs another key",
        "The key means something only together with another one.";
    NeverFits = "S016", "never fits",
        "No call can be like that.";
    NotSingle = "S017", "no single thing",
        "Exactly one of several keys is to be given.";
    Twice = "S018", "there twice",
        "Two rows have the same number, name or key.";
    NoSuchRow = "S019", "no such row",
        "A row names another one that is not there.";
    NoPath = "S020", "no path",
        "A path has keys, and positions from 0, with dots between them: `items.0.price`.";
    NoHeader = "S021", "no header",
        "The name or value of a header is none, or the header is not for scenarios to set.";
    NoCall = "S022", "no call",
        "An example's call is a method and a path: `GET /__mockpos/health`.";
    NoAmount = "S023", "no amount",
        "The amount has too many decimals for its currency, is too large, or is of another currency than the rest.";
    CardNumber = "S024", "may be somebody's card",
        "Only published test numbers, and numbers that begin with a `[[bin]]` of the scenario, may stand in a file.";
    UnknownState = "S025", "unknown state",
        "No rule sets this state, so the sandbox is never in it. It begins in `start`.";
    UnknownCard = "S026", "unknown programme or bank",
        "No known card has this programme or bank. `[[bin]]` adds cards.";
    NotKept = "S027", "nothing kept under this name",
        "An example uses `{name}`, and no example before it keeps that.";
    NoAnswer = "S028", "no answer to expect",
        "An example expects something of an answer that never arrives.";
    ExampleFails = "S029", "an example does not hold",
        "What came back is not what the file promises.";
    Unreadable = "S030", "cannot be read",
        "There is no such file or shipped scenario, or it is no text.";
    UnknownVariable = "S031", "unknown variable",
        "A string uses `${name}`, or `--set` names it, and no `[variables]` has it. `$${` is a plain `${`.";
    UnusedVariable = "S032", "unused variable",
        "`[variables]` has it, and no string uses it.";
    NotExtended = "S033", "no file to extend",
        "`extends` names files in the scenario's own directory or below, or shipped scenarios, and none that stands on the file itself.";
    Shadowed = "S034", "never has its turn",
        "Rules above it, in its file or in one on top of it, fit every call that this one fits, and say all that it would say.";
    NeverKnown = "S035", "never known here",
        "No endpoint of the rule knows this of its calls, so the rule never fits.";
    UnlistedCode = "S036", "a code that no list has",
        "The public lists of the vendors that speak at the rule's endpoints do not have this code. It is answered all the same.";
    Unused = "S037", "nothing uses it",
        "The table is right, but nothing can come of it.";
}

impl Mistake {
    /// The kind of an unknown word of this sort.
    pub(crate) fn unknown(sort: &str) -> Self {
        match sort {
            "key" => Self::UnknownKey,
            "endpoint" => Self::UnknownEndpoint,
            "page" => Self::UnknownPage,
            "state" => Self::UnknownState,
            "card programme" | "bank" => Self::UnknownCard,
            _ => Self::UnknownWord,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Mistake;

    #[test]
    fn codes_count_up_and_say_what_they_are() {
        for (n, mistake) in Mistake::ALL.iter().enumerate() {
            assert_eq!(mistake.code(), format!("S{:03}", n + 1));
            assert!(!mistake.title().is_empty() && mistake.help().ends_with('.'));
        }
    }
}
