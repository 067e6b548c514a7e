# What developers do often. `just` lists it.

_default:
    @just --list --unsorted

# all that CI runs
test:
    tests/run

# the quick half: format, lints, tests
check:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings
    cargo test

# on 127.0.0.1:4242
serve *args:
    cargo run --release -- serve {{args}}

# rewrite the transcripts and generated pages that tests compare; the diff is the review
docs-update:
    UPDATE=1 cargo test

# mockpos beside plain hyper, and how its costs grow: target/benchmarks.md and .json; `just bench --help` says what else
bench *args:
    cargo bench --bench suite -- {{args}}

# properties, load, faults and fuzzers with the counts of docs/strength.md: hours
strength *args="full":
    tests/strength {{args}}

# ten million runs of each fuzz target, of inputs that are short and so quick: `just fuzz`, or of one: `just fuzz token`
fuzz target="all":
    fuzz/run {{target}} -runs=10000000 -max_len=512

# calls that schemathesis makes up from the description: no 5xx, none outside of its schema
contract cases="20000":
    tests/clients/schemathesis/run {{cases}}

# five million mixed calls, and whether anything grows
soak:
    STRENGTH=full cargo test --release --test load soak:: -- --nocapture
