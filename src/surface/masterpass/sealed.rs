//! Card data that the vendor's SDK seals: RSA with the sandbox's own key pair. contract: masterpass §2.2
//!
//! The key is a test key, made for this file and public with it: it keeps no secret. The vendor's SDK
//! seals for it where the vendor's public key in the SDK's file has been replaced by this one.

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
    AA6D110BD7935FBEFD24B8BD823572541971F00EF060D21679BF513F116CA622705B2234B6A87EA4AAECE23A\
    FFECAE4B3499884600969A2B599D3E4628ED1203ECD5A9C8978F706155D9598DBF49DE68FC40289A2228935B\
    4508AA56D8F853C3E0F18C87F8B9835D2403FF3E8D9073D4F93A86E373293FFB92EA5A97A1EDD534491F48CD\
    E0490677146D1CF066A25C57EC486724DD1C5463B0FF701EF349788FC5D8E503A376FD6A6071C0F2B36924BF";
/// The greater of the two primes.
const P: &str = "\
    DA8D1A4A56EFFDF4D2C909529BDC9EE7EB46FC56A0827B13D3E675B41875D9585C3DB569F35FC94C40122B34\
    993B77BCD2EB576EE6F0236FDAD4405ECD10D556EF9856C9C287D5363354E9B2697B8F2BD1EEF338292CD503";
/// The other prime.
const Q: &str = "\
    C7A0EBEF112E106F48CA284AC9C3EB0A046A87638DC280DBA2F2054A864347B12F017AC6FB8B9B2651580C49\
    7B69A73B7B574F1954386DC78D1B7CEC6173E5AF79421E79DA65B772A391B97C2FC520F3C3974EC349390E95";
/// The private exponent, modulo one less than `P`.
const DP: &str = "\
    91B366DC39F553F88C8606371293149A9CD9FD8F15AC520D37EEF922BAF93B903D7E78F14CEA8632D5617223\
    10D24FD337478F9F44A0179FE7382AE9DE0B38E49FBAE48681AFE379778DF1219BA7B4C7E149F77AC61DE357";
/// The same for `Q`.
const DQ: &str = "\
    8515F29F60C9604A3086C587312D475C02F1AF97B3D700926CA158DC59822FCB74ABA72F525D12198B900830\
    FCF11A27A78F8A10E2D0492FB367A89D964D43CA50D6BEFBE6EE7A4C6D0BD0FD752E15F7D7BA348230D0B463";
/// The inverse of `Q`, modulo `P`.
const Q_INVERSE: &str = "\
    62F39E7EF006554E0D5507335BBD443E3C59C36CDA3DB10E9B9AF4C1C6BD36D5B35AB6A5BEF08FED676B9A4D\
    8317270820D691FFE9BFC1EE470E055CE4A3232A478C6ADD516AD1CF40CFF4017EF796A197F127D95257A276";

struct Key {
    modulus: BigUint,
    p: BigUint,
    q: BigUint,
    dp: BigUint,
    dq: BigUint,
    q_inverse: BigUint,
}

static KEY: LazyLock<Key> = LazyLock::new(|| Key {
    modulus: constant(MODULUS),
    p: constant(P),
    q: constant(Q),
    dp: constant(DP),
    dq: constant(DQ),
    q_inverse: constant(Q_INVERSE),
});

fn constant(hex: &str) -> BigUint {
    BigUint::parse_bytes(hex.as_bytes(), 16).expect("the key is hex digits")
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
    /// By both primes apart (RFC 8017, 5.1.2), in a quarter of the time.
    fn decrypt(&self, sealed: &BigUint) -> BigUint {
        let by_p = sealed.modpow(&self.dp, &self.p);
        let by_q = sealed.modpow(&self.dq, &self.q);
        // Q is less than P, so that the difference is not negative.
        let apart = (by_p + &self.p - &by_q) * &self.q_inverse % &self.p;
        by_q + apart * &self.q
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
        let one = BigUint::from(1_u8);
        assert_eq!(&key.p * &key.q, key.modulus);
        assert!(key.p > key.q);
        assert_eq!(key.modulus.bits(), 1408);
        assert_eq!(MODULUS.len(), MODULUS_DIGITS);
        for (exponent, prime) in [(&key.dp, &key.p), (&key.dq, &key.q)] {
            assert_eq!(exponent * BigUint::from(3_u8) % (prime - &one), one);
        }
        assert_eq!(&key.q_inverse * &key.q % &key.p, one);
    }

    /// `openssl pkeyutl -encrypt` with this key.
    const BY_OPENSSL: &str = "\
        4035bfbf2b54c699d6b429bd88833628910187fb84b1f32dea461055231a1a7dc88ac639e8566cda7339\
        97b86b8f7d4912f48257d5a933008049ce39f517956f4c3ba08057d258ed1ada8a361a49884084fb9439\
        ec0f43b182b0899d2b0d38de6440ad744b4e94523357df6107008bc66bc64ca53cbc48e776b2849cee22\
        8e3d7b8982002953a1bb027549eac8b41e656ed81a7e2e561c0bac1c3f39f5b82df320b19dd06af502db\
        5f0e4580d73497df";

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
