//! Of what form something is that a call says: described as JSON Schema, and judged.

use super::ear::Heard;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// Of what form a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// anything
    Any,
    /// a text
    Text,
    /// a whole number, not below nothing
    Whole,
    /// a number, with decimals or without
    Number,
    /// digits, as a number or as a text
    Digits,
    /// true or false
    Flag,
    /// one of these texts
    Word(Vec<String>),
    /// a list
    List(Box<Form>),
    /// values by names that nobody lists
    Map(Box<Form>),
    /// fields
    Object(Vec<Field>),
}

/// A field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// its name
    pub name: String,
    /// what it is
    pub form: Form,
    /// it must be there
    pub need: bool,
}

/// How a call departs from its description.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Departure {
    /// where: `body.items[0].price`
    pub path: String,
    /// how
    pub kind: DepartureKind,
    /// as a sentence
    pub says: String,
}

/// In which way a call departs from its description.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DepartureKind {
    /// nobody reads that field
    UnknownField,
    /// a field that must be there is not
    MissingField,
    /// a text for a number, and the like
    WrongType,
    /// a word that is none of those listed
    UndocumentedValue,
}

impl Departure {
    /// A field is not there.
    pub fn missing(within: &str, name: &str) -> Self {
        Self {
            path: format!("{within}.{name}"),
            kind: DepartureKind::MissingField,
            says: "must be there, and is not".to_owned(),
        }
    }
}

impl Form {
    /// One of these.
    pub fn words<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        Self::Word(words.into_iter().map(str::to_owned).collect())
    }

    /// What was heard, as an object. `passes`: what was heard each time; needed is what is needed every time.
    pub fn object(passes: &[Vec<Heard>]) -> Self {
        let mut whole = Self::Object(Vec::new());
        for heard in passes.iter().flatten() {
            whole.grow(&heard.path, &heard.form);
        }
        for heard in passes.iter().flatten().filter(|heard| heard.need) {
            let always = |pass: &Vec<Heard>| pass.iter().any(|it| it.need && it.path == heard.path);
            if passes.iter().all(always) {
                whole.need(&heard.path);
            }
        }
        whole
    }

    /// Makes room for a field.
    pub fn grow(&mut self, path: &str, form: &Self) {
        let (first, rest) = split(path);
        let (name, listed) = match first.strip_suffix("[]") {
            Some(name) => (name, true),
            None => (first, false),
        };
        if name == "*" {
            let mut inner = form.clone();
            if !rest.is_empty() {
                inner = Self::Object(Vec::new());
                inner.grow(rest, form);
            }
            if listed {
                inner = Self::List(Box::new(inner));
            }
            match self {
                Self::Map(known) => known.join(&inner),
                other => *other = Self::Map(Box::new(inner)),
            }
            return;
        }
        let field = self.field(name);
        let mut inner = match (rest, listed) {
            ("", false) => form.clone(),
            ("", true) => Self::List(Box::new(form.clone())),
            (_, false) => Self::Object(Vec::new()),
            (_, true) => Self::List(Box::new(Self::Object(Vec::new()))),
        };
        if !rest.is_empty() {
            match &mut inner {
                Self::List(each) => each.grow(rest, form),
                other => other.grow(rest, form),
            }
        }
        field.form.join(&inner);
    }

    fn field(&mut self, name: &str) -> &mut Field {
        if !matches!(self, Self::Object(_)) {
            *self = Self::Object(Vec::new());
        }
        let Self::Object(fields) = self else {
            unreachable!("it was made an object")
        };
        match fields.iter().position(|field| field.name == name) {
            Some(at) => &mut fields[at],
            None => fields.push_mut(Field {
                name: name.to_owned(),
                form: Self::Any,
                need: false,
            }),
        }
    }

    /// What two readers know of the same.
    fn join(&mut self, other: &Self) {
        match (&mut *self, other) {
            (_, Self::Any) => {}
            (Self::Object(_), Self::Object(fields)) => {
                for field in fields {
                    self.field(&field.name).form.join(&field.form);
                }
            }
            (Self::List(known), Self::List(other)) | (Self::Map(known), Self::Map(other)) => {
                known.join(other);
            }
            (Self::Object(fields), Self::Map(_)) if !fields.is_empty() => {}
            (Self::Any, other) | (Self::Object(_), other @ Self::Map(_)) => *self = other.clone(),
            // A text is the least that one may say of a value.
            (Self::Text, other) => *self = other.clone(),
            _ => {}
        }
    }

    fn need(&mut self, path: &str) {
        let (first, rest) = split(path);
        let name = first.strip_suffix("[]").unwrap_or(first);
        match self {
            Self::Object(_) if rest.is_empty() => self.field(name).need = true,
            Self::Object(_) => match &mut self.field(name).form {
                Self::List(each) => each.need(rest),
                other => other.need(rest),
            },
            Self::Map(each) => each.need(rest),
            _ => {}
        }
    }

    /// Its fields, when it is an object.
    pub fn fields(&self) -> &[Field] {
        match self {
            Self::Object(fields) => fields,
            _ => &[],
        }
    }

    /// The same, of which nothing must be there.
    pub fn optional(&self) -> Self {
        let fields = self.fields().iter().cloned();
        Self::Object(fields.map(|it| Field { need: false, ..it }).collect())
    }

    /// Whether it has a field of that path.
    pub fn has(&self, path: &str) -> bool {
        let (first, rest) = split(path);
        let name = first.strip_suffix("[]").unwrap_or(first);
        match self {
            Self::Any => true,
            Self::List(each) => each.has(path),
            Self::Map(each) => rest.is_empty() || each.has(rest),
            Self::Object(fields) => fields.iter().any(|field| {
                field.name.eq_ignore_ascii_case(name) && (rest.is_empty() || field.form.has(rest))
            }),
            _ => path.is_empty(),
        }
    }
}

fn split(path: &str) -> (&str, &str) {
    path.split_once('.').unwrap_or((path, ""))
}

impl Form {
    /// As JSON Schema.
    pub fn schema(&self) -> Value {
        match self {
            Self::Any => json!({}),
            Self::Text => json!({"type": "string"}),
            Self::Whole => json!({"type": "integer", "minimum": 0}),
            Self::Number => json!({"type": "number"}),
            Self::Digits => {
                json!({"type": ["integer", "string"], "minimum": 0, "pattern": "^[0-9]+$"})
            }
            Self::Flag => json!({"type": "boolean"}),
            Self::Word(words) => json!({"type": "string", "enum": words}),
            Self::List(each) => json!({"type": "array", "items": each.schema()}),
            Self::Map(each) => json!({"type": "object", "additionalProperties": each.schema()}),
            Self::Object(fields) => {
                let properties = fields
                    .iter()
                    .map(|field| (field.name.clone(), field.schema()));
                let properties: Map<_, _> = properties.collect();
                let needed = fields.iter().filter(|field| field.need);
                let needed: Vec<_> = needed.map(|field| &*field.name).collect();
                let mut schema = json!({"type": "object", "properties": properties});
                if !needed.is_empty() {
                    schema["required"] = json!(needed);
                }
                schema
            }
        }
    }
}

impl Field {
    /// What is not needed may be null, which is the same as nothing.
    fn schema(&self) -> Value {
        let mut schema = self.form.schema();
        if self.need {
            return schema;
        }
        if let Some(Value::Array(words)) = schema.get_mut("enum") {
            words.push(Value::Null);
        }
        match schema.get_mut("type") {
            Some(Value::Array(types)) => types.push(json!("null")),
            Some(one) => *one = json!([one.take(), "null"]),
            None => {}
        }
        schema
    }
}
