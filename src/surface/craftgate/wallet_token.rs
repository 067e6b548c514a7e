//! The token with which a shopper's browser calls the wallet: a real one, of the generation that the
//! shop has. contract: craftgate §3.4, masterpass §8.1, §8.3

use crate::route::Turn;
use crate::surface::bearer::{self, Claims};
use crate::surface::classic_token::{ClassicToken, Keys, Validation};
use crate::surface::craftgate::fields::Fields;
use crate::surface::craftgate::masterpass::integration_version;
use compact_str::CompactString;

/// So many characters of a classic token name it.
const NAME_LENGTH: usize = 12;

/// Whose token it is, and what the wallet is to ask for.
#[derive(Debug, Clone)]
pub struct Shopper {
    msisdn: CompactString,
    user: CompactString,
    msisdn_validated: bool,
    validation: Validation,
    version: u32,
}

impl Shopper {
    /// What is wrong with the fields is written down there.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        let (msisdn, user) = (fields.need_msisdn("msisdn"), fields.need_text("userId"));
        let msisdn_validated = fields.is("isMsisdnValidated");
        let words = [
            ("NONE", Validation::Nothing),
            ("OTP", Validation::Otp),
            ("THREE_DS", Validation::ThreeDs),
        ];
        let asked = fields.word("validationType", &words);
        let validation = match fields.is("forceThreeDS") {
            true => Validation::ThreeDs,
            false => asked.unwrap_or(Validation::Nothing),
        };
        Self {
            msisdn,
            user,
            msisdn_validated,
            validation,
            version: integration_version(fields),
        }
    }

    /// 3-D Secure is asked for.
    pub fn three_d(&self) -> bool {
        self.validation == Validation::ThreeDs
    }

    /// The token, for an order; without one it is good for the account only.
    pub fn token(&self, turn: &mut Turn<'_>, order_no: &str) -> String {
        match self.version {
            2 => self.bearer(turn, order_no),
            _ => self.classic(turn, order_no),
        }
    }

    fn classic(&self, turn: &mut Turn<'_>, order_no: &str) -> String {
        let now = turn.world.now();
        let settings = &turn.world.scenario.settings.masterpass;
        let client = (&*settings.client_id, &*self.user);
        let token = ClassicToken {
            reference: order_no.to_owned(),
            msisdn_validated: self.msisdn_validated,
            validation: self.validation,
            ..ClassicToken::new(client, &self.msisdn, now)
        };
        let (token, until) = (
            token.issue(Keys {
                enc: &settings.enc_key,
                mac: &settings.mac_key,
            }),
            now.plus(settings.classic_lifetime),
        );
        // Its end names it, and opens nothing.
        let name = token.len().saturating_sub(NAME_LENGTH);
        let name = token.get(name..).unwrap_or_default().to_owned();
        turn.world.state.wallet.remember_pass(name, until);
        token
    }

    fn bearer(&self, turn: &mut Turn<'_>, order_no: &str) -> String {
        let world = &mut *turn.world;
        let now = world.now();
        let settings = &world.scenario.settings.masterpass;
        let claims = Claims {
            merchant: settings.merchant_id.as_str().into(),
            user: self.user.clone(),
            msisdn: self.msisdn.clone(),
            msisdn_validated: self.msisdn_validated,
            three_d: self.three_d(),
            otp: self.validation == Validation::Otp,
            order_no: Some(CompactString::from(order_no)).filter(|number| !number.is_empty()),
            iat: now.seconds(),
            exp: now.plus(settings.bearer_lifetime).seconds(),
            jti: world.ids.uuid().to_string(),
        };
        bearer::give(world, &claims)
    }
}
