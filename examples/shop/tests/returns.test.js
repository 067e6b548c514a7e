// What comes back from bank and gateway, in every order: an order is charged once. No browser is needed for that.
import { expect } from 'vitest';
import { POOR, goToBank, test } from './support.js';

const CHARGED = 'craftgate.card_payment.3ds_complete';
const once = { endpoint: CHARGED, status: 200, count: 1 };

test('3-D Secure by itself, as the scenario says', async ({ shopper, shop, mockpos }) => {
  await shop.plays('[[rule]]\nthen = { three_ds = "succeeds" }');
  const { text, order } = await shopper.buy();
  await goToBank(text);
  const answer = await mockpos.challenge({ status: 'ended' }).bringBack();
  expect(answer.headers.location).toBe(`/siparis/${order.no}`);
  expect(order).toMatchObject({ state: 'paid', paid: 18000 });
});

for (const [outcome, state] of [['succeeds', 'paid'], ['fails', 'failed'], ['half', 'failed'], ['cancelled', 'failed'], ['bad_hash', 'failed']]) {
  test(`3-D Secure by one call: ${outcome}`, async ({ shopper, mockpos }) => {
    const { order } = await shopper.buy();
    await mockpos.challenge().bringBack({ outcome });
    expect(order.state).toBe(state);
  });
}

test('the bank says no after 3-D Secure', async ({ shopper, mockpos }) => {
  const { order } = await shopper.buy({ card: POOR });
  await mockpos.challenge().bringBack({ otp: '123456' });
  expect(order).toMatchObject({ state: 'failed', why: 'Kart limiti yetersiz, yetersiz bakiye' });
});

test('the answer is lost after the money has moved', async ({ shopper, shop, mockpos }) => {
  await shop.plays(`[[rule]]\nwhen = { endpoint = "${CHARGED}" }\nwire = { fault = "reset", when = "after_commit" }`);
  const { order } = await shopper.buy();
  await mockpos.challenge().bringBack({ outcome: 'succeeds' });
  expect(order.state).toBe('paid');
  await mockpos.expect({ endpoint: CHARGED, count: 1 }).verify();
});

test('the same without 3-D Secure: the payment is searched for', async ({ shopper, shop, mockpos }) => {
  await shop.plays('[[rule]]\nwhen = { endpoint = "craftgate.card_payment.create" }\nwire = { fault = "reset", when = "after_commit" }');
  const { order } = await shopper.buy({ threeD: false });
  expect(order.state).toBe('paid');
  await mockpos.expect({ endpoint: 'craftgate.card_payment.create', count: 1 }).verify();
});

for (const send of ['before_callback', 'after_callback']) {
  test(`webhook and callback, each twice, the webhook ${send}`, async ({ shopper, shop, mockpos }) => {
    await shop.plays(`[[rule]]\nthen = { webhook = { send = "${send}", duplicate = 1 } }`);
    const { order } = await shopper.buy();
    await mockpos.challenge().bringBack({ outcome: 'succeeds' });
    await mockpos.challenge({ status: 'ended' }).bringBack();
    await mockpos.webhooks.drain({ all: true });
    await shop.orders.idle();
    expect(order.state).toBe('paid');
    const sent = await mockpos.webhooks.list();
    expect(sent.map((it) => it.state)).toEqual(['delivered', 'delivered', 'delivered', 'delivered']);
    await mockpos.expect(once).verify();
  });
}

test('the browser never comes back: the webhook alone completes', async ({ shopper, shop, mockpos }) => {
  await shop.plays('[[rule]]\nthen = { webhook = { send = "held" } }');
  const { order } = await shopper.buy();
  const { return: back } = await mockpos.challenge().finish({ outcome: 'succeeds' });
  await fetch(back.url, { method: 'POST', body: new URLSearchParams(back.fields) }); // as far as the gateway
  expect(order.state).toBe('waiting');
  const [verified] = await mockpos.webhooks.list();
  await mockpos.webhooks.release(verified);
  await shop.orders.idle();
  expect(order.state).toBe('paid');
  await mockpos.webhooks.redeliver(verified);
  await shop.orders.idle();
  await mockpos.expect(once).verify();
});

test('a webhook that was not signed by the gateway changes nothing', async ({ shopper, shop, mockpos }) => {
  await shop.plays('[[rule]]\nthen = { webhook = { bad_signature = true } }');
  const { order } = await shopper.buy();
  const { return: back } = await mockpos.challenge().finish({ outcome: 'succeeds' });
  await fetch(back.url, { method: 'POST', body: new URLSearchParams(back.fields) });
  await mockpos.webhooks.drain();
  const [told] = await mockpos.webhooks.list();
  expect(told.attempts.at(-1).status).toBe(401);
  expect(order.state).toBe('waiting');
});

test('a callback that was tampered with changes nothing', async ({ shopper }) => {
  const { order } = await shopper.buy();
  const fields = { status: 'SUCCESS', completeStatus: 'WAITING', paymentId: order.paymentId, conversationId: order.no, hash: '0'.repeat(64) };
  await shopper.post(`/odeme/kart/donus/${order.no}`, fields);
  expect(order.state).toBe('waiting');
});

test('money is given back in parts, up to all of it', async ({ shopper, mockpos }) => {
  const { order } = await shopper.buy({ threeD: false });
  for (const [tutar, refunded] of [['100,50', 10050], ['79.50', 18000]]) {
    const { status } = await shopper.post('/yonetim/iade', { siparis: order.no, tutar });
    expect([status, order.refunded]).toEqual([303, refunded]);
  }
  await mockpos.expect({ endpoint: 'craftgate.refund.*', status: 200, count: 2 }).verify();
});

test('the page expires while the browser is away: the webhook tells; the browser comes back late', async ({ shopper, shop, mockpos }) => {
  const { text, order } = await shopper.buy();
  await goToBank(text);
  await mockpos.clock.advance('11m');
  await shop.orders.idle();
  expect(order.state).toBe('failed');
  await mockpos.challenge({ status: 'ended' }).bringBack();
  expect(order.state).toBe('failed');
  await mockpos.expect({ endpoint: CHARGED, never: true }).verify();
});

test('the page expires and no webhook tells: the order\'s page asks the gateway', async ({ shopper, shop, mockpos }) => {
  await shop.plays('[[rule]]\nthen = { webhook = { send = "never" } }');
  const { text, order } = await shopper.buy();
  await goToBank(text);
  await mockpos.clock.advance('11m');
  expect(order.state).toBe('waiting');
  const seen = await (await fetch(`${shop.url}/siparis/${order.no}`)).text();
  expect(seen).toContain('Ödeme tamamlanamadı.');
  await mockpos.challenge({ status: 'ended' }).bringBack();
  expect(order.state).toBe('failed');
  await mockpos.expect({ endpoint: CHARGED, never: true }).verify();
});
