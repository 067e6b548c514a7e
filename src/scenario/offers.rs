//! The rewards that a rule offers a card.

use crate::domain::money::{Amount, Currency};
use crate::domain::particulars::{Loyalty, LoyaltyKind, Reward};
use crate::scenario::mistake::Mistake;
use crate::scenario::problem::{Report, tick};
use crate::scenario::read::{At, table};
use crate::scenario::values::{Decimal, Name};
use crate::scenario::words::words;

table! {
    /// A reward that a card offers. contract: craftgate §5.6
    struct LoyaltyRow {
        /// what kind
        kind: At<LoyaltyKind> = r#"kind = "reward_money""#,
        /// points of the card; of reward money only, as the other amounts
        card: Option<At<Decimal>> = r#"card = "12.35""#,
        /// points of the merchant
        firm: Option<At<Decimal>> = r#"firm = "5.20""#,
        /// miles
        mile: Option<At<Decimal>> = r#"mile = "3.00""#,
        /// all together
        total: Option<At<Decimal>> = r#"total = "20.55""#,
        /// what people read
        message: Option<Name> = r#"message = "3 taksit daha""#,
    }
}

words! { LoyaltyKind, "kind of reward":
    "reward_money" => RewardMoney,
    "additional_installment" => AdditionalInstallment,
    "postponing_installment" => PostponingInstallment,
    "extra_points" => ExtraPoints,
    "gaining_minutes" => GainingMinutes,
    "postponing_statement" => PostponingStatement,
    "postponing_payment" => PostponingPayment,
}

impl At<LoyaltyRow> {
    /// The reward; None when it has amounts that are none, or that its kind has not.
    pub fn compile(self, report: &mut Report) -> Option<Loyalty> {
        let LoyaltyRow {
            kind,
            card,
            firm,
            mile,
            total,
            message,
        } = self.value;
        let given = [&card, &firm, &mile, &total];
        let money = given.iter().any(|amount| amount.is_some());
        if money && kind.value != LoyaltyKind::RewardMoney {
            let why = "only `reward_money` has amounts";
            report.say(Mistake::Contradiction, kind.place, why);
            return None;
        }
        let known = report.count();
        let mut amount = |text: Option<At<Decimal>>| {
            let text = text?;
            let amount = Amount::parse(&text.value.0, Currency::TRY).ok();
            if amount.is_none() {
                let why = format!("{} is no amount", tick(&text.value.0));
                report.say(Mistake::NoAmount, text.place, why);
            }
            amount
        };
        let reward = Reward {
            card: amount(card),
            firm: amount(firm),
            mile: amount(mile),
            total: amount(total),
        };
        (report.count() == known).then(|| Loyalty {
            kind: kind.value,
            reward: money.then_some(reward),
            message: message.map(|text| text.0),
        })
    }
}
