//! How the queue is written down: each delivery once; what is due, and in which order, follows from them.

use super::{CAPACITY, Delivery, WebhookId, Webhooks};
use crate::domain::shelf::Shelf;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    deliveries: Vec<Delivery>,
    first: Vec<WebhookId>,
    last: WebhookId,
    turns: u64,
    dropped: u64,
}

impl Serialize for Webhooks {
    /// What is under way just now has not arrived: it is written as it stood before.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self {
            all,
            due: _,
            under_way,
            first,
            last,
            turns,
            capacity: _,
            dropped,
        } = self;
        let before = |delivery: &Delivery| {
            let mut delivery = delivery.clone();
            if let Some((_, before)) = under_way.get(&delivery.id) {
                delivery.standing = *before;
            }
            delivery
        };
        let written = Written {
            deliveries: all.iter().map(|(_, delivery)| before(delivery)).collect(),
            first: first.clone(),
            last: *last,
            turns: *turns,
            dropped: *dropped,
        };
        written.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Webhooks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Written::deserialize(deserializer)?;
        let mut all = Shelf::new(CAPACITY);
        for delivery in written.deliveries {
            all.put(delivery.id, delivery);
        }
        let due: BTreeSet<_> = all.iter().filter_map(|(_, it)| it.key()).collect();
        Ok(Self {
            due,
            under_way: BTreeMap::new(),
            first: written.first,
            last: written.last,
            turns: written.turns,
            capacity: CAPACITY,
            dropped: written.dropped,
            all,
        })
    }
}
