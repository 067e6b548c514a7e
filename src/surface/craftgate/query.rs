//! Reads a query: names ignore case, empty is absent, lists come repeated, bracketed or joined.
//! contract: craftgate §1.5

use crate::call::Call;
use crate::refusal::Refusal;
use crate::route::Turn;
use crate::surface::craftgate::body::finish;
use crate::surface::craftgate::fields::Fields;
use crate::surface::craftgate::given::Given;
use std::collections::BTreeMap;

/// What `read` makes of the query. Err with every parameter that `read` found wrong.
pub fn read<'a, T>(turn: &Turn<'a>, read: impl FnOnce(&mut Fields<'a>) -> T) -> Result<T, Refusal> {
    finish(turn, Fields::new(parameters(turn.call), true), read)
}

/// The query for a peek: what is wrong with it is not this caller's business.
pub fn peek<'a, T>(call: &'a Call, read: impl FnOnce(&mut Fields<'a>) -> T) -> T {
    read(&mut Fields::new(parameters(call), true))
}

/// `memberIds`, `MemberIds[0]` and `memberids[]` are one parameter.
fn parameters(call: &Call) -> Given<'_> {
    let mut all: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (name, value) in call.query.iter().filter(|(_, value)| !value.is_empty()) {
        let name = name
            .split('[')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        all.entry(name).or_default().push(value);
    }
    let all = all.into_iter().map(|(name, texts)| (name.into(), texts));
    Given::Query(all.collect())
}

/// The page that a search asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// counts from 0
    pub number: u32,
    /// entries on a page, at least 1
    pub size: u32,
}

impl Page {
    /// `page` and `size`; without them the first page of the usual size.
    pub fn read(fields: &mut Fields<'_>, usual: u32) -> Self {
        let number = fields.count("page").unwrap_or(0);
        let size = fields.count("size").unwrap_or(usual).clamp(1, 1_000);
        Self { number, size }
    }

    /// Its entries of `all`, and how many there are in all.
    pub fn cut<T>(self, all: impl Iterator<Item = T>) -> (Vec<T>, usize) {
        let (first, size) = (self.number as usize, self.size as usize);
        let (first, mut total) = (first.saturating_mul(size), 0);
        let mut cut = Vec::new();
        for entry in all {
            if total >= first && cut.len() < size {
                cut.push(entry);
            }
            total += 1;
        }
        (cut, total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Method;

    fn call(query: &str) -> Call {
        Call::new(Method::GET, &format!("/x?{query}"))
    }

    #[test]
    fn every_clients_way_is_read() {
        for query in [
            "memberIds=1&memberIds=2",
            "memberIds=1%2C2",
            "memberIds[0]=1&memberIds[1]=2&",
            "MemberIds[]=1&memberids[]=2",
        ] {
            let call = call(query);
            assert_eq!(peek(&call, |q| q.ids("memberIds")), [1, 2], "{query}");
        }
        let call = call("Currency=&callToken=x&isThreeDS=True&Page=2&size=");
        let got = peek(&call, |q| {
            (
                q.text("currency"),
                q.text("CallToken"),
                q.flag("isThreeDS"),
                Page::read(q, 10),
            )
        });
        let page = Page {
            number: 2,
            size: 10,
        };
        assert_eq!(got, (None, Some("x".into()), Some(true), page));
    }

    #[test]
    fn a_page_is_cut_out() {
        for (number, size, want) in [
            (0, 2, (vec![0, 1], 5)),
            (2, 2, (vec![4], 5)),
            (3, 2, (vec![], 5)),
            (u32::MAX, 1_000, (vec![], 5)),
        ] {
            assert_eq!(Page { number, size }.cut(0..5), want, "{number}");
        }
    }
}
