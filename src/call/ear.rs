//! Listens to what is read of a call: that is how a description of requests is made from the readers
//! themselves, and how tests see that nothing is read which is not described. Calls of clients have none.

use super::form::Form;
use parking_lot::Mutex;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Where in a call something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// in the query
    Query,
    /// in the body
    Body,
    /// in the body, or in the query of a method that has none
    Either,
}

/// Something that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// where
    pub part: Part,
    /// which: `card.cardNumber`, `items[].price`
    pub path: String,
    /// of what form
    pub form: Form,
    /// a call without it is refused
    pub need: bool,
}

/// What listens. Clones hear the same.
#[derive(Debug, Clone)]
pub struct Ear(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// readers find nothing, and go on; Some(true): asked whether a field is there, they hear yes
    describing: Option<bool>,
    awake: AtomicBool,
    heard: Mutex<Vec<Heard>>,
}

impl Ear {
    /// Hears what a real call is asked for, once it reaches its endpoint.
    pub fn recording() -> Self {
        Self::new(None)
    }

    /// Hears what readers ask for of a call that says nothing. `present`: what they hear who ask whether
    /// a field is there.
    pub fn describing(present: bool) -> Self {
        Self::new(Some(present))
    }

    fn new(describing: Option<bool>) -> Self {
        Self(Arc::new(Inner {
            describing,
            awake: AtomicBool::new(describing.is_some()),
            heard: Mutex::default(),
        }))
    }

    /// The call has reached its endpoint.
    pub fn wake(&self) {
        self.0.awake.store(true, Ordering::Relaxed);
    }

    /// Whether readers are asked what they read.
    pub fn describes(&self) -> Option<bool> {
        self.0.describing
    }

    /// Something is asked for.
    pub fn hear(&self, part: Part, path: &str, (form, need): (Form, bool)) {
        if self.0.awake.load(Ordering::Relaxed) {
            let path = path.to_owned();
            self.0.heard.lock().push(Heard {
                part,
                path,
                form,
                need,
            });
        }
    }

    /// All that was asked for, in order.
    pub fn heard(&self) -> Vec<Heard> {
        self.0.heard.lock().clone()
    }
}
