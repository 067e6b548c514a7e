//! Which room may use which: only those to its right; and no surface knows another.

use crate::source::{Source, none, tree, words};

/// The rooms from left to right.
const ROOMS: &[&str] = &[
    "main", "lib", "cli", "server", "app", "surface", "route", "world", "journal", "mask",
    "scenario", "call", "reply", "domain", "refusal", "config", "clock", "meter", "near",
];

fn rank(room: &str) -> Option<usize> {
    ROOMS.iter().position(|known| *known == room)
}

/// A path in the code that begins at the crate's root, and where it stands.
#[derive(Debug, PartialEq)]
struct Used {
    at: usize,
    path: Vec<String>,
}

/// `src/surface/akinon/mod.rs` is the module `surface::akinon`; the crate's roots are `main` and `lib`.
fn module_of(source: &Source) -> Vec<&str> {
    let inner = source
        .path
        .trim_start_matches("src/")
        .trim_end_matches(".rs");
    inner.trim_end_matches("/mod").split('/').collect()
}

/// The paths that `source` uses outside tests, all from the crate's root.
fn used(source: &Source) -> Vec<Used> {
    let (code, mut found) = (&source.shipped, Vec::new());
    for (at, word) in words(code) {
        let inner = code[..at].trim_end().ends_with("::");
        if inner || !matches!(word, "crate" | "mockpos" | "super") {
            continue;
        }
        for mut path in paths(&code[at + word.len()..]) {
            if word == "super" {
                let ups = 1 + path.iter().take_while(|part| *part == "super").count();
                let module = module_of(source);
                let kept = &module[..module.len().saturating_sub(ups)];
                let rest = path.split_off(ups - 1);
                path = kept
                    .iter()
                    .map(|part| (*part).to_owned())
                    .chain(rest)
                    .collect();
            }
            found.push(Used { at, path });
        }
    }
    found
}

/// The paths behind a first word: `::a::{b, c::d}` is `a::b` and `a::c::d`. None when there is no `::`.
fn paths(code: &str) -> Vec<Vec<String>> {
    let Some(rest) = code.trim_start().strip_prefix("::") else {
        return Vec::new();
    };
    let rest = rest.trim_start();
    if let Some(group) = rest.strip_prefix('{') {
        return branches(group).into_iter().flat_map(branch).collect();
    }
    branch(rest)
}

/// The paths of one branch of a use tree, which begins with a word.
fn branch(code: &str) -> Vec<Vec<String>> {
    let Some((0, word)) = words(code.trim_start()).next() else {
        return Vec::new();
    };
    let rest = &code.trim_start()[word.len()..];
    let mut tails = paths(rest);
    if tails.is_empty() {
        tails.push(Vec::new());
    }
    for tail in &mut tails {
        tail.insert(0, word.to_owned());
    }
    tails
}

/// The branches of a group up to the brace that closes it.
fn branches(group: &str) -> Vec<&str> {
    let (mut depth, mut start, mut found) = (0usize, 0, Vec::new());
    for (at, byte) in group.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => {
                found.push(&group[start..at]);
                break;
            }
            b'}' => depth -= 1,
            b',' if depth == 0 => {
                found.push(&group[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found
}

fn leftward(sources: &[Source]) -> Vec<String> {
    let mut departures = Vec::new();
    for source in sources {
        let own = module_of(source)[0];
        let Some(here) = rank(own) else {
            departures.push(source.spot(0, &format!("`{own}` is no room of the plan")));
            continue;
        };
        for Used { at, path } in used(source) {
            let room = path.first().map_or("", String::as_str);
            match rank(room) {
                None => {
                    departures.push(source.spot(at, &format!("`{room}` is no room of the plan")))
                }
                Some(there) if there < here => {
                    departures
                        .push(source.spot(at, &format!("`{own}` uses `{room}`, to its left")));
                }
                Some(_) => {}
            }
        }
    }
    departures
}

/// Surfaces are the folders under `surface/`; the files there are shared by all of them.
fn sideways(sources: &[Source]) -> Vec<String> {
    let shared = |name: &str| {
        let path = format!("src/surface/{name}.rs");
        sources.iter().any(|source| source.path == path)
    };
    let mut departures = Vec::new();
    for source in sources {
        let module = module_of(source);
        let ["surface", own, ..] = module[..] else {
            continue;
        };
        for Used { at, path } in used(source) {
            let ["surface", other, ..] = path.iter().map(String::as_str).collect::<Vec<_>>()[..]
            else {
                continue;
            };
            if other != own && !shared(other) {
                departures
                    .push(source.spot(at, &format!("`surface::{own}` uses `surface::{other}`")));
            }
        }
    }
    departures
}

#[test]
fn a_room_uses_only_rooms_to_its_right() {
    none(leftward(&tree(&["src"])));
}

#[test]
fn no_surface_uses_another() {
    none(sideways(&tree(&["src"])));
}

#[test]
fn paths_are_read_from_all_forms() {
    let text = "use crate::{call::Call, domain::{money, card::{Card as C, Pan}}};\nuse crate::clock;\n\
                use super::super::bearer as b;\nuse super::{self, page};\npub(crate) fn f(x: crate::route::Turn) {\n\
                // crate::app::App\n let s = \"crate::app\"; self::g(); }\n\
                #[cfg(test)]\nmod tests { use crate::app::App; }";
    let found = used(&Source::new("src/surface/akinon/errors.rs", text));
    let found: Vec<_> = found.iter().map(|used| used.path.join("::")).collect();
    assert_eq!(
        found,
        [
            "call::Call",
            "domain::money",
            "domain::card::Card",
            "domain::card::Pan",
            "clock",
            "surface::bearer",
            "surface::akinon::self",
            "surface::akinon::page",
            "route::Turn",
        ]
    );
}

#[test]
fn using_a_room_to_the_left_is_a_departure() {
    let cases = [
        ("src/domain/card.rs", "use crate::refusal::Refusal;", ""),
        ("src/domain/card.rs", "use super::pan;", ""),
        (
            "src/world.rs",
            "//! x\n\nuse crate::route::Turn;",
            "src/world.rs:3: `world` uses `route`, to its left",
        ),
        (
            "src/domain/card.rs",
            "fn f() { super::super::call::g() }",
            "src/domain/card.rs:1: `domain` uses `call`, to its left",
        ),
        (
            "src/call.rs",
            "use crate::{reply::R, journal::J};",
            "src/call.rs:1: `call` uses `journal`, to its left",
        ),
        (
            "src/attic.rs",
            "",
            "src/attic.rs:1: `attic` is no room of the plan",
        ),
        (
            "src/app.rs",
            "use crate::attic::A;",
            "src/app.rs:1: `attic` is no room of the plan",
        ),
        ("src/main.rs", "fn main() { mockpos::cli::main() }", ""),
    ];
    for (path, text, departure) in cases {
        assert_eq!(
            leftward(&[Source::new(path, text)]).join("\n"),
            departure,
            "{text}"
        );
    }
}

#[test]
fn using_another_surface_is_a_departure() {
    let bearer = || Source::new("src/surface/bearer.rs", "use crate::call::Call;");
    let cases = [
        (
            "src/surface/bank/mod.rs",
            "use crate::surface::bank::page; use super::bearer;",
            "",
        ),
        (
            "src/surface/bank/page.rs",
            "use crate::surface::bearer::Bearer;",
            "",
        ),
        (
            "src/surface/mod.rs",
            "use crate::surface::bank::SURFACE;",
            "",
        ),
        (
            "src/surface/bank/page.rs",
            "\nuse super::super::akinon::page;",
            "src/surface/bank/page.rs:2: `surface::bank` uses `surface::akinon`",
        ),
        (
            "src/surface/bank/mod.rs",
            "use crate::{call, surface::{bearer, akinon}};",
            "src/surface/bank/mod.rs:1: `surface::bank` uses `surface::akinon`",
        ),
        (
            "src/surface/cors.rs",
            "use super::bank::x;",
            "src/surface/cors.rs:1: `surface::cors` uses `surface::bank`",
        ),
    ];
    for (path, text, departure) in cases {
        let sources = [bearer(), Source::new(path, text)];
        assert_eq!(sideways(&sources).join("\n"), departure, "{text}");
    }
}
