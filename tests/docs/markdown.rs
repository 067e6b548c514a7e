//! The fenced blocks of a Markdown text.

/// A fenced block.
#[derive(Debug, PartialEq)]
pub struct Block {
    /// the line of its opening fence, from 1
    pub line: usize,
    /// the heading that it stands under
    pub section: String,
    /// the word behind the opening fence
    pub language: String,
    /// what is between the fences
    pub text: String,
    /// `<!-- not run: why -->` stands above it
    pub not_run: bool,
}

/// All fenced blocks of `markdown`, in order.
pub fn blocks(markdown: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut open: Option<Block> = None;
    let (mut section, mut above) = ("", "");
    for (number, line) in markdown.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (Some(_), Some(_)) => found.extend(open.take()),
            (Some(block), None) => block.text += &format!("{line}\n"),
            (None, Some(language)) => {
                let (section, language) = (section.to_owned(), language.trim().to_owned());
                let (line, text, not_run) = (number + 1, String::new(), says_not_run(above));
                open = Some(Block {
                    line,
                    section,
                    language,
                    text,
                    not_run,
                });
            }
            (None, None) if line.starts_with('#') => section = line,
            (None, None) => {}
        }
        if !line.trim().is_empty() {
            above = line;
        }
    }
    assert!(open.is_none(), "a block never ends: {open:?}");
    found
}

/// A reason must stand there.
fn says_not_run(line: &str) -> bool {
    let reason = line
        .trim()
        .strip_prefix("<!-- not run:")
        .and_then(|rest| rest.strip_suffix("-->"));
    reason.is_some_and(|reason| !reason.trim().is_empty())
}

#[test]
fn blocks_are_found() {
    let text = "# A\n```sh\nls\n\n# not a heading\n```\n## B\n<!-- not run: slow -->\n\n```toml\n```\n\
                <!-- not run: -->\n```text\nx\n```\n";
    let block = |line, section: &str, language: &str, text: &str, not_run| {
        let [section, language, text] = [section, language, text].map(str::to_owned);
        Block {
            line,
            section,
            language,
            text,
            not_run,
        }
    };
    assert_eq!(
        blocks(text),
        [
            block(2, "# A", "sh", "ls\n\n# not a heading\n", false),
            block(10, "## B", "toml", "", true),
            block(13, "## B", "text", "x\n", false),
        ]
    );
}
