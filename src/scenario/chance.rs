//! How chance is written down: where its generator stands, in hex, for no JSON number is as long.

use rand_pcg::Pcg64Mcg;
use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serializer};

/// As the generator writes itself.
#[derive(Deserialize)]
struct Standing {
    state: u128,
}

/// Thirty-two hex digits.
pub fn serialize<S: Serializer>(rng: &Pcg64Mcg, serializer: S) -> Result<S::Ok, S::Error> {
    let text = serde_json::to_string(rng).map_err(S::Error::custom)?;
    let standing: Standing = serde_json::from_str(&text).map_err(S::Error::custom)?;
    serializer.serialize_str(&format!("{:032x}", standing.state))
}

/// The generator goes on from there.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Pcg64Mcg, D::Error> {
    let text = String::deserialize(deserializer)?;
    let plain = text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
    let state = u128::from_str_radix(&text, 16).ok();
    // the generator's standing is odd, always
    let state = state.filter(|state| plain && state % 2 == 1);
    let state = state.ok_or_else(|| D::Error::custom("not where a generator can stand"))?;
    Ok(Pcg64Mcg::new(state))
}
