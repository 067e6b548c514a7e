//! The JSON Schema of a scenario file, for completion and checks in editors.

use crate::scenario::knob::{Kind, Knob, knobs};
use crate::surface;
use serde_json::{Map, Value, json};

/// More words than this are written down once, for all keys that take them.
const FEW: usize = 8;

/// The schema as text: draft 2020-12.
pub fn schema() -> String {
    let mut shared = Shared::default();
    let file = shared.table(knobs());
    let mut schema = Map::new();
    let dialect = "https://json-schema.org/draft/2020-12/schema";
    schema.insert("$schema".to_owned(), dialect.into());
    schema.insert("title".to_owned(), "A mockpos scenario".into());
    if let Value::Object(file) = file {
        schema.extend(file);
    }
    // a file without `version` is refused, though the knob is read as if it could be left out
    schema.insert("required".to_owned(), json!(["version"]));
    schema.insert("$defs".to_owned(), Value::Object(shared.0));
    let text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text + "\n"
}

/// What stands in the schema once, and is pointed at.
#[derive(Default)]
struct Shared(Map<String, Value>);

impl Shared {
    /// A pointer to `what`, under this name or one like it.
    fn once(&mut self, name: &str, what: Value) -> Value {
        let names = std::iter::once(name.to_owned());
        let mut names = names.chain((2..).map(|n| format!("{name}{n}")));
        let free = |name: &String| self.0.get(name).is_none_or(|known| *known == what);
        let name = names.find(free).unwrap_or_default();
        let pointer = json!({ "$ref": format!("#/$defs/{name}") });
        self.0.insert(name, what);
        pointer
    }

    fn table(&mut self, knobs: &[Knob]) -> Value {
        let mut properties = Map::new();
        for knob in knobs {
            properties.insert(knob.name.to_owned(), self.property(knob));
        }
        let required = knobs.iter().filter(|knob| knob.required);
        let required: Vec<_> = required.map(|knob| knob.name).collect();
        let mut table = json!({ "type": "object", "properties": properties });
        if !required.is_empty() {
            table["required"] = json!(required);
        }
        table["additionalProperties"] = false.into();
        table
    }

    fn property(&mut self, knob: &Knob) -> Value {
        let doc = knob.doc.trim();
        let mut property = Map::new();
        let description = format!("{doc}\n\n{}", knob.example);
        property.insert("description".to_owned(), description.into());
        let of = match (knob.name, &knob.kind) {
            ("endpoint", Kind::OneOrMore(_)) => {
                let name = self.once("endpoint", named(endpoints()));
                one_or_more(&name)
            }
            ("page", Kind::OneOrMore(_)) => {
                let name = self.once("page", named(pages()));
                one_or_more(&name)
            }
            (name, kind) => self.of(name, kind),
        };
        if let Value::Object(of) = of {
            property.extend(of);
        }
        Value::Object(property)
    }

    fn of(&mut self, name: &str, kind: &Kind) -> Value {
        match kind {
            Kind::Flag => json!({ "type": "boolean" }),
            Kind::Number => json!({ "type": "number" }),
            Kind::Text(_) => json!({ "type": "string" }),
            Kind::Integer { min, max } => integer(*min, *max),
            Kind::Words(words) if words.len() > FEW => self.once(name, json!({ "enum": words })),
            Kind::Words(words) => json!({ "enum": words }),
            Kind::Either(kinds) => {
                let kinds: Vec<_> = kinds.iter().map(|kind| self.of(name, kind)).collect();
                json!({ "anyOf": kinds })
            }
            Kind::List(kind) => json!({ "type": "array", "items": self.of(name, kind) }),
            Kind::OneOrMore(kind) => {
                let one = self.of(name, kind);
                let one = match **kind {
                    Kind::Table(_) => self.once(name, one),
                    _ => one,
                };
                one_or_more(&one)
            }
            Kind::Map(kind) => {
                json!({ "type": "object", "additionalProperties": self.of(name, kind) })
            }
            Kind::Table(knobs) => self.table(knobs),
            Kind::Anything => json!({}),
        }
    }
}

fn integer(min: i64, max: i64) -> Value {
    let mut number = json!({ "type": "integer" });
    if min != i64::MIN {
        number["minimum"] = min.into();
    }
    if max != i64::MAX {
        number["maximum"] = max.into();
    }
    number
}

fn one_or_more(one: &Value) -> Value {
    let list = json!({ "type": "array", "items": one, "minItems": 1 });
    json!({ "anyOf": [one, list] })
}

/// One of these, or a pattern; editors offer the names.
fn named(names: Vec<&'static str>) -> Value {
    json!({ "anyOf": [{ "enum": names }, { "type": "string", "pattern": "\\*" }] })
}

fn endpoints() -> Vec<&'static str> {
    let rows = surface::catalog().rows;
    unique(rows.iter().map(|row| row.name).collect())
}

fn pages() -> Vec<&'static str> {
    let rows = surface::catalog().rows;
    unique(rows.iter().filter_map(|row| row.page).collect())
}

fn unique(mut names: Vec<&'static str>) -> Vec<&'static str> {
    names.sort_unstable();
    names.dedup();
    names
}
