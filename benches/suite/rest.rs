//! The process at rest: from exec to the first answer, memory when idle, size of the program.

use crate::options::Options;
use crate::report::{Section, all, ratio, text};
use crate::server::Server;
use crate::spread::Unit;
use serde_json::json;
use std::fs;

/// The table.
pub fn section(options: &Options) -> Section {
    let columns = [
        "server",
        "exec to the first 200",
        "× plain hyper",
        "memory when idle",
        "size of the program",
    ];
    let mut section = Section::new(("rest", "Start, idle memory, size"), &columns).about(
        "Started in turns, four times a round, with the default scenario. The size is that of the program measured; plain hyper's \
         is this suite.",
    );
    let (mut own, mut plain) = ((Vec::new(), Vec::new()), (Vec::new(), Vec::new()));
    for _ in 0..4 * options.rounds() {
        let servers = [
            (Server::mockpos(&options.binary(), &[]), &mut own),
            (Server::plain(&json!({"status": "ok"})), &mut plain),
        ];
        for (server, (started, memory)) in servers {
            let nanos = server.started.as_nanos();
            started.push(u64::try_from(nanos).unwrap_or(u64::MAX));
            memory.push(server.memory());
        }
    }
    let size = fs::metadata(options.binary()).map_or(0, |file| file.len());
    for (name, (started, memory)) in [("mockpos", &own), ("plain hyper", &plain)] {
        let size = match name {
            "mockpos" => all(Unit::Bytes, &[size]),
            _ => text("–"),
        };
        section.row(vec![
            text(name),
            all(Unit::Nanos, started),
            ratio(started, &plain.0),
            all(Unit::Kib, memory),
            size,
        ]);
    }
    section
}
