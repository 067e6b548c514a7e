//! The README's commands and scenarios do what it says.
//!
//! Every `sh` block runs, in order, against one server, as a reader would type it; the blocks of a section share a
//! shell. `# => text` asserts that what was printed since the last such line contains the text.
//! A block under `<!-- not run: why -->` does not run.

#![allow(clippy::unwrap_used, reason = "tests say so by panicking")]

mod markdown;
mod shell;

use markdown::{Block, blocks};
use mockpos::scenario::Scenario;
use mockpos::surface;
use shell::{Session, Shell};

fn readme() -> Vec<Block> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let text = std::fs::read_to_string(path).expect("there is a README.md");
    let blocks: Vec<_> = blocks(&text)
        .into_iter()
        .filter(|block| !block.not_run)
        .collect();
    assert!(
        blocks.iter().any(|block| block.language == "sh"),
        "README.md has no block that runs"
    );
    blocks
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_do_what_the_readme_says() {
    let blocks = readme();
    if !shell::has_curl() && std::env::var_os("MOCKPOS_TESTS").is_none() {
        // `cargo test` needs nothing but Rust; `tests/run` demands the whole.
        eprintln!("not run: the README's commands need curl");
        return;
    }
    let server = mockpos::Server::builder().start().await.unwrap();
    let shell = Shell::new("readme", server.url());
    let sessions = Session::of(&blocks);
    let ran = tokio::task::spawn_blocking(move || {
        sessions.iter().try_for_each(|session| shell.run(session))
    });
    if let Err(why) = ran.await.unwrap() {
        panic!("README.md:{why}");
    }
    server.shutdown().await;
}

#[test]
fn every_code_that_carries_an_outcome_is_told_of() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let text = std::fs::read_to_string(path).unwrap();
    for (code, _) in mockpos::surface::otp_codes::CODES {
        assert!(text.contains(&format!("`{code}`")), "README.md: {code}");
    }
}

#[test]
fn scenarios_compile() {
    let catalog = surface::catalog();
    for block in readme().iter().filter(|block| block.language == "toml") {
        let place = format!("README.md, line {}", block.line);
        if block.text.contains("version = 1") {
            let compiled = Scenario::compile(&place, &block.text, &catalog);
            compiled.unwrap_or_else(|problems| panic!("{}", problems.render()));
        } else {
            let read = toml::from_str::<toml::Table>(&block.text);
            read.unwrap_or_else(|why| panic!("{place}: {why}"));
        }
    }
}
