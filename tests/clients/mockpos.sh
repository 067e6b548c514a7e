# Sourced by the runs of the clients: starts the program on a free port as MOCKPOS_URL, and stops it at the end.
# Its clock stands still, so that no run meets a midnight. MOCKPOS_BIN: the program; without it, it is built.

# need PACKAGE COMMAND...: installs Debian's package if the command does not work.
need() {
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || { apt-get update && apt-get install --yes --no-install-recommends "$package"; }
}

_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
_work=$(mktemp -d)
_pid=

_stop() {
    [ -z "$_pid" ] || { kill "$_pid" && wait "$_pid" || true; } 2>/dev/null
    rm -rf "$_work"
}
trap _stop EXIT

if [ -z "${MOCKPOS_BIN:-}" ]; then
    cargo build --locked --quiet --manifest-path "$_root/Cargo.toml"
    MOCKPOS_BIN=${CARGO_TARGET_DIR:-$_root/target}/debug/mockpos
fi
mkfifo "$_work/ready"
"$MOCKPOS_BIN" serve --listen 127.0.0.1:0 --clock frozen:2026-01-02T03:04:05Z --quiet --log-format json >"$_work/ready" 2>"$_work/log" &
_pid=$!
read -r _line <"$_work/ready" || { cat "$_work/log" && exit 1; } >&2
MOCKPOS_URL=$(sed -n 's/.*"url":"\([^"]*\)".*/\1/p' <<<"$_line")
export MOCKPOS_URL
