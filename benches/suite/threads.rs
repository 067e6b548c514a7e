//! Two threads against one: calls in the process to sandboxes of their own, beside a loop that only counts, which says
//! what the machine gives two threads at that moment.

use crate::inside::{answer, app, call, cpu_ns};
use crate::options::Options;
use crate::report::{Section, all, ratio, text};
use crate::shared;
use crate::spread::Unit;
use mockpos::app::App;
use std::fs;
use std::hint::black_box;
use std::ops::RangeInclusive;
use std::sync::Barrier;
use std::thread;
use std::time::Instant;

/// What the loop must reach, in hundredths, before and after the pages of a try, for it to count: else other programs had
/// the cores.
const GIVEN: RangeInclusive<u64> = 180..=220;

/// The table.
pub fn section(options: &Options) -> Section {
    let columns = [
        "work",
        "two threads against one, by the clock",
        "by CPU time",
        "CPU of one call, one thread",
        "CPU of one call, two threads",
        "waits a thread, 1,000 calls",
    ];
    let app = app("");
    for sandbox in 0..2 {
        answer(
            &app,
            &call(&shared::option("benchmark0"), &format!("s{sandbox}")),
        );
    }
    let calls = options.pick(5, 15_000);
    let turns = options.pick(1_000, 400_000_000);
    let pages = |thread: usize| pages(&app, thread, calls);
    let counting = |_| count(turns);
    let (mut own, mut ceiling, mut given) = (Vec::new(), Vec::new(), Vec::new());
    let (mut alone, mut both, mut waits) = (Vec::new(), Vec::new(), Vec::new());
    let tries = 4 * options.rounds();
    for _ in 0..tries {
        let before = speedup(&counting).0;
        let (gain, [one, two]) = speedup(&pages);
        let after = speedup(&counting).0;
        ceiling.extend([before, after]);
        own.push(gain);
        alone.push(one.cpu_ns / calls as u64);
        both.push(two.cpu_ns / calls as u64);
        waits.push(two.waits * 1_000 / calls as u64);
        if GIVEN.contains(&before) && GIVEN.contains(&after) {
            given.push(gain);
        }
    }
    let mut section = Section::new(("threads", "Two threads against one"), &columns).about(
        "`App::answer`, BIN pages, each thread in a sandbox of its own; beside it a loop that only counts, and so shares nothing. By the \
         clock a try counts in the first line when the loop reached 1.80 to 2.20 both before and after it: else other programs had the \
         cores. By CPU time: twice what a call takes alone, by what it takes beside another thread; that holds as far as the threads do \
         not wait, so waits (voluntary switches) are counted.",
    );
    let by_cpu: Vec<_> = alone.iter().map(|cpu| cpu * 2).collect();
    let gain = match given.is_empty() {
        true => text("never two cores"),
        false => all(Unit::Hundredths, &given),
    };
    section.row(vec![
        text(format!("BIN pages, {} of {tries} tries", given.len())),
        gain,
        ratio(&by_cpu, &both),
        all(Unit::Nanos, &alone),
        all(Unit::Nanos, &both),
        all(Unit::Count, &waits),
    ]);
    let every = [
        ("BIN pages, every try", &own),
        ("loop, every try", &ceiling),
    ];
    for (name, samples) in every {
        let mut cells = vec![text(name), all(Unit::Hundredths, samples)];
        cells.resize(columns.len(), text(""));
        section.row(cells);
    }
    section
}

/// What a thread has used for its work.
#[derive(Debug, Clone, Copy, Default)]
struct Used {
    cpu_ns: u64,
    waits: u64,
}

/// How many times as much two threads do as one, in hundredths; what a thread uses, alone and with another.
fn speedup(work: &(dyn Fn(usize) + Sync)) -> (u64, [Used; 2]) {
    let (first, alone) = time(1, work);
    let (second, both) = time(2, work);
    (first * 200 / second.max(1), [alone, both])
}

/// From the first that begins to the last that ends of so many threads, and what each has used.
fn time(threads: usize, work: &(dyn Fn(usize) + Sync)) -> (u64, Used) {
    let ready = Barrier::new(threads);
    let run = |thread: usize| {
        ready.wait();
        let (begun, before, cpu) = (Instant::now(), waits(), cpu_ns());
        work(thread);
        let (cpu_ns, ended) = (cpu_ns() - cpu, Instant::now());
        let waits = waits() - before;
        (begun, ended, Used { cpu_ns, waits })
    };
    let done: Vec<_> = thread::scope(|scope| {
        let run = &run;
        let workers: Vec<_> = (0..threads)
            .map(|thread| scope.spawn(move || run(thread)))
            .collect();
        let done = workers.into_iter().map(|worker| worker.join());
        done.map(|done| done.expect("the work ends well")).collect()
    });
    let begun = done.iter().map(|(begun, _, _)| *begun).min();
    let ended = done.iter().map(|(_, ended, _)| *ended).max();
    let spent = begun.zip(ended).map(|(begun, ended)| ended - begun);
    let spent = spent.map_or(0, |spent| spent.as_nanos());
    let each = |of: fn(&Used) -> u64| {
        let all = done.iter().map(|(_, _, used)| of(used));
        all.sum::<u64>() / threads as u64
    };
    let used = Used {
        cpu_ns: each(|used| used.cpu_ns),
        waits: each(|used| used.waits),
    };
    (u64::try_from(spent).unwrap_or(u64::MAX), used)
}

/// How often this thread has gone to sleep so far.
fn waits() -> u64 {
    let status = fs::read_to_string("/proc/thread-self/status").unwrap_or_default();
    let mut lines = status.lines();
    let line = lines.find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
    line.and_then(|count| count.trim().parse().ok())
        .unwrap_or(0)
}

fn pages(app: &App, thread: usize, calls: usize) {
    let page = call(&shared::bin_page("benchmark0"), &format!("s{thread}"));
    for _ in 0..calls {
        answer(app, &page);
    }
}

fn count(turns: usize) {
    for turn in 0..turns {
        black_box(turn);
    }
}
