//! Reads the user's copy of the wallet vendor's SDK, which is served with another key in it.

use crate::route::Script;
use crate::surface::masterpass::sdk::rewritten;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// The largest file, in bytes.
const LARGEST: u64 = 8 * 1024 * 1024;

/// The file as it is served; None: there is none to serve. Err is for people to read.
pub fn read(path: Option<&Path>) -> Result<Option<Script>, String> {
    let Some(path) = path else { return Ok(None) };
    let wrong = |why: String| format!("cannot serve SDK `{}`: {why}", path.display());
    let file = File::open(path).map_err(|e| wrong(e.to_string()))?;
    let mut bytes = Vec::new();
    let read = file.take(LARGEST + 1).read_to_end(&mut bytes);
    if read.map_err(|e| wrong(e.to_string()))? as u64 > LARGEST {
        return Err(wrong("more than 8 MiB".to_owned()));
    }
    let name = path.file_name().and_then(|name| name.to_str());
    let served = rewritten(name.unwrap_or_default(), &bytes).map_err(|why| {
        let hint = "hint: it is a file that a page loads, `mfs-client.min.js` or the new one's";
        wrong(format!("{why}\n{hint}"))
    });
    served.map(Some)
}
