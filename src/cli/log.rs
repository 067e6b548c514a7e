//! Log lines, to standard error.

use crate::config::{Config, LogFormat};
use std::io::{self, BufWriter, IsTerminal, Stderr, Write, stderr};
use std::time::Duration;
use std::{panic, thread};
use tracing::Level;
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};

/// How many lines may wait for whoever reads them. Beyond that they are dropped: a harness that
/// never reads our standard error must not hold up a call.
const WAITING: usize = 4_096;

/// So long nobody writes after lines were written.
const PAUSE: Duration = Duration::from_millis(2);

/// Standard error for lines that are written together. Their thread pauses behind them: a call that logs while it does
/// need not wake it, which would take longer than all else that a line costs.
struct Gathered(BufWriter<Stderr>);

impl Write for Gathered {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.write(line)
    }

    /// Called when no line waits.
    fn flush(&mut self) -> io::Result<()> {
        if self.0.buffer().is_empty() {
            return Ok(());
        }
        self.0.flush()?;
        thread::sleep(PAUSE);
        Ok(())
    }
}

/// Writes log lines from now on, one for each panic too. Lines that wait are written when the guard
/// is dropped.
pub fn start(config: &Config) -> WorkerGuard {
    // Where, but not what: a panic's message may quote what a client has sent.
    panic::set_hook(Box::new(|panic| {
        let at = panic.location().map(ToString::to_string);
        tracing::error!(at, "a bug of mockpos: it panicked, and goes on");
    }));
    let level = match config.quiet.value {
        true => Level::WARN,
        false => Level::INFO,
    };
    let (writer, guard) = NonBlockingBuilder::default()
        .lossy(true)
        .buffered_lines_limit(WAITING)
        .finish(Gathered(BufWriter::new(stderr())));
    let lines = tracing_subscriber::fmt()
        .with_writer(writer)
        .with_ansi(false)
        .with_max_level(level);
    // Err: a subscriber is there already, which only another program's test could have set
    let _ = match config.log_format.value {
        LogFormat::Json => {
            let lines = lines.json().flatten_event(true);
            tracing::subscriber::set_global_default(lines.finish())
        }
        LogFormat::Text if stderr().is_terminal() => {
            let lines = lines.without_time().with_target(false);
            tracing::subscriber::set_global_default(lines.finish())
        }
        LogFormat::Text => tracing::subscriber::set_global_default(lines.finish()),
    };
    guard
}
