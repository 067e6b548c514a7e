//! args -> config -> run -> exit code

fn main() -> std::process::ExitCode {
    mockpos::cli::main()
}
