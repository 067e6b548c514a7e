//! The text of a scenario: it compiles, or what is wrong with it can be said.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mockpos::scenario::Scenario;
use mockpos::scenario::catalog::Catalog;
use mockpos::surface;
use mockpos_fuzz::timed;
use std::sync::LazyLock;

static CATALOG: LazyLock<Catalog> = LazyLock::new(surface::catalog);

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    LazyLock::force(&CATALOG);
    timed(|| match Scenario::compile("fuzz.toml", text, &CATALOG) {
        Ok(scenario) => drop(scenario.explained()),
        Err(problems) => {
            assert!(!problems.brief().is_empty());
            assert!(!problems.render().is_empty());
        }
    });
});
