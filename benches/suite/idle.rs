//! What idle connections cost the others: a server that holds more and more of them, beside one that holds none.

use crate::client::Client;
use crate::load::Load;
use crate::options::Options;
use crate::report::{Section, all, one, ratio, text};
use crate::server::Server;
use crate::shared::health;
use crate::spread::Unit;
use crate::wire;

const CALLERS: usize = 64;
/// Files for the idle ones, the callers and what else a process has open.
const FILES: u64 = 10_300;

/// The curve.
pub fn section(options: &Options) -> Section {
    let columns = [
        "idle connections",
        "CPU s / 1,000 BIN pages",
        "× without them",
        "memory for each",
    ];
    let mut section = Section::new(("idle", "1 to 10,000 idle connections"), &columns).about(
        "Over the wire, 64 connections that ask. The idle ones have been answered once, and stay open.",
    );
    let files = rlimit::increase_nofile_limit(FILES).unwrap_or(0);
    let start = || {
        let server = Server::mockpos(&options.binary(), &["--idle-timeout", "60m"]);
        let callers = wire::bin_page(&server, CALLERS);
        let mut load = Load::open(server.address, &callers);
        load.drive(options.pick(64, 20_000));
        (server, load)
    };
    let ((crowded, mut own), (lone, mut reference)) = (start(), start());
    let before = crowded.memory();
    let mut idle = Vec::new();
    let requests = options.pick(64, 20_000);
    for goal in options.curve(10, 10_000) {
        if files < goal as u64 + FILES - 10_000 {
            section.note(format!(
                "Not more: this process may open {files} files only."
            ));
            break;
        }
        while idle.len() < goal {
            let mut client = Client::open(crowded.address);
            client.ask(&health());
            idle.push(client);
        }
        let (mut with, mut without) = (Vec::new(), Vec::new());
        for _ in 0..options.rounds() {
            with.push(crowded.cost_of(|| own.drive(requests)).cpu_ns);
            without.push(lone.cost_of(|| reference.drive(requests)).cpu_ns);
        }
        let each = crowded.memory().saturating_sub(before) * 1024 / goal as u64;
        section.row(vec![
            one(Unit::Count, goal as u64),
            all(Unit::CpuOfRequest, &with),
            ratio(&with, &without),
            match goal {
                1..1_000 => text("–"),
                _ => one(Unit::Bytes, each),
            },
        ]);
    }
    section
}
