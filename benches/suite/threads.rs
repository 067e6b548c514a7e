//! Two threads against one: calls in the process to sandboxes of their own, beside a loop that only counts, which says
//! what the machine gives two threads at that moment.

use crate::inside::{answer, app, call, cpu_ns};
use crate::options::Options;
use crate::report::{Section, all, text};
use crate::shared;
use crate::spread::Unit;
use mockpos::app::App;
use std::hint::black_box;
use std::sync::Barrier;
use std::thread;
use std::time::Instant;

/// What the loop must reach, in hundredths, before and after the pages of a try, for it to count: else the machine had no
/// second core to give.
const GIVEN: u64 = 180;

/// The table.
pub fn section(options: &Options) -> Section {
    let columns = [
        "work",
        "two threads against one",
        "CPU of one call, one thread",
        "CPU of one call, two threads",
    ];
    let app = app("");
    for sandbox in 0..2 {
        answer(
            &app,
            &call(&shared::option("benchmark0"), &format!("s{sandbox}")),
        );
    }
    let calls = options.pick(5, 600);
    let turns = options.pick(1_000, 12_000_000);
    let pages = |thread: usize| pages(&app, thread, calls);
    let counting = |_| count(turns);
    let (mut own, mut ceiling, mut given) = (Vec::new(), Vec::new(), Vec::new());
    let (mut alone, mut both) = (Vec::new(), Vec::new());
    let tries = 40 * options.rounds();
    for _ in 0..tries {
        let before = speedup(&counting).0;
        let (gain, cpu) = speedup(&pages);
        let after = speedup(&counting).0;
        ceiling.extend([before, after]);
        own.push(gain);
        alone.push(cpu[0] / calls as u64);
        both.push(cpu[1] / calls as u64);
        if before.min(after) >= GIVEN {
            given.push(gain);
        }
    }
    let mut section = Section::new(("threads", "Two threads against one"), &columns).about(
        "`App::answer`, BIN pages, each thread in a sandbox of its own, by the wall clock; beside it a loop that only counts, and so \
         shares nothing. A try counts in the first line when the loop reached 1.80 both before and after it.",
    );
    let cpu = || [all(Unit::Nanos, &alone), all(Unit::Nanos, &both)];
    let told = format!("BIN pages, {} of {tries} tries", given.len());
    let gain = match given.is_empty() {
        true => text("never a second core"),
        false => all(Unit::Hundredths, &given),
    };
    let [first, second] = cpu();
    section.row(vec![text(told), gain, first, second]);
    let every = [
        ("BIN pages, every try", &own),
        ("loop, every try", &ceiling),
    ];
    for (name, samples) in every {
        let gain = all(Unit::Hundredths, samples);
        section.row(vec![text(name), gain, text(""), text("")]);
    }
    section
}

/// How many times as much two threads do as one, in hundredths; the CPU time of a thread, alone and with another.
fn speedup(work: &(dyn Fn(usize) -> u64 + Sync)) -> (u64, [u64; 2]) {
    let (first, alone) = time(1, work);
    let (second, both) = time(2, work);
    (first * 200 / second.max(1), [alone, both])
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
