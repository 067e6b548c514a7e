//! What `mockpos check` has found, for people, for programs, and for the pages of a pull request.

use crate::scenario::mistake::Mistake;
use crate::scenario::{Problem, Problems};
use serde::Serialize;

/// How findings are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// for people, with the line and a caret under the place
    Text,
    /// one JSON object for all files
    Json,
    /// GitHub's workflow commands: annotations at the lines
    Github,
}

/// One thing that is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Finding {
    /// as it was named
    file: String,
    /// from 1
    line: usize,
    /// from 1, in characters
    column: usize,
    /// `S014`
    code: &'static str,
    title: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

/// What became of one file.
#[derive(Debug, Serialize)]
pub(super) struct Verdict {
    file: String,
    pub ok: bool,
    /// how many there are, when they could be run
    examples: usize,
    problems: Vec<Finding>,
    /// for people
    #[serde(skip)]
    text: String,
}

#[derive(Serialize)]
struct Report<'a> {
    ok: bool,
    files: &'a [Verdict],
}

impl Finding {
    /// A mistake at a line, of which no more is known.
    pub fn at((file, line): (&str, usize), mistake: Mistake, message: String) -> Self {
        Self {
            file: file.to_owned(),
            line,
            column: 1,
            code: mistake.code(),
            title: mistake.title(),
            message,
            hint: None,
        }
    }

    fn of(problem: &Problem) -> Self {
        Self {
            column: problem.column,
            hint: problem.hint.clone(),
            ..Self::at(
                (&problem.file, problem.line),
                problem.mistake,
                problem.message.clone(),
            )
        }
    }

    /// `::error file=a.toml,line=4,col=10,title=S004 unknown key::…`
    fn command(&self) -> String {
        let escaped = |text: &str| {
            let text = text.replace('%', "%25").replace('\r', "%0D");
            text.replace('\n', "%0A")
        };
        let property = |text: &str| escaped(text).replace(':', "%3A").replace(',', "%2C");
        let hint = self.hint.as_ref().map(|hint| format!("\nhint: {hint}"));
        let message = format!("{}{}", self.message, hint.unwrap_or_default());
        format!(
            "::error file={},line={},col={},title={} {}::{}",
            property(&self.file),
            self.line,
            self.column,
            self.code,
            property(self.title),
            escaped(&message),
        )
    }
}

impl Verdict {
    /// All is well.
    pub fn good(file: &str, examples: usize) -> Self {
        Self {
            file: file.to_owned(),
            ok: true,
            examples,
            problems: Vec::new(),
            text: format!("{file}: ok, {examples} examples hold"),
        }
    }

    /// What these findings say; `text` says it to people.
    pub fn bad(file: &str, problems: Vec<Finding>, text: String) -> Self {
        Self {
            file: file.to_owned(),
            ok: false,
            examples: 0,
            problems,
            text,
        }
    }

    /// It does not compile.
    pub fn refused(file: &str, problems: &Problems) -> Self {
        let findings = problems.list.iter().map(Finding::of).collect();
        Self::bad(file, findings, problems.render())
    }
}

/// Tells all of it: to people what is wrong on standard error, the rest on standard output.
pub(super) fn tell(format: Format, verdicts: &[Verdict]) {
    match format {
        Format::Text => {
            for verdict in verdicts {
                match verdict.ok {
                    true => println!("{}", verdict.text),
                    false => eprintln!("{}", verdict.text),
                }
            }
        }
        Format::Json => {
            let ok = verdicts.iter().all(|verdict| verdict.ok);
            let report = Report {
                ok,
                files: verdicts,
            };
            println!("{}", serde_json::to_string(&report).unwrap_or_default());
        }
        Format::Github => {
            let findings = verdicts.iter().flat_map(|verdict| &verdict.problems);
            for finding in findings {
                println!("{}", finding.command());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_escaped() {
        let finding = Finding {
            hint: Some("a\nb".to_owned()),
            ..Finding::at(
                ("a,b:c.toml", 4),
                Mistake::UnknownKey,
                "50 % : x".to_owned(),
            )
        };
        let expected = "::error file=a%2Cb%3Ac.toml,line=4,col=1,title=S004 unknown key\
                        ::50 %25 : x%0Ahint: a%0Ab";
        assert_eq!(finding.command(), expected);
    }
}
