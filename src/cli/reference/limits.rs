//! The page in `docs/` about the limits.

use super::markdown::{MADE, cell};
use crate::config::LIMITS;
use std::fmt::Write;

/// Every limit: its default, what may be set, and what happens beyond it.
pub(super) fn page() -> String {
    let mut page = format!(
        "{MADE}# Limits\n\nEach is a flag (`--body-size 2MiB`), a variable (`MOCKPOS_BODY_SIZE`) and a key of a \
         scenario's `[server]` table\n(`body_size = \"2MiB\"`). `mockpos serve --print-config` shows what holds.\n\n\
         | limit | default | from, to | what is limited | beyond it |\n|---|---|---|---|---|\n"
    );
    for row in &LIMITS {
        let [usual, least, most] = [row.default, row.least, row.most].map(|n| row.text(n));
        let (about, beyond) = (cell(row.about), cell(row.beyond));
        let name = row.name;
        let _ = writeln!(
            page,
            "| `{name}` | {usual} | {least}, {most} | {about} | {beyond} |"
        );
    }
    page.push_str(FIXED);
    page
}

/// What nobody has needed to set.
const FIXED: &str = "
## Fixed

| limit | value | beyond it |
|---|---|---|
| a scenario file | 1 MiB, 20,000 rules | a message, and nothing changes |
| a snapshot that is put back | 32 MiB | 413 |
| a body in the journal | 16 KiB | cut |
| waiting for calls (`journal?wait=`) | 120 s | 408 |
| a slow answer that a scenario asks for | 120 s | it comes at once |
| rules that were added for a while | 1,000 | 422 |
| a webhook: connections at once, bytes of an answer | 256, 64 KiB | they wait; the rest is not read |
| log lines that nobody reads | 4,096 | dropped |
| the end: answers in flight | 800 ms | cut |
";
