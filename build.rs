//! Packs the shipped scenarios: a quarter of a megabyte of text that few processes look at. The built-in ones are in the
//! program as they are.

use std::path::Path;
use std::{env, fs};

/// What every process begins with.
const BUILTIN: &[&str] = &["default", "default-wallet"];
/// As much as the format can do: it is done once.
const LEVEL: u8 = 10;

fn main() {
    println!("cargo::rerun-if-changed=scenarios");
    let root = env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where the package is");
    let files = fs::read_dir(Path::new(&root).join("scenarios")).expect("there are scenarios");
    let paths = files.map(|file| file.expect("the directory can be read").path());
    let mut paths: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|it| it == "toml"))
        .collect();
    paths.sort();
    let mut pack = String::new();
    for path in paths {
        let name = path
            .file_stem()
            .and_then(|name| name.to_str())
            .expect("names are text");
        let text = fs::read_to_string(&path).expect("scenarios are text");
        assert!(!text.contains('\0'), "{name} has no zero byte");
        if !BUILTIN.contains(&name) {
            pack.extend([name, "\0", &text, "\0"]);
        }
    }
    let out = env::var_os("OUT_DIR").expect("cargo says where what is built goes");
    let packed = miniz_oxide::deflate::compress_to_vec(pack.as_bytes(), LEVEL);
    fs::write(Path::new(&out).join("scenarios"), packed).expect("it can be written");
}
