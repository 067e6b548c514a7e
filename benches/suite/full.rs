//! What more payments cost a request over the wire: a server that fills up beside one that holds a single payment.

use crate::asks::{self, to};
use crate::client::Client;
use crate::grow::{Draw, KEPT, in_turns};
use crate::load::{Caller, Load};
use crate::options::Options;
use crate::report::{Cell, Section, one};
use crate::server::Server;
use crate::spread::Unit;
use serde_json::Value;

const CALLERS: usize = 64;
/// How many different requests a caller has.
const EACH: usize = 300;

/// A server, and the numbers of the first and the newest payment of each of its sandboxes.
struct Filled {
    server: Server,
    numbers: Vec<(u64, u64)>,
    draw: Draw,
}

impl Filled {
    /// With one payment.
    fn new(options: &Options) -> Self {
        let more = ["--state-entries", "10000000"];
        let server = Server::mockpos(&options.binary(), &more);
        let (numbers, draw) = (Vec::new(), Draw(7));
        let mut filled = Self {
            server,
            numbers,
            draw,
        };
        filled.grow(1);
        filled
    }

    fn len(&self) -> usize {
        let each = self.numbers.iter().map(|(first, last)| last - first + 1);
        usize::try_from(each.sum::<u64>()).expect("they are not that many")
    }

    fn grow(&mut self, goal: usize) {
        while self.len() < goal {
            let sandbox = self.numbers.len().saturating_sub(1);
            let room = |(first, last): &(u64, u64)| KEPT as u64 - (last - first + 1);
            let room = self.numbers.last().map_or(0, room);
            if room == 0 {
                let first = self.pay(self.numbers.len());
                self.numbers.push((first, first));
                continue;
            }
            let wanted = room.min((goal - self.len()) as u64);
            let wanted = usize::try_from(wanted).expect("a sandbox has room for less");
            let callers = CALLERS.min(wanted);
            let caller = Caller::of(None, to(asks::card_payment(), sandbox));
            // each pays once as it connects
            let mut load = Load::open(self.server.address, &vec![caller; callers]);
            let (more, _) = load.drive((wanted / callers - 1) * callers);
            // numbers are given one after the other
            self.numbers[sandbox].1 += callers as u64 + more;
        }
    }

    /// The first payment there, and its number.
    fn pay(&self, sandbox: usize) -> u64 {
        let request = to(asks::card_payment(), sandbox);
        let told = Client::open(self.server.address).send(&request);
        let json: Value = serde_json::from_slice(&told.body).unwrap_or_default();
        json["data"]["id"].as_u64().expect("payments have numbers")
    }

    /// Who asks for any of them.
    fn any(&mut self) -> Load {
        let mut request = || {
            let sandbox = self.draw.below(self.numbers.len());
            let (first, last) = self.numbers[sandbox];
            let count = usize::try_from(last - first + 1).expect("they are not that many");
            to(
                asks::look_up(first + self.draw.below(count) as u64),
                sandbox,
            )
        };
        let mut caller = || Caller {
            before: None,
            requests: (0..EACH).map(|_| request()).collect(),
        };
        let callers: Vec<_> = (0..CALLERS).map(|_| caller()).collect();
        Load::open(self.server.address, &callers)
    }

    /// Who asks for the newest.
    fn newest(&self) -> Load {
        let sandbox = self.numbers.len() - 1;
        let request = to(asks::look_up(self.numbers[sandbox].1), sandbox);
        let caller = Caller::of(None, request);
        Load::open(self.server.address, &vec![caller; CALLERS])
    }
}

/// The curve.
pub fn section(options: &Options) -> Section {
    let columns = [
        "live payments",
        "CPU s / 1,000 look-ups of the newest",
        "× beside one",
        "CPU s / 1,000 look-ups of any, at random",
        "× beside one",
    ];
    let mut section = Section::new(("full", "1 to 1,000,000 live payments, over the wire"), &columns).about(
        "CPU time of the server's process at 64 connections, beside that of another process with one payment. Such a server has the caches to \
         itself and its heap in order, which the sandbox with one payment of the table before has not.",
    );
    let (mut grown, mut small) = (Filled::new(options), Filled::new(options));
    for goal in options.curve(100, 1_000_000) {
        grown.grow(goal);
        let mut cells = vec![one(Unit::Count, grown.len() as u64)];
        for loads in [(grown.newest(), small.newest()), (grown.any(), small.any())] {
            cells.extend(compare(options, (&grown.server, &small.server), loads));
        }
        section.row(cells);
    }
    section
}

/// Samples of both in turns.
fn compare(
    options: &Options,
    (grown, small): (&Server, &Server),
    (mut own, mut reference): (Load, Load),
) -> [Cell; 2] {
    let requests = options.pick(64, CALLERS * EACH);
    in_turns(
        (Unit::CpuOfRequest, options.pick(1, 9)),
        &mut || grown.cost_of(|| own.drive(requests)).cpu_ns,
        &mut || small.cost_of(|| reference.drive(requests)).cpu_ns,
    )
}
