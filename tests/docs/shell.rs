//! Runs the `sh` blocks of a section in one bash, and compares what they print.

use crate::markdown::Block;
use std::fs;
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// The address that the README names; commands get the one of the test's server in its place.
const NAMED: &str = "127.0.0.1:4242";
/// Longer than any section takes; so that a test fails instead of hanging.
const PATIENCE: Duration = Duration::from_secs(60);
/// What the script prints at each `# =>`: a control character that no answer contains.
const MARK: char = '\u{1e}';

/// The commands of one section and what they must print.
#[derive(Debug, Default)]
pub struct Session {
    section: String,
    script: String,
    expected: Vec<Expected>,
    marks: usize,
}

/// A text that must stand in what was printed before a mark.
#[derive(Debug)]
struct Expected {
    line: usize,
    mark: usize,
    text: String,
}

impl Session {
    /// The `sh` blocks by section.
    pub fn of(blocks: &[Block]) -> Vec<Self> {
        let mut sessions: Vec<Self> = Vec::new();
        for block in blocks.iter().filter(|block| block.language == "sh") {
            if sessions
                .last()
                .is_none_or(|last| last.section != block.section)
            {
                sessions.push(Self {
                    section: block.section.clone(),
                    ..Self::default()
                });
            }
            let session = sessions.last_mut().expect("there is one");
            session.add(block);
        }
        sessions
    }

    fn add(&mut self, block: &Block) {
        let mut marked = false;
        for (number, line) in block.text.lines().enumerate() {
            if let Some(text) = line.strip_prefix("# =>") {
                if !marked {
                    self.marks += 1;
                    self.script += "printf '\\036'\n";
                }
                let (line, mark, text) = (
                    block.line + 1 + number,
                    self.marks - 1,
                    text.trim().to_owned(),
                );
                self.expected.push(Expected { line, mark, text });
                marked = true;
            } else {
                self.script += &format!("{line}\n");
                marked = false;
            }
        }
    }
}

/// A folder of its own and the address of a server.
pub struct Shell {
    folder: PathBuf,
    address: String,
}

impl Shell {
    /// With `scenarios/` of the project, the program on the path, and a curl that does not wait forever.
    pub fn new(name: &str, url: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("docs")
            .join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        fs::create_dir_all(&folder).unwrap();
        let scenarios = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios");
        std::os::unix::fs::symlink(scenarios, folder.join("scenarios")).unwrap();
        fs::write(folder.join(".curlrc"), "max-time = 20\nnoproxy = *\n").unwrap();
        Self {
            folder,
            address: url.trim_start_matches("http://").to_owned(),
        }
    }

    /// Err says at which line of the text what is wrong, and what was printed.
    pub fn run(&self, session: &Session) -> Result<(), String> {
        let Session {
            section,
            script,
            expected,
            marks,
        } = session;
        let (ended_well, printed) = self.bash(&format!("set -euo pipefail\nexec 2>&1\n{script}"));
        let pieces: Vec<_> = printed.split(MARK).collect();
        for Expected { line, mark, text } in expected {
            let Some(piece) = pieces[..pieces.len() - 1].get(*mark) else {
                return Err(format!(
                    "{line}: a command before this line failed\n{}",
                    pieces[pieces.len() - 1]
                ));
            };
            if !piece.contains(&text.replace(NAMED, &self.address)) {
                return Err(format!("{line}: not printed: {text}\nbut:\n{piece}"));
            }
        }
        assert_eq!(pieces.len(), marks + 1, "{printed}");
        if ended_well {
            Ok(())
        } else {
            Err(format!(
                " a command under `{section}` failed\n{}",
                pieces[*marks]
            ))
        }
    }

    /// Whether the script ended with success, and what it printed.
    fn bash(&self, script: &str) -> (bool, String) {
        let program = Path::new(env!("CARGO_BIN_EXE_mockpos"))
            .parent()
            .unwrap()
            .to_str()
            .unwrap();
        let path = std::env::var("PATH").unwrap_or_default();
        let mut bash = Command::new("bash");
        bash.args(["--norc", "-c", &script.replace(NAMED, &self.address)])
            .env_clear()
            .envs([
                ("HOME", self.folder.to_str().unwrap()),
                ("LC_ALL", "C.UTF-8"),
            ])
            .env("PATH", format!("{program}:{path}"))
            .current_dir(&self.folder)
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        let mut bash = bash
            .spawn()
            .unwrap_or_else(|why| panic!("this test needs bash: {why}"));
        let mut out = bash.stdout.take().unwrap();
        let (done, printed) = mpsc::channel();
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            out.read_to_end(&mut bytes).unwrap();
            done.send(String::from_utf8_lossy(&bytes).into_owned())
                .unwrap();
        });
        let Ok(printed) = printed.recv_timeout(PATIENCE) else {
            let group = format!("-{}", bash.id());
            Command::new("kill")
                .args(["-KILL", "--", &group])
                .status()
                .unwrap();
            bash.wait().unwrap();
            panic!("still running after {} s:\n{script}", PATIENCE.as_secs());
        };
        let needs_curl = printed.contains("curl: command not found");
        assert!(
            !needs_curl,
            "this test needs curl: on Debian, `apt-get install curl`"
        );
        (bash.wait().unwrap().success(), printed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::blocks;

    fn run(name: &str, commands: &str) -> Result<(), String> {
        let sessions = Session::of(&blocks(&format!("# A\n```sh\n{commands}\n```\n")));
        let shell = Shell::new(name, "http://127.0.0.1:1");
        sessions.iter().try_for_each(|session| shell.run(session))
    }

    #[test]
    fn blocks_of_a_section_share_a_shell() {
        let text = "# A\n```sh\nx=1\n```\n```sh\necho $x\n# => 1\n```\n# B\n```sh\necho ${x:-none}\n# => none\n```\n";
        let sessions = Session::of(&blocks(text));
        assert_eq!(sessions.len(), 2);
        let shell = Shell::new("share", "http://127.0.0.1:1");
        sessions
            .iter()
            .try_for_each(|session| shell.run(session))
            .unwrap();
    }

    #[test]
    fn what_is_printed_is_compared() {
        run(
            "same",
            "echo one\n# => on\n# => one\necho two >&2\n# => two",
        )
        .unwrap();
        run(
            "address",
            "echo http://127.0.0.1:4242/x\n# => http://127.0.0.1:4242/x",
        )
        .unwrap();
        run("scenarios", "ls scenarios\n# => default.toml").unwrap();
        run("program", "mockpos --version\n# => mockpos").unwrap();
        let cases = [
            (
                "another",
                "echo one\n# => two",
                "4: not printed: two\nbut:\none\n",
            ),
            (
                "earlier",
                "echo one\n# => one\necho two\n# => one",
                "6: not printed: one\nbut:\ntwo\n",
            ),
            (
                "failed",
                "echo one\nfalse\necho two\n# => two",
                "6: a command before this line failed\none\n",
            ),
            (
                "last",
                "echo one\n# => one\nfalse",
                " a command under `# A` failed\n",
            ),
        ];
        for (name, commands, why) in cases {
            assert_eq!(run(name, commands).unwrap_err(), why);
        }
    }
}
