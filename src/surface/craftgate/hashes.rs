//! What is signed towards the merchant: the fields that a browser brings back after 3-D Secure.
//! contract: craftgate §3.8

use crate::domain::hex::hex;
use sha2::{Digest, Sha256};

/// The fields of the second generation's hash, in their order; `hashParams` on the wire.
pub const HASH_PARAMS: &[&str] = &[
    "status",
    "callbackStatus",
    "completeStatus",
    "paymentId",
    "conversationData",
    "conversationId",
    "mdStatus",
];

/// What a browser brings back after 3-D Secure; what is not known is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CallbackFields<'a> {
    /// `SUCCESS` or `FAILURE` of the verification
    pub status: &'a str,
    /// `WAITING` or `COMPLETED`
    pub complete_status: &'a str,
    /// the payment
    pub payment_id: &'a str,
    /// opaque
    pub conversation_data: &'a str,
    /// the shop's own
    pub conversation_id: &'a str,
    /// `ALREADY_RETURNED`, or empty
    pub callback_status: &'a str,
    /// of the second generation only
    pub md_status: &'a str,
}

impl CallbackFields<'_> {
    /// The hash of the first generation: six fields between `###`.
    pub fn hash_v1(&self, key: &str) -> String {
        hash(
            &[
                key,
                self.status,
                self.complete_status,
                self.payment_id,
                self.conversation_data,
                self.conversation_id,
                self.callback_status,
            ]
            .join("###"),
        )
    }

    /// The hash of the second generation: the fields of [`HASH_PARAMS`], nothing between them.
    pub fn hash_v2(&self, key: &str) -> String {
        let values = HASH_PARAMS.iter().map(|name| self.value(name));
        hash(&std::iter::once(key).chain(values).collect::<String>())
    }

    /// A field by its name on the wire; empty for any other name.
    pub fn value(&self, name: &str) -> &str {
        match name {
            "status" => self.status,
            "completeStatus" => self.complete_status,
            "paymentId" => self.payment_id,
            "conversationData" => self.conversation_data,
            "conversationId" => self.conversation_id,
            "callbackStatus" => self.callback_status,
            "mdStatus" => self.md_status,
            _ => "",
        }
    }
}

fn hash(text: &str) -> String {
    hex(&Sha256::digest(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "456d1297-908e-4bd6-a13b-4be31a6e47d5";
    const SANDBOX: &str = "merchantCallbackKeySandbox";
    const SNDBOX: &str = "merchantThreeDsCallbackKeySndbox";

    fn fields<'a>(
        status: &'a str,
        (complete_status, payment_id): (&'a str, &'a str),
        conversation_id: &'a str,
    ) -> CallbackFields<'a> {
        CallbackFields {
            status,
            complete_status,
            payment_id,
            conversation_id,
            ..CallbackFields::default()
        }
    }

    #[test]
    fn first_generation_c1_to_c5() {
        let c3 = fields("SUCCESS", ("WAITING", "5"), "conversation-id");
        let c2 = CallbackFields {
            conversation_data: "conversation-data",
            ..c3
        };
        let c4 = fields("FAILURE", ("", ""), "conversation-id");
        let c5 = CallbackFields {
            status: "FAILURE",
            callback_status: "ALREADY_RETURNED",
            ..c3
        };
        for (key, fields, want) in [
            (
                SANDBOX,
                fields("SUCCESS", ("COMPLETED", "1"), ID),
                "fffe880629292588380ae03732e2e69d223f07a099c908ec8664e3b033c7523a",
            ),
            (
                SNDBOX,
                c2,
                "1d3fa1e51fe7c350185c5a7f8c3ff513a991367b08c16a56f4ab9abeb738a1e1",
            ),
            (
                SNDBOX,
                c3,
                "a097f0231031a88f2d687b510afca2505ccd2977d6421be4c3784666703f6f25",
            ),
            (
                SNDBOX,
                c4,
                "390df3656863aba09adc6c34a583b1caf91e8c2e2f773545343ada101ceb664f",
            ),
            (
                SNDBOX,
                c5,
                "414c5d1f8b481763f79ddb75837e84548f1990c35ea5fb1c841e23f3216b3fc7",
            ),
        ] {
            assert_eq!(fields.hash_v1(key), want, "{fields:?}");
        }
    }

    #[test]
    fn second_generation_w1_to_w3() {
        let id = "d1811bb0-25a2-40c7-ba71-c8b605259611";
        let w1 = fields("SUCCESS", ("WAITING", "863"), id);
        let w1 = CallbackFields {
            md_status: "1",
            ..w1
        };
        let want = "00756350c571f5bded587b0e21e2ee3cf53cbb126b8106126059baf6d39e2d9b";
        assert_eq!(w1.hash_v2(SANDBOX), want);
        let order = [
            "paymentId",
            "status",
            "callbackStatus",
            "conversationId",
            "mdStatus",
        ];
        let text: String = std::iter::once(SANDBOX)
            .chain(order.map(|n| w1.value(n)))
            .collect();
        let want = "9f746eb6b0886636654243e04e4c69fd84c4ca78a6afcc442491d25663142a21";
        assert_eq!(hash(&text), want);
        let w3 = fields("FAILURE", ("WAITING", "42"), "order-1");
        let w3 = CallbackFields {
            md_status: "0",
            ..w3
        };
        let want = "9fb819f129e3325e817b2d50d8a7a5a95513fb069997ee1b28f33fac2385d711";
        assert_eq!(w3.hash_v2(SNDBOX), want);
    }
}
