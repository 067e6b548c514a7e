//! Two threads against one: calls in the process to sandboxes of their own, beside a loop that only counts, which says
//! what the machine gives two threads at that moment.

use crate::inside::{answer, app, call, cpu_ns};
use crate::options::Options;
use crate::report::{Section, all, ratio, text};
use crate::shared;
use crate::spread::Unit;
use mockpos::app::App;
use std::hint::black_box;
use std::sync::Barrier;
use std::thread;
use std::time::Instant;

/// The table.
pub fn section(options: &Options) -> Section {
    let columns = [
        "work",
        "two threads against one",
        "of what the machine gives",
        "CPU of one call, one thread",
        "CPU of one call, two threads",
    ];
    let mut section = Section::new(("threads", "Two threads against one"), &columns).about(
        "`App::answer`, BIN pages, each thread in a sandbox of its own. The loop shares nothing: with both cores to itself it would \
         reach 2.00.",
    );
    let app = app("");
    for sandbox in 0..2 {
        answer(
            &app,
            &call(&shared::option("benchmark0"), &format!("s{sandbox}")),
        );
    }
    let calls = options.pick(5, 4_000);
    let turns = options.pick(1_000, 60_000_000);
    let (mut own, mut ceiling) = (Vec::new(), Vec::new());
    let (mut alone, mut both) = (Vec::new(), Vec::new());
    for _ in 0..3 * options.rounds() {
        let pages = |thread: usize| pages(&app, thread, calls);
        let (first, cpu_one) = time(1, &pages);
        let (second, cpu_two) = time(2, &pages);
        own.push(first * 200 / second.max(1));
        alone.push(cpu_one / calls as u64);
        both.push(cpu_two / calls as u64);
        let counting = |_| count(turns);
        let (first, _) = time(1, &counting);
        let (second, _) = time(2, &counting);
        ceiling.push(first * 200 / second.max(1));
    }
    section.row(vec![
        text("BIN pages"),
        all(Unit::Hundredths, &own),
        ratio(&own, &ceiling),
        all(Unit::Nanos, &alone),
        all(Unit::Nanos, &both),
    ]);
    let loop_only = all(Unit::Hundredths, &ceiling);
    section.row(vec![text("loop"), loop_only, text(""), text(""), text("")]);
    section
}

/// Time of so many threads that do the work at once, and CPU time of each, which the work tells.
fn time(threads: usize, work: &(dyn Fn(usize) -> u64 + Sync)) -> (u64, u64) {
    let ready = Barrier::new(threads + 1);
    let run = |thread: usize| {
        ready.wait();
        work(thread)
    };
    thread::scope(|scope| {
        let run = &run;
        let workers: Vec<_> = (0..threads)
            .map(|thread| scope.spawn(move || run(thread)))
            .collect();
        ready.wait();
        let begun = Instant::now();
        let cpu = workers
            .into_iter()
            .map(|worker| worker.join().expect("the work ends well"));
        let cpu = cpu.sum::<u64>() / threads as u64;
        let spent = begun.elapsed().as_nanos();
        (u64::try_from(spent).unwrap_or(u64::MAX), cpu)
    })
}

fn pages(app: &App, thread: usize, calls: usize) -> u64 {
    let page = call(&shared::bin_page("benchmark0"), &format!("s{thread}"));
    let begun = cpu_ns();
    for _ in 0..calls {
        answer(app, &page);
    }
    cpu_ns() - begun
}

fn count(turns: usize) -> u64 {
    let begun = cpu_ns();
    for turn in 0..turns {
        black_box(turn);
    }
    cpu_ns() - begun
}
