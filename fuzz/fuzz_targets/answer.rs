//! Calls of all surfaces, one after the other, in a sandbox of their own: whatever comes, it is answered, and the
//! money adds up.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mockpos_fuzz::{House, calls, timed};

fuzz_target!(|bytes: &[u8]| {
    let house = House::anew();
    for call in calls(bytes) {
        timed(|| drop(house.ask(call)));
    }
    house.audited();
});
