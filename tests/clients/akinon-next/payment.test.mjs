// The payment option Masterpass Rest, from the card's first digits to the completed order.
import assert from 'node:assert/strict';
import test from 'node:test';
import { withShop } from './support/shop.mjs';

/** Up to the payment option with that pk. */
async function atPayment(shop, option = 1) {
  await shop.arrive();
  await shop.call('fetchCheckout');
  if (option !== 1) await shop.call('setPaymentOption', option);
  await shop.seen();
}

const page = ({ context_list: [first] }) => first.page_name;
const context = ({ context_list: [first] }) => first.page_context;

/** The last page is posted with `body`, and the client goes where it is sent. */
async function complete(shop, query, body) {
  const { data } = await shop.step('MasterpassRestCompletePage', body, query);
  assert.equal(page(data), 'ThankYouPage');
  assert.deepEqual(await shop.seen(), ['POST MasterpassRestCompletePage']);
  assert.equal(shop.browser.visits.length, 1);
  const visit = new URL(shop.browser.visits[0]);
  assert.equal(visit.pathname, context(data).redirect_url);
  assert.match(visit.search, /^\?t=\d+$/);
  const token = visit.pathname.split('/')[3];
  const { order } = (await shop.call('fetchCheckoutResult', token)).data;
  assert.deepEqual(await shop.seen(), [`GET /orders/completed/${token}/?format=json`]);
  for (const key of ['id', 'number', 'user_email', 'amount']) assert.ok(order[key], key);
  const [item] = order.orderitem_set;
  for (const key of ['id', 'price', 'retail_price']) assert.ok(item[key], key);
  for (const key of ['absolute_url', 'name', 'image']) assert.ok(key in item.product, key);
  return order;
}

test('the vendor\'s documents as JSON: 665544 in three installments', () =>
  withShop({}, async (shop) => {
    await atPayment(shop);
    const chosen = await shop.post('PaymentOptionSelectionPage', { payment_option: 1 });
    assert.equal(page(chosen), 'MasterpassRestBinNumberPage');
    const bin = await shop.post('MasterpassRestBinNumberPage', { bin_number: '665544', is_masterpass_stored_card: false });
    assert.equal(page(bin), 'MasterpassRestInstallmentPage');
    assert.equal(context(bin).card_type.name, 'Card Finans');
    const offered = context(bin).installments.map((i) => [i.installment_count, i.label, i.price_with_accrued_interest]);
    assert.deepEqual(offered, [[1, 'Advance', 100], [3, '3 Installments', 105]]);
    const installment = await shop.post('MasterpassRestInstallmentPage', { installment: context(bin).installments[1].pk });
    assert.equal(page(installment), 'MasterpassRestOrderNoPage');
    const order = await shop.post('MasterpassRestOrderNoPage', { use_three_d: false });
    assert.equal(page(order), 'MasterpassRestCompletePage');
    assert.equal(context(order).three_d, false);
    const query = '&responseCode=0000&token=t1&three_d_secure=false';
    const done = await shop.post('MasterpassRestCompletePage', { token: 't1', transactionType: 'PURCHASE' }, query);
    assert.equal(page(done), 'ThankYouPage');
    const { order: placed } = await shop.get(`${context(done).redirect_url}?format=json`);
    assert.equal(placed.amount, '105.00');
    assert.equal(placed.number, context(order).order_no);
    // documents go without a content type of their own: the proxy has no option for them
    await shop.settled();
    const document = shop.wire.find((call) => call.target.includes('RestCompletePage'));
    assert.match(document.headers['content-type'], /^text\/plain/);
  }));

test('in the store: the client posts the first installment by itself, once, and the shopper\'s choice overrides it', () =>
  withShop({}, async (shop) => {
    await atPayment(shop);
    await shop.step('MasterpassRestBinNumberPage', { bin_number: '665544', is_masterpass_stored_card: false });
    assert.deepEqual(await shop.seen(), ['POST MasterpassRestBinNumberPage', 'POST InstallmentSelectionPage']);
    assert.equal(shop.checkout.cardType.name, 'Card Finans');
    assert.equal(shop.checkout.preOrder.installment.installment_count, 1);
    const [, three] = shop.checkout.installmentOptions;
    await shop.step('MasterpassRestInstallmentPage', { installment: three.pk });
    assert.equal(shop.checkout.preOrder.installment.installment_count, 3);
    assert.equal(shop.checkout.preOrder.unpaid_amount, '105.00');
    // another card: everything after it begins anew, and again it comes to rest
    await shop.seen();
    await shop.step('MasterpassRestBinNumberPage', { bin_number: '525864' });
    assert.deepEqual(await shop.seen(), ['POST MasterpassRestBinNumberPage', 'POST InstallmentSelectionPage']);
    await shop.step('MasterpassRestInstallmentPage', { installment: shop.checkout.installmentOptions[0].pk });
    await shop.step('MasterpassRestOrderNoPage', { use_three_d: false });
    assert.deepEqual(await shop.seen(), ['POST MasterpassRestInstallmentPage', 'POST MasterpassRestOrderNoPage']);
    const query = '&responseCode=0000&token=t1&three_d_secure=false';
    const order = await complete(shop, query, { token: 't1', transactionType: 'PURCHASE' });
    assert.deepEqual([order.amount, order.bin_number, order.payment_option.name], ['100.00', '525864', 'Masterpass Rest']);
  }));

test('with 3-D Secure', () =>
  withShop({}, async (shop) => {
    await atPayment(shop);
    await shop.step('MasterpassRestBinNumberPage', { bin_number: '525864', is_masterpass_stored_card: true });
    const { token } = await shop.get('/orders/masterpass-rest-token?three_d=true&msisdn_validated=false');
    assert.match(token, /^Bearer /);
    await shop.step('MasterpassRestInstallmentPage', { installment: 1 });
    const { data } = await shop.step('MasterpassRestOrderNoPage', { use_three_d: true });
    assert.equal(context(data).three_d, true);
    assert.ok((await shop.seen()).includes('GET /orders/masterpass-rest-token/?three_d=true&msisdn_validated=false'));
    await complete(shop, '&responseCode=0000&token=t2&three_d_secure=true', { token: 't2', transactionType: 'PURCHASE_3D' });
  }));

test('over Craftgate, without and with 3-D Secure', async () => {
  for (const three_d of [false, true]) {
    await withShop({}, async (shop) => {
      await atPayment(shop, 2);
      await shop.step('MasterpassRestBinNumberPage', { bin_number: '525864' });
      await shop.step('MasterpassRestInstallmentPage', { installment: 1 });
      await shop.step('MasterpassRestOrderNoPage', { use_three_d: three_d });
      const { referenceId } = await shop.get(`/orders/craftgate-masterpass-token?three_d=${three_d}`);
      const init = three_d && (await shop.get(`/orders/craftgate-masterpass-init?reference_id=${referenceId}`));
      await shop.seen();
      const query = `&responseCode=0000&three_d_secure=${three_d}${three_d ? '' : '&token=t3'}`;
      const order = await complete(shop, query, three_d ? { paymentId: init.paymentId } : { token: 't3', referenceId });
      assert.equal(order.payment_option.slug, 'mp_rest_craftgate');
    });
  }
});

const DECLINED = `
[[rule]]
when = { endpoint = "akinon.checkout.complete", nth = 1 }
then = { decline = "insufficient_funds" }`;

test('a declined payment is asked for once, shown, and may be tried again', () =>
  withShop({ rules: DECLINED }, async (shop) => {
    await atPayment(shop);
    await shop.step('MasterpassRestBinNumberPage', { bin_number: '525864' });
    await shop.step('MasterpassRestOrderNoPage', { use_three_d: false });
    await shop.seen();
    const query = '&responseCode=0000&token=t1&three_d_secure=false';
    const body = { token: 't1', transactionType: 'PURCHASE' };
    const { data, error } = await shop.step('MasterpassRestCompletePage', body, query);
    assert.equal(error, undefined);
    assert.deepEqual(await shop.seen(), ['POST MasterpassRestCompletePage']);
    assert.equal(page(data), 'MasterpassRestCompletePage');
    assert.equal(typeof shop.checkout.errors.non_field_errors, 'string');
    assert.equal(shop.checkout.preOrder.unpaid_amount, '100.00');
    assert.deepEqual(shop.browser.visits, []);
    await complete(shop, '&responseCode=0000&token=t2&three_d_secure=false', { token: 't2', transactionType: 'PURCHASE' });
  }));

const UNAVAILABLE = `
[[rule]]
when = { endpoint = "akinon.checkout.order_no" }
wire = { status = 503 }`;

test('any other status is repeated three times: what the rule above protects from', () =>
  withShop({ rules: UNAVAILABLE }, async (shop) => {
    await atPayment(shop);
    await shop.step('MasterpassRestBinNumberPage', { bin_number: '525864' });
    await shop.seen();
    const { error } = await shop.step('MasterpassRestOrderNoPage', {});
    assert.equal(error.status, 503);
    assert.deepEqual(await shop.seen(), Array(4).fill('POST MasterpassRestOrderNoPage'));
  }));

const LOST = `
[[rule]]
when = { endpoint = "akinon.checkout.complete", nth = 1 }
wire = { status = 502, when = "after_commit" }`;

test('an answer that is lost after the money moved: the client repeats the post, and there is one order', () =>
  withShop({ rules: LOST }, async (shop) => {
    await atPayment(shop);
    await shop.step('MasterpassRestBinNumberPage', { bin_number: '525864' });
    await shop.step('MasterpassRestOrderNoPage', {});
    await shop.seen();
    const query = '&responseCode=0000&token=t1&three_d_secure=false';
    const { data } = await shop.step('MasterpassRestCompletePage', { token: 't1', transactionType: 'PURCHASE' }, query);
    assert.deepEqual(await shop.seen(), Array(2).fill('POST MasterpassRestCompletePage'));
    assert.deepEqual([page(data), context(data).order_id], ['ThankYouPage', 1]);
  }));
