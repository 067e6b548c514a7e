//! Which number the card network knows a bank by. contract: masterpass §6

/// EFT codes of Turkish banks, each with the bank's ICA number.
const ICAS: &[(u32, u32)] = &[
    (10, 2374),
    (12, 3039),
    (15, 2119),
    (32, 9165),
    (46, 2110),
    (62, 2030),
    (64, 3771),
    (67, 2117),
    (111, 1684),
    (123, 7656),
];

/// The ICA number of the bank with this EFT code.
pub fn of_bank(eft: u32) -> Option<u32> {
    let found = ICAS.iter().find(|(known, _)| *known == eft);
    found.map(|(_, ica)| *ica)
}
