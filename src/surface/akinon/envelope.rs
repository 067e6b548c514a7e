//! The envelope of `/orders/checkout/`: contexts of pages around the `pre_order`. contract: akinon §3

use crate::call::form::Form;
use crate::domain::checkout::{Attempt, Session, Step};
use crate::domain::installment::{Installment, offer, offer_of};
use crate::reply::Reply;
use crate::route::{Spec, Turn};
use crate::scenario::Scenario;
use crate::scenario::settings::UnknownCard;
use crate::surface::akinon::address_body::AddressBody;
use crate::surface::akinon::pre_order::{
    DeliveryBody, InstallmentBody, PaymentBody, PreOrder, ShippingBody, View,
};
use crate::surface::akinon::session;
use http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

/// Where a client with an empty basket is sent.
pub const BASKET: &str = "/baskets/basket/";

/// Pages in the order of the flow, each with the step that it takes.
pub const FLOW: [(&str, Step); 9] = [
    ("IndexPage", Step::Identity),
    ("DeliveryOptionSelectionPage", Step::Delivery),
    ("AddressSelectionPage", Step::Address),
    ("ShippingOptionSelectionPage", Step::Shipping),
    ("PaymentOptionSelectionPage", Step::PaymentOption),
    ("MasterpassRestBinNumberPage", Step::Bin),
    ("MasterpassRestInstallmentPage", Step::Installment),
    ("MasterpassRestOrderNoPage", Step::OrderNo),
    ("MasterpassRestCompletePage", Step::Complete),
];

/// The page that takes `step`.
pub fn page_of(step: Step) -> &'static str {
    let found = FLOW.iter().find(|(_, taken)| *taken == step);
    found.map_or("IndexPage", |(page, _)| page)
}

/// An answer of the checkout.
#[derive(Debug, Serialize, JsonSchema)]
struct Envelope<'a> {
    context_list: Vec<Context<'a>>,
    template_name: &'static str,
    errors: Option<&'a Map<String, Value>>,
    pre_order: PreOrder<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect_url: Option<&'static str>,
}

/// The row answers with the checkout; browsers are sent on.
pub fn told(spec: &mut Spec<'_>) {
    spec.query(&[("page", Form::Text)]);
    spec.json::<Envelope<'_>>(200);
    spec.empty(303);
}

/// One page with its context.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Context<'a> {
    page_context: PageContext<'a>,
    page_name: &'static str,
    page_slug: String,
}

/// What a page shows.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
enum PageContext<'a> {
    Index {
        is_user_logged_in: bool,
        can_guest_purchase: bool,
        has_gift_box: bool,
    },
    Delivery {
        delivery_options: Vec<DeliveryBody<'a>>,
    },
    Address {
        addresses: Vec<AddressBody<'a>>,
    },
    Shipping {
        shipping_options: Vec<ShippingBody<'a>>,
    },
    PaymentOption {
        checkout_url: (),
        status_url: (),
        payment_options: Vec<PaymentBody<'a>>,
        unavailable_options: [(); 0],
    },
    Installment {
        installments: Vec<InstallmentBody>,
        card_type: Option<CardType>,
        installment_messages: [(); 0],
    },
    Complete {
        msisdn: &'a str,
        order_no: &'a str,
        three_d: bool,
        extras: Extras,
    },
    Note {
        order_note: Option<&'a str>,
    },
    ThankYou(ThankYou),
    Empty {},
}

/// The card's programme. contract: akinon §10
#[derive(Debug, Serialize, JsonSchema)]
struct CardType {
    name: String,
    slug: String,
    logo: String,
}

/// Further facts for the wallet. contract: akinon §9.1
#[derive(Debug, Serialize, JsonSchema)]
pub struct Extras {
    /// ICA number of the card's bank
    pub bank_ica: Option<String>,
}

/// The last page. contract: akinon §12
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ThankYou {
    /// where the order is shown
    pub redirect_url: String,
    /// the order's id
    pub order_id: u32,
    /// an account was made on the way
    pub new_user: bool,
    /// a secret that stands for the order
    pub token: String,
    /// running campaigns
    pub campaigns: [(); 0],
}

/// What a checkout answer says beside the state itself.
#[derive(Debug, Default)]
pub struct Say<'a> {
    /// pages to show
    pub pages: Vec<&'static str>,
    /// what is wrong, by field
    pub errors: Option<&'a Map<String, Value>>,
    /// the order that was placed
    pub thank_you: Option<ThankYou>,
}

/// The checkout of the caller, with these pages. The caller has a session.
pub fn reply(turn: &Turn<'_>, say: Say<'_>) -> Reply {
    let Some(session) = session::peek(turn) else {
        return Reply::json(StatusCode::OK, &Map::<String, Value>::new());
    };
    of_session(turn, session, say)
}

/// As [`reply`], for a session as it was.
pub fn of_session(turn: &Turn<'_>, session: &Session, say: Say<'_>) -> Reply {
    let scenario = &*turn.world.scenario;
    let view = view(turn, session);
    let mut context_list: Vec<_> = say
        .pages
        .iter()
        .map(|page| context(page, view, scenario))
        .collect();
    if let Some(thank_you) = say.thank_you {
        context_list.push(named("ThankYouPage", PageContext::ThankYou(thank_you)));
    }
    let known = session.customer.is_some() || session.guest.is_some();
    let empty = session.basket.is_empty();
    let envelope = Envelope {
        context_list,
        template_name: if known {
            "orders/checkout.html"
        } else {
            "orders/index.html"
        },
        errors: say.errors,
        pre_order: PreOrder::of(view),
        redirect_url: empty.then_some(BASKET),
    };
    Reply::json(StatusCode::OK, &envelope)
}

/// What is needed to write `session` down for this caller.
pub fn view<'a>(turn: &'a Turn<'_>, session: &'a Session) -> View<'a> {
    View {
        session,
        shop: &turn.world.scenario.shop,
        amounts: turn.world.scenario.settings.akinon.installment_amounts,
        turkish: session::turkish(turn.call),
        now: turn.world.now(),
    }
}

/// The installments that the chosen card is offered; none before a card is chosen.
pub fn offered(session: &Session, scenario: &Scenario) -> Vec<Installment> {
    let Some(card) = &session.checkout.card else {
        return Vec::new();
    };
    let amount = session.totals(&scenario.shop).order;
    if let Some(terms) = &card.terms {
        return offer_of(terms, amount);
    }
    offer(
        &scenario.installments,
        scenario.bins.find(&card.bin),
        &card.bin,
        amount,
    )
}

fn context<'a>(page: &&'static str, view: View<'a>, scenario: &'a Scenario) -> Context<'a> {
    let View { session, shop, .. } = view;
    let shown = match *page {
        "IndexPage" => PageContext::Index {
            is_user_logged_in: session.customer.is_some(),
            can_guest_purchase: scenario.settings.akinon.guest_purchase,
            has_gift_box: false,
        },
        "DeliveryOptionSelectionPage" => PageContext::Delivery {
            delivery_options: shop.delivery_options.iter().map(DeliveryBody::of).collect(),
        },
        "AddressSelectionPage" => PageContext::Address {
            addresses: session
                .all_addresses(shop)
                .map(|it| AddressBody::of(it))
                .collect(),
        },
        "ShippingOptionSelectionPage" => PageContext::Shipping {
            shipping_options: shop
                .shipping_options
                .iter()
                .map(|it| ShippingBody::of(it))
                .collect(),
        },
        "PaymentOptionSelectionPage" => PageContext::PaymentOption {
            checkout_url: (),
            status_url: (),
            payment_options: shop
                .payment_options
                .iter()
                .map(|it| PaymentBody::of(it))
                .collect(),
            unavailable_options: [],
        },
        "MasterpassRestInstallmentPage" => installment_context(view, scenario),
        "MasterpassRestCompletePage" => complete_context(view),
        "OrderNotePage" => PageContext::Note {
            order_note: session.checkout.note.as_deref(),
        },
        _ => PageContext::Empty {},
    };
    named(page, shown)
}

fn named<'a>(page_name: &'static str, page_context: PageContext<'a>) -> Context<'a> {
    Context {
        page_context,
        page_name,
        page_slug: page_name.to_ascii_lowercase(),
    }
}

fn installment_context<'a>(view: View<'a>, scenario: &Scenario) -> PageContext<'a> {
    let offered = offered(view.session, scenario);
    PageContext::Installment {
        installments: offered
            .iter()
            .map(|i| InstallmentBody::of(i, view))
            .collect(),
        card_type: card_type(view.session, scenario),
        installment_messages: [],
    }
}

fn card_type(session: &Session, scenario: &Scenario) -> Option<CardType> {
    let card = session.checkout.card.as_ref()?;
    let program = scenario
        .bins
        .find(&card.bin)
        .and_then(|bin| bin.program.as_deref());
    let name = match (program, scenario.settings.akinon.unknown_card) {
        (Some(name), _) => name,
        (None, UnknownCard::Other) => "Other",
        (None, UnknownCard::Null) => return None,
    };
    let slug = slug(name);
    let logo = format!("https://cdn.example/{slug}.jpg");
    Some(CardType {
        name: name.to_owned(),
        slug,
        logo,
    })
}

fn complete_context(view: View<'_>) -> PageContext<'_> {
    let Some(Attempt { order_no, three_d }) = &view.session.checkout.attempt else {
        return PageContext::Empty {};
    };
    PageContext::Complete {
        msisdn: session::phone(view.session, view.shop).unwrap_or_default(),
        order_no,
        three_d: *three_d,
        extras: Extras { bank_ica: None },
    }
}

/// `Card Finans` as `card-finans`; Turkish letters lose their marks, as Django's slugify has it.
pub fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for letter in name.chars() {
        let plain = match letter {
            'ı' | 'İ' => 'i',
            'ş' | 'Ş' => 's',
            'ğ' | 'Ğ' => 'g',
            'ü' | 'Ü' => 'u',
            'ö' | 'Ö' => 'o',
            'ç' | 'Ç' => 'c',
            other => other.to_ascii_lowercase(),
        };
        if plain.is_ascii_alphanumeric() {
            slug.push(plain);
        } else if matches!(plain, ' ' | '-') && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn slugs_are_djangos() {
        let cases = [
            ("Card Finans", "card-finans"),
            ("Bank'O Card", "banko-card"),
            ("Sağlam Kart", "saglam-kart"),
            ("Miles&Smiles", "milessmiles"),
            ("İşbank CC", "isbank-cc"),
        ];
        for (name, expected) in cases {
            assert_eq!(slug(name), expected, "{name}");
        }
    }
}
