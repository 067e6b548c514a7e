//! The command line: one file a command.

pub mod check;
mod export;
mod findings;
mod healthcheck;
mod load;
mod log;
mod ready;
pub mod reference;
mod report;
mod run;
mod serve;
mod settings;
mod watch;

use clap::{Parser, Subcommand};
use std::fmt;
use std::process::ExitCode;

const EXAMPLES: &str = "\
Examples:
  mockpos                                         serve the built-in scenario on 127.0.0.1:4242
  mockpos --scenario declines.toml --seed 7       a scenario of your own, and other ids
  mockpos --scenario declines.toml --watch        the same, read anew whenever the file changes
  mockpos --listen 127.0.0.1:0 --port-file port   a free port, written to a file when ready
  mockpos --print-config                          what holds, and who said so
  mockpos run -- npm test                         a server for one command, and a judgement
  mockpos check scenarios/*.toml                  are these scenarios any good?
  mockpos check --format github scenarios/*.toml  the same, as annotations of a pull request
  mockpos check --explain declines.toml           what holds in the end, and which line says so

A scenario of your own:
  mockpos scenarios bank-declines > my.toml       one to begin with; without a name: all there are
  mockpos knobs then.decline                      what a key takes, with a line to copy
  mockpos endpoints refund                        the names for `when.endpoint`
  mockpos schema > scenario.schema.json           completion in editors: see `mockpos schema --help`

Environment variables:
  Each option is also a variable: --header-timeout is MOCKPOS_HEADER_TIMEOUT. In variables, lists
  are separated by commas. An empty variable counts as not set. MOCKPOS_SCENARIO_INLINE holds a
  scenario as text. A flag outranks a variable, a variable the scenario file, the file the default.

Exit codes:
  0 ended in good order   1 failed while running   2 could not start, with a message that says why";

const SCHEMA: &str = "\
Editors that know Taplo (VS Code: Even Better TOML) complete and check a file whose first line names the schema:
  mockpos schema > scenario.schema.json
  #:schema scenario.schema.json
Inside the braces of `when = { }` they offer nothing; with dots they do, and it is the same: `when.bin = \"525864\"`";

const RUN: &str = "\
Examples:
  mockpos run -- npm test                                  with MOCKPOS_URL and the vendors' variables set
  mockpos run --scenario declines.toml --strict -- pytest  expectations and mistakes count
  mockpos run --report junit=reports/mockpos.xml -- make e2e
  mockpos run --export POS_URL=url --export POS_KEY=api-key -- ./test.sh

Variables for the command:
  MOCKPOS_URL, CRAFTGATE_URL, CRAFTGATE_BASE_URL, SERVICE_BACKEND_URL have the address; CRAFTGATE_API_KEY,
  CRAFTGATE_SECRET_KEY, CRAFTGATE_CALLBACK_KEY and CRAFTGATE_WEBHOOK_KEY the keys of the scenario's first
  merchant. SIGINT, SIGTERM and SIGHUP are passed on to it.

Exit codes:
  that of the command; 1 when it went well and something expected did not happen; 127 when there is no
  such command, 126 when it cannot be run; 2 when mockpos cannot start";

/// Stands in for everything between a Turkish web shop and the money
///
/// Akinon checkout, Craftgate, Masterpass and the bank's pages, on one address. Without a command it
/// serves.
#[derive(Debug, Parser)]
#[command(name = "mockpos", version, after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: serve::Args,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve until SIGTERM or SIGINT; what happens without a command
    #[command(after_help = EXAMPLES)]
    Serve(Box<serve::Args>),
    /// Serve on a free port while a command runs, then say whether all that was expected has happened
    #[command(after_help = RUN)]
    Run(Box<run::Args>),
    /// Ask a running mockpos how it is: exit 0 when well, 1 when not
    Healthcheck(healthcheck::Args),
    /// Compile scenario files and run their examples: exit 0 when all are good, 2 when not
    Check(check::Args),
    /// Print what a scenario can say: every key with its help and an example
    Knobs(reference::Args),
    /// Print the names of all endpoints, for `when.endpoint`, with what reaches them
    Endpoints(reference::EndpointArgs),
    /// Print the JSON Schema of a scenario file, for editors
    #[command(after_help = SCHEMA)]
    Schema,
    /// Print the description of every endpoint, as OpenAPI 3.1
    Openapi,
    /// List the shipped scenarios, each with what it is for; or print one
    Scenarios(reference::ScenarioArgs),
}

/// Why a command ends early: a message, perhaps with `hint:` lines, and the exit code.
#[derive(Debug)]
struct Failure {
    code: u8,
    message: String,
}

impl Failure {
    /// What was asked for is no good.
    fn usage(message: impl Into<String>) -> Self {
        let message = message.into();
        Self { code: 2, message }
    }

    /// It was tried and did not work.
    fn run(message: impl Into<String>) -> Self {
        let message = message.into();
        Self { code: 1, message }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // the scenario compiler says `error[S014]: …` by itself
        let title = match self.message.starts_with("error[") {
            true => "",
            false => "error: ",
        };
        write!(f, "{title}{}", self.message)
    }
}

/// Runs the program with the process's arguments and variables.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let well = |()| ExitCode::SUCCESS;
    let done = match cli.command {
        None => serve::serve(&cli.serve).map(well),
        Some(Command::Serve(args)) => serve::serve(&args).map(well),
        Some(Command::Run(args)) => run::run(&args),
        Some(Command::Healthcheck(args)) => healthcheck::healthcheck(&args).map(well),
        Some(Command::Check(args)) => check::check(&args).map(well),
        Some(Command::Knobs(args)) => reference::print_knobs(&args).map(well),
        Some(Command::Endpoints(args)) => reference::print_endpoints(&args).map(well),
        Some(Command::Schema) => {
            reference::print(&reference::schema());
            Ok(ExitCode::SUCCESS)
        }
        Some(Command::Openapi) => {
            reference::print(&reference::openapi());
            Ok(ExitCode::SUCCESS)
        }
        Some(Command::Scenarios(args)) => reference::print_scenarios(&args).map(well),
    };
    match done {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::from(failure.code)
        }
    }
}
