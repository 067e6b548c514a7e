//! Card data that the vendor's SDK seals: RSA with the sandbox's own key pair. contract: masterpass §2.2
//!
//! The key is a test key, made for this file and public with it: it keeps no secret. So its modulus may be the product
//! of many small primes, with which opening takes microseconds; with two it would take as long as fifty calls do. Who
//! seals sees no difference. The vendor's SDK seals for it where the vendor's public key in the SDK's file has been
//! replaced by this one.

use num_bigint::BigUint;
use std::sync::LazyLock;

/// Hex digits of a modulus: 1408 bits.
pub const MODULUS_DIGITS: usize = 352;
/// Bytes of what is sealed.
const BYTES: usize = MODULUS_DIGITS / 2;
/// Bytes that are no data, at least: 00 02, eight of chance, 00.
const PADDING: usize = 11;

/// The sandbox's public key; its exponent is 3.
pub const MODULUS: &str = "\
    CCD65BBDF6BE17FF32E0022CE1E292E9588FA7065ADD4F32761D41C4EB0FD4FC7DA2E0F7FA93B149BCD8AC8D\
    C89B746E4D92DD9A9F22BEBA67D3B83E2569C4B5CFDA4537C3AD87AF481DF0EE2EE21A7AB683C1537DDDE94F\
    7DBA4AB3DDCA7F407F0969DDA192ADB12D59FF8752978CD278565C98C52B46E61AEB1E27F52236B35A994C9F\
    3A3D4DA5E7F430827B19581C897E4320D6BA99DF775B94E8178EA79EC2B4CA03C7FC6D04D0C6C2B05D89757F";

/// Its primes. Each is 2 modulo 3, so that it has cube roots.
const PRIMES: [u64; 22] = [
    0xfae9_c6b9_46d2_1ae1,
    0xfb4b_4e20_3a18_6663,
    0xfb4f_24d6_22e4_9b9d,
    0xfbcc_7e19_a3b8_c71d,
    0xfbcc_fe40_3a8f_55a7,
    0xfc15_f480_78fe_830d,
    0xfd11_45d8_8406_979d,
    0xfd14_0cb3_09e2_c0fb,
    0xfd22_5ac2_e049_0f5b,
    0xfd24_cce7_8959_8d51,
    0xfd7c_816b_00ed_d9ff,
    0xfd89_1187_1333_1efb,
    0xfdd8_3ebf_be1e_9f4d,
    0xfdfd_77d4_8a4a_0393,
    0xfe2d_a082_7480_b577,
    0xfe60_8b3f_5934_3a5b,
    0xfe71_c143_0723_ccb3,
    0xfe91_a8fa_02ba_3bff,
    0xff03_e4d0_7c9c_cc21,
    0xff1f_dd6b_2053_9155,
    0xff51_975d_baa0_3543,
    0xffc8_8624_a0ea_b61f,
];

struct Key {
    modulus: BigUint,
    /// of each prime, the inverse of the product of those before it
    inverses: [u64; PRIMES.len()],
}

static KEY: LazyLock<Key> = LazyLock::new(|| Key {
    modulus: BigUint::parse_bytes(MODULUS.as_bytes(), 16).expect("the key is hex digits"),
    inverses: std::array::from_fn(|n| {
        let before = PRIMES[..n]
            .iter()
            .fold(1, |product, p| times(product, *p, PRIMES[n]));
        // the inverse, by Fermat's little theorem
        power(before, PRIMES[n] - 2, PRIMES[n])
    }),
});

/// The product modulo `p`.
fn times(a: u64, b: u64, p: u64) -> u64 {
    // less than `p`, which is 64 bits
    (u128::from(a) * u128::from(b) % u128::from(p)) as u64
}

/// The power modulo `p`.
fn power(mut base: u64, mut exponent: u64, p: u64) -> u64 {
    let mut power = 1;
    while exponent > 0 {
        if exponent % 2 == 1 {
            power = times(power, base, p);
        }
        base = times(base, base, p);
        exponent /= 2;
    }
    power
}

/// The number whose cube `cube` is, modulo `p`: by the exponent that 3 has an inverse in, modulo one less than `p`.
fn cube_root(cube: u64, p: u64) -> u64 {
    let exponent = (2 * u128::from(p) - 1) / 3;
    // two thirds of `p`, which is 64 bits
    power(cube, exponent as u64, p)
}

/// What the sandbox's key has sealed: hex digits, perhaps without zeros in front. None: it was sealed
/// for another, or is no sealed text.
pub fn open(hex: &str) -> Option<Vec<u8>> {
    let digits = hex.len() <= MODULUS_DIGITS && hex.bytes().all(|b| b.is_ascii_hexdigit());
    let hex = Some(hex).filter(|hex| digits && !hex.is_empty())?;
    let sealed = BigUint::parse_bytes(hex.as_bytes(), 16)?;
    if sealed >= KEY.modulus {
        return None;
    }
    unpadded(&KEY.decrypt(&sealed).to_bytes_be())
}

impl Key {
    /// By each prime apart (RFC 8017, 5.1.2, with more of them), put together as Garner does.
    fn decrypt(&self, sealed: &BigUint) -> BigUint {
        // What is sealed is digits[0] + PRIMES[0] * (digits[1] + PRIMES[1] * (digits[2] + ...)).
        let mut digits = [0; PRIMES.len()];
        for (n, &p) in PRIMES.iter().enumerate() {
            let residue = (sealed % p).iter_u64_digits().next().unwrap_or(0);
            let known = digits[..n].iter().zip(PRIMES).rev();
            let known = known.fold(0, |sum: u64, (digit, q)| {
                let sum = u128::from(times(sum, q, p)) + u128::from(*digit);
                (sum % u128::from(p)) as u64
            });
            let root = u128::from(cube_root(residue, p));
            let apart = (root + u128::from(p) - u128::from(known)) % u128::from(p);
            digits[n] = times(apart as u64, self.inverses[n], p);
        }
        let digits = digits.iter().zip(PRIMES).rev();
        digits.fold(BigUint::ZERO, |sum, (digit, p)| sum * p + *digit)
    }
}

/// What is behind PKCS#1 v1.5's padding of type 2; the zero in front is no longer there.
fn unpadded(bytes: &[u8]) -> Option<Vec<u8>> {
    let [2, rest @ ..] = bytes else { return None };
    let end = rest.iter().position(|byte| *byte == 0)?;
    let whole = bytes.len() == BYTES - 1 && end + 3 >= PADDING;
    whole.then(|| rest[end + 1..].to_vec())
}

/// Seals as the vendor's SDK does, with padding that is not by chance.
#[cfg(test)]
pub fn seal(data: &[u8]) -> String {
    let mut bytes = vec![0, 2];
    bytes.resize(BYTES - data.len() - 1, 7);
    bytes.push(0);
    bytes.extend_from_slice(data);
    let sealed = BigUint::from_bytes_be(&bytes).modpow(&BigUint::from(3_u8), &KEY.modulus);
    format!("{sealed:x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_a_pair() {
        let key = &*KEY;
        let product = PRIMES
            .iter()
            .fold(BigUint::from(1_u8), |product, p| product * *p);
        assert_eq!(product, key.modulus);
        assert_eq!(key.modulus.bits(), 1408);
        assert_eq!(MODULUS.len(), MODULUS_DIGITS);
        for p in PRIMES {
            assert_eq!(p % 3, 2);
            // Fermat's test: none of them is a product itself
            assert!(
                [2, 3, 5, 7].iter().all(|base| power(*base, p - 1, p) == 1),
                "{p}"
            );
            assert_eq!(cube_root(power(123_456_789, 3, p), p), 123_456_789);
        }
    }

    /// `openssl pkeyutl -encrypt` with this key.
    const BY_OPENSSL: &str = "\
        829cd9f0b3fdbb13bdf00f93d3de7a636e76a4bd373838f8e80f975bd9765a620f1929514de1501f65c6\
        534d16cb165525159803a2ac503cc37e7dd9bbb496092e636a441f18a807a816f25b58e262db2b411dc7\
        bd1f3c838153def931ad6f50c8a2a9f5214d6c9ab1721c9bd3a668ca89c9c2d4cb0c15bec5cd2eb24a0e\
        3170c0b8a0fdf2a3c47ecb37a8bf0c6e25359b36c5f3118372613ce112233447bbfb5e9819bac4ce19dc\
        532e030d3a0cc066";

    #[test]
    fn what_was_sealed_for_it_opens() {
        assert_eq!(open(BY_OPENSSL).as_deref(), Some(&b"5258640000000001"[..]));
        for data in [&b"5258640000000001"[..], b"123", b"", &[b'x'; BYTES - 11]] {
            let sealed = seal(data);
            assert_eq!(open(&sealed).as_deref(), Some(data));
            assert_eq!(open(&sealed.to_uppercase()).as_deref(), Some(data));
            assert_eq!(open(&format!("{sealed:0>352}")).as_deref(), Some(data));
        }
    }

    #[test]
    fn what_was_not_stays_closed() {
        let beyond = format!("{:x}", &KEY.modulus + 1_u8);
        let modulus = MODULUS.to_lowercase();
        let short_padding = {
            let bytes = [&[2][..], &[7; 7], &[0], &[b'1'; BYTES - 10]].concat();
            let sealed = BigUint::from_bytes_be(&bytes).modpow(&BigUint::from(3_u8), &KEY.modulus);
            format!("{sealed:x}")
        };
        let unbroken = {
            let bytes = [&[2][..], &[7; BYTES - 2]].concat();
            let sealed = BigUint::from_bytes_be(&bytes).modpow(&BigUint::from(3_u8), &KEY.modulus);
            format!("{sealed:x}")
        };
        let long = format!("0{:0>352}", seal(b"1"));
        for text in [
            "",
            "0",
            "1",
            "8D2F6C",
            "not hex",
            "ğ",
            "+1",
            &"f".repeat(352),
            &modulus,
            &beyond,
            &short_padding,
            &unbroken,
            &long,
        ] {
            assert_eq!(open(text), None, "{text}");
        }
    }
}
