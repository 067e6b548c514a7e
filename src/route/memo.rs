//! What a surface has found out about a call and asks for again while the turn lasts: a token that was checked,
//! a text that was opened. Surfaces know the types; nobody else has to.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

/// Values by type and by what they were made of, each made once. It ends with the turn, so that nothing that was
/// opened is kept.
#[derive(Default)]
pub struct Memo(RefCell<Vec<(String, Rc<dyn Any>)>>);

impl Memo {
    /// The value of this type; made when nobody has asked for it before.
    pub fn once<T: 'static>(&self, make: impl FnOnce() -> T) -> Rc<T> {
        self.of("", make)
    }

    /// The value of this type that was made of `key`.
    pub fn of<T: 'static>(&self, key: &str, make: impl FnOnce() -> T) -> Rc<T> {
        let known = |(of, value): &(String, Rc<dyn Any>)| {
            let same = of == key;
            Rc::clone(value).downcast().ok().filter(|_| same)
        };
        let found = self.0.borrow().iter().find_map(known);
        found.unwrap_or_else(|| {
            let value = Rc::new(make());
            let kept: Rc<dyn Any> = value.clone();
            self.0.borrow_mut().push((key.to_owned(), kept));
            value
        })
    }
}

impl std::fmt::Debug for Memo {
    // Not what is in it: card numbers are.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Memo({})", self.0.borrow().len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_made_once_for_its_type_and_key() {
        let memo = Memo::default();
        let made = |key: &str, value: u32| *memo.of(key, || value);
        assert_eq!(
            [made("a", 1), made("a", 2), made("b", 3), made("a", 4)],
            [1, 1, 3, 1]
        );
        assert_eq!(*memo.once(|| "text"), "text");
        assert_eq!((*memo.once(|| 5_u32), *memo.once(|| "other")), (5, "text"));
        assert_eq!(format!("{memo:?}"), "Memo(4)");
    }
}
