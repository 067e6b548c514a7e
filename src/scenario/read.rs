//! From TOML to typed values with their places: the trait, the tables, and the one definition of
//! a knob.

use crate::scenario::knob::{Kind, Knob};
use crate::scenario::mistake::Mistake;
use crate::scenario::problem::{Place, Report};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value of the file, and where it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Item<'a> {
    pub value: &'a DeValue<'a>,
    pub place: Place,
}

/// Something that can stand in a scenario file.
pub(crate) trait Read: Sized {
    /// For the reference, and for "expected …".
    const KIND: Kind;

    /// Whether it must be given: then there is no [`Read::absent`] value.
    const REQUIRED: bool = true;

    /// None when it is not right, and the report says why.
    fn read(item: Item<'_>, report: &mut Report) -> Option<Self>;

    /// What it is when it is not given; None: it must be.
    fn absent() -> Option<Self> {
        None
    }
}

/// A value that remembers where it stands. Wherever that is: the same value is the same.
#[derive(Debug, Clone)]
pub(crate) struct At<T> {
    pub place: Place,
    pub value: T,
}

impl<T: PartialEq> PartialEq for At<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for At<T> {}

/// One, or a list of at least one: any of them will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Any<T>(pub Vec<T>);

/// An array of tables. A row that is not right is left out (and reported).
#[derive(Debug, Clone)]
pub(crate) struct Rows<T> {
    pub place: Place,
    pub rows: Vec<At<T>>,
    /// every row was right
    pub whole: bool,
}

/// A table that is left out when it is not right, so that the rest of the file is still looked at.
#[derive(Debug, Clone)]
pub(crate) struct Soft<T>(pub Option<T>);

impl<T> Soft<T> {
    /// What the table says goes over `to`; one that is not there says nothing.
    pub fn over<S>(self, to: &mut S, apply: impl FnOnce(T, &mut S)) {
        if let Some(table) = self.0 {
            apply(table, to);
        }
    }
}

/// A table with keys of the user's choice, in the order of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Map<T>(pub Vec<(At<String>, T)>);

impl<T> Default for Map<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Read> Read for Option<T> {
    const KIND: Kind = T::KIND;
    const REQUIRED: bool = false;

    fn read(item: Item<'_>, report: &mut Report) -> Option<Self> {
        T::read(item, report).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Read> Read for At<T> {
    const KIND: Kind = T::KIND;

    fn read(item: Item<'_>, report: &mut Report) -> Option<Self> {
        let value = T::read(item, report)?;
        Some(Self {
            place: item.place,
            value,
        })
    }
}

impl<T: Read> Read for Soft<T> {
    const KIND: Kind = T::KIND;
    const REQUIRED: bool = false;

    fn read(item: Item<'_>, report: &mut Report) -> Option<Self> {
        Some(Self(T::read(item, report)))
    }

    fn absent() -> Option<Self> {
        Some(Self(None))
    }
}

impl<T: Read> Read for Vec<T> {
    const KIND: Kind = Kind::List(&T::KIND);
    const REQUIRED: bool = false;

    fn read(item: Item<'_>, report: &mut Report) -> Option<Self> {
        let DeValue::Array(array) = item.value else {
            return report.expected(item, &Self::KIND);
        };
        // All are read before any failure counts: each has its own problems to tell.
        let all: Vec<Option<T>> = array
            .iter()
            .map(|value| T::read(report.item(value), report))
            .collect();
        all.into_iter().collect()
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }
}

impl<T: Read> Read for Any<T> {
    const KIND: Kind = Kind::OneOrMore(&T::KIND);

    fn read(item: Item<'_>, report: &mut Report) -> Option<Self> {
        if !matches!(item.value, DeValue::Array(_)) {
            return T::read(item, report).map(|one| Self(vec![one]));
        }
        let all = Vec::read(item, report)?;
        if all.is_empty() {
            report.say(
                Mistake::NeverFits,
                item.place,
                "an empty list never matches",
            );
            return None;
        }
        Some(Self(all))
    }
}

impl<T: Read> Read for Rows<T> {
    const KIND: Kind = Kind::List(&T::KIND);

    fn read(item: Item<'_>, report: &mut Report) -> Option<Self> {
        let DeValue::Array(array) = item.value else {
            report.expected::<()>(item, &Self::KIND);
            return Some(Self {
                place: item.place,
                rows: Vec::new(),
                whole: false,
            });
        };
        let mut rows = Vec::with_capacity(array.len());
        for value in array {
            let item = report.item(value);
            rows.extend(At::read(item, report));
        }
        // `[[x]]` spans all its tables: the first one is the place to point at.
        let place = array.first().map_or(item.place, |v| report.item(v).place);
        let whole = rows.len() == array.len();
        Some(Self { place, rows, whole })
    }
}

impl<T: Read> Read for Map<T> {
    const KIND: Kind = Kind::Map(&T::KIND);
    const REQUIRED: bool = false;

    fn read(item: Item<'_>, report: &mut Report) -> Option<Self> {
        let DeValue::Table(table) = item.value else {
            return report.expected(item, &Self::KIND);
        };
        let mut all = Vec::with_capacity(table.len());
        for (key, value) in in_order(table) {
            let key = At {
                place: report.place(key.span()),
                value: key.get_ref().to_string(),
            };
            let value = T::read(report.item(value), report);
            all.push(value.map(|value| (key, value)));
        }
        all.into_iter().collect::<Option<_>>().map(Self)
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}

type Key<'a> = Spanned<std::borrow::Cow<'a, str>>;

/// The entries as they stand in the file; toml sorts them by name.
pub(crate) fn in_order<'a>(table: &'a DeTable<'a>) -> Vec<(&'a Key<'a>, &'a Spanned<DeValue<'a>>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_unstable_by_key(|(key, _)| key.span().start);
    entries
}

/// A table that is being read: what was taken, and what is left.
pub(crate) struct Table<'a> {
    table: &'a DeTable<'a>,
    place: Place,
    knobs: &'static [Knob],
}

impl<'a> Table<'a> {
    pub fn open(item: Item<'a>, report: &mut Report, knobs: &'static [Knob]) -> Option<Self> {
        match item.value {
            DeValue::Table(table) => Some(Self::new(table, item.place, knobs)),
            _ => report.expected(item, &Kind::Table(knobs)),
        }
    }

    pub const fn new(table: &'a DeTable<'a>, place: Place, knobs: &'static [Knob]) -> Self {
        Self {
            table,
            place,
            knobs,
        }
    }

    pub fn take<T: Read>(&self, knob: &Knob, report: &mut Report) -> Option<T> {
        if let Some(value) = self.table.get(knob.name) {
            return T::read(report.item(value), report);
        }
        let absent = T::absent();
        debug_assert_eq!(absent.is_none(), T::REQUIRED, "`{}`", knob.name);
        if absent.is_none() && !report.broken {
            self.misses(knob, report);
        }
        absent
    }

    fn misses(&self, knob: &Knob, report: &mut Report) {
        let found = report.say(
            Mistake::MissingKey,
            self.place,
            format!("missing key `{}`", knob.name),
        );
        found.hint(format!("{}, as in `{}`", knob.doc.trim(), knob.example));
    }

    /// Where each of its keys stands.
    pub fn places(&self, report: &Report) -> Vec<(String, Place)> {
        let keys = self.table.keys();
        let placed = keys.map(|key| (key.get_ref().to_string(), report.place(key.span())));
        placed.collect()
    }

    /// The whole table on one line.
    pub fn printed(&self) -> String {
        crate::scenario::print::inline(&DeValue::Table(self.table.clone()))
    }

    /// Whether there are no keys but those of the knobs.
    pub fn close(self, report: &mut Report) -> bool {
        let mut whole = true;
        for key in self.table.keys() {
            let name: &str = key.get_ref();
            if self.knobs.iter().any(|knob| knob.name == name) {
                continue;
            }
            whole = false;
            let place = report.place(key.span());
            let names = self.knobs.iter().map(|knob| knob.name);
            report.unknown(place, "key", (name, names));
        }
        whole
    }
}

impl Report {
    pub fn item<'a>(&self, value: &'a Spanned<DeValue<'a>>) -> Item<'a> {
        Item {
            value: value.get_ref(),
            place: self.place(value.span()),
        }
    }
}

/// Defines a table of the file: the struct, its reader and its knobs, from one list.
macro_rules! table {
    ($(#[doc = $about:literal])+ $(#[derive($($extra:ident),+)])? struct $name:ident {
        $($(#[doc = $doc:literal])+ $field:ident: $type:ty = $example:literal,)+
    }) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone, $($($extra),+)?)]
        pub(crate) struct $name {
            $($(#[doc = $doc])+ pub $field: $type,)+
        }

        impl $name {
            /// Its keys.
            pub const KNOBS: &'static [$crate::scenario::knob::Knob] = &[
                $($crate::scenario::knob::Knob {
                    name: stringify!($field),
                    doc: concat!($($doc),+),
                    kind: <$type as $crate::scenario::read::Read>::KIND,
                    required: <$type as $crate::scenario::read::Read>::REQUIRED,
                    example: $example,
                }),+
            ];

            /// Reads every key; None when one is missing or wrong.
            pub fn keys(
                table: &$crate::scenario::read::Table<'_>,
                report: &mut $crate::scenario::problem::Report,
            ) -> Option<Self> {
                let mut knobs = Self::KNOBS.iter();
                // One tuple, so that there is one way out for what was read in vain.
                match ($(table.take::<$type>(knobs.next()?, report),)+) {
                    ($(Some($field),)+) => Some(Self { $($field),+ }),
                    _ => None,
                }
            }
        }

        impl $crate::scenario::read::Read for $name {
            const KIND: $crate::scenario::knob::Kind =
                $crate::scenario::knob::Kind::Table(Self::KNOBS);

            fn read(
                item: $crate::scenario::read::Item<'_>,
                report: &mut $crate::scenario::problem::Report,
            ) -> Option<Self> {
                let table = $crate::scenario::read::Table::open(item, report, Self::KNOBS)?;
                let read = Self::keys(&table, report);
                if table.close(report) { read } else { None }
            }
        }
    };
}

pub(crate) use table;
