//! What a row says of itself: what a call may carry besides what its reader asks for, and what answers it.

use crate::call::ear::{Heard, Part};
use crate::call::form::Form;
use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::transform::{RecursiveTransform, Transform};
use schemars::{JsonSchema, Schema};
use serde_json::{Value, json};

/// JSON, of which an answer that says nothing else is made.
pub const JSON: &str = "application/json";
/// What browsers post.
pub const FORM: &str = "application/x-www-form-urlencoded";
const HTML: &str = "text/html";

/// An answer that a row may give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// its status; None: any that is not listed
    pub status: Option<u16>,
    /// its media type; None: it has no body
    pub media: Option<&'static str>,
    /// of what form the body is
    pub schema: Value,
}

/// A header field that a call may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// its name
    pub name: &'static str,
    /// what it says
    pub says: &'static str,
    /// whether it says who calls
    pub credential: Credential,
}

/// Whether a header field says who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// it does not
    No,
    /// it does, where that is asked
    Optional,
    /// nobody is let in without
    Needed,
}

/// What a row says of itself.
#[derive(Debug)]
pub struct Spec<'g> {
    generator: &'g mut SchemaGenerator,
    /// what answers
    pub replies: Vec<Said>,
    /// what calls may carry, besides what was heard from the reader
    pub declared: Vec<Heard>,
    /// header fields
    pub headers: Vec<Header>,
    /// the media types in which a body may come, the usual one first
    pub media: Vec<&'static str>,
    /// calls may carry more than anybody lists
    pub open: bool,
    /// the body is a document of its own kind
    pub free: bool,
    /// it answers 501
    pub later: bool,
}

impl<'g> Spec<'g> {
    pub(super) fn new(generator: &'g mut SchemaGenerator) -> Self {
        Self {
            generator,
            replies: Vec::new(),
            declared: Vec::new(),
            headers: Vec::new(),
            media: vec![JSON],
            open: false,
            free: false,
            later: false,
        }
    }

    fn says(&mut self, status: Option<u16>, media: Option<&'static str>, schema: Value) {
        let said = Said {
            status,
            media,
            schema,
        };
        self.replies.push(said);
    }

    /// Answers with such a body of JSON.
    pub fn json<T: JsonSchema>(&mut self, status: u16) {
        let schema = self.generator.subschema_for::<T>().to_value();
        self.says(Some(status), Some(JSON), schema);
    }

    /// All other answers have such a body of JSON.
    pub fn fails<T: JsonSchema>(&mut self) {
        let schema = self.generator.subschema_for::<T>().to_value();
        self.says(None, Some(JSON), schema);
    }

    /// Answers with a page for people.
    pub fn html(&mut self, status: u16) {
        self.text(status, HTML);
    }

    /// Other answers are pages for people, too.
    pub fn fails_as_page(&mut self) {
        self.says(None, Some(HTML), json!({"type": "string"}));
    }

    /// Answers with a text of that media type.
    pub fn text(&mut self, status: u16, media: &'static str) {
        self.says(Some(status), Some(media), json!({"type": "string"}));
    }

    /// Calls may carry more than anybody lists.
    pub fn open(&mut self) {
        self.open = true;
    }

    /// It is known, and not mocked: it answers 501.
    pub fn later(&mut self) {
        (self.later, self.open) = (true, true);
    }

    /// Answers without a body.
    pub fn empty(&mut self, status: u16) {
        self.says(Some(status), None, Value::Null);
    }

    /// The body may be a form, as it may be JSON.
    pub fn form(&mut self) {
        self.media = vec![FORM, JSON];
    }

    /// The body is something else.
    pub fn media(&mut self, media: &[&'static str]) {
        self.media = media.to_vec();
    }

    /// The body is a document of its own kind.
    pub fn whole_body(&mut self) {
        self.free = true;
    }

    /// A field of the body: `card.cardNumber`, `items[].price`.
    pub fn body(&mut self, fields: &[(&str, Form)]) {
        self.declare(Part::Body, fields, false);
    }

    /// As [`Self::body`], required.
    pub fn need(&mut self, fields: &[(&str, Form)]) {
        self.declare(Part::Body, fields, true);
    }

    /// A parameter of the query.
    pub fn query(&mut self, fields: &[(&str, Form)]) {
        self.declare(Part::Query, fields, false);
    }

    /// A field of the body, or of the query of a method that has none.
    pub fn either(&mut self, fields: &[(&str, Form)]) {
        self.declare(Part::Either, fields, false);
    }

    /// As [`Self::query`], required.
    pub fn need_query(&mut self, fields: &[(&str, Form)]) {
        self.declare(Part::Query, fields, true);
    }

    fn declare(&mut self, part: Part, fields: &[(&str, Form)], need: bool) {
        self.declared
            .extend(fields.iter().map(|(path, form)| Heard {
                part,
                path: (*path).to_owned(),
                form: form.clone(),
                need,
            }));
    }

    /// A header field.
    pub fn header(&mut self, name: &'static str, says: &'static str) {
        self.said_by(name, says, Credential::No);
    }

    /// A header field without which nobody is let in.
    pub fn credential(&mut self, name: &'static str, says: &'static str) {
        self.said_by(name, says, Credential::Needed);
    }

    /// As [`Self::credential`], where settings ask for it.
    pub fn optional_credential(&mut self, name: &'static str, says: &'static str) {
        self.said_by(name, says, Credential::Optional);
    }

    fn said_by(&mut self, name: &'static str, says: &'static str, credential: Credential) {
        self.headers.push(Header {
            name,
            says,
            credential,
        });
    }
}

/// Schemas of answers, as they are written.
pub fn generator() -> SchemaGenerator {
    let mut settings = SchemaSettings::draft2020_12().for_serialize();
    settings.definitions_path = "/components/schemas".into();
    settings.meta_schema = None;
    settings.into_generator()
}

/// The schemas that answers refer to by name, which allow nothing that they do not know.
pub fn definitions(generator: &mut SchemaGenerator) -> Value {
    let all = generator.take_definitions(true);
    let closed = all.into_iter().map(|(name, schema)| (name, closed(schema)));
    Value::Object(closed.collect())
}

/// Nothing but the fields that it knows.
pub fn closed(schema: Value) -> Value {
    let mut schema = Schema::try_from(schema).unwrap_or_default();
    RecursiveTransform(|schema: &mut Schema| {
        let mixed = ["allOf", "anyOf", "oneOf", "$ref"];
        let open = schema.get("properties").is_some()
            && schema.get("additionalProperties").is_none()
            && mixed.iter().all(|key| schema.get(*key).is_none());
        if open {
            schema.insert("additionalProperties".to_owned(), false.into());
        }
    })
    .transform(&mut schema);
    schema.to_value()
}
