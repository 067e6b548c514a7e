// From one GET of the checkout the client drives the steps by itself. It must come to rest, at the payment options.
import assert from 'node:assert/strict';
import test from 'node:test';
import { withShop } from './support/shop.mjs';

const STEPS = [
  'POST DeliveryOptionSelectionPage',
  'POST AddressSelectionPage',
  'POST ShippingOptionSelectionPage',
  'POST PaymentOptionSelectionPage'
];

function atThePayment(shop) {
  const { preOrder, paymentOptions, steps, errors } = shop.checkout;
  assert.deepEqual(paymentOptions.map((option) => option.slug), ['mp_rest', 'mp_rest_craftgate']);
  assert.equal(preOrder.payment_option.slug, 'mp_rest');
  assert.equal(preOrder.unpaid_amount, '100.00');
  assert.deepEqual(steps.shipping, { completed: true, busy: false });
  assert.deepEqual(steps.payment, { completed: false, busy: false });
  assert.equal(errors, null);
}

test('a customer who has chosen nothing: every step is posted once', () =>
  withShop({ rules: '[akinon]\nfresh_session = "customer"' }, async (shop) => {
    await shop.arrive();
    await shop.call('fetchCheckout');
    assert.deepEqual(await shop.seen(), ['GET /orders/checkout/', ...STEPS]);
    atThePayment(shop);
  }));

test('a session that is ready: only the payment option is posted', () =>
  withShop({}, async (shop) => {
    await shop.arrive();
    await shop.call('fetchCheckout');
    assert.deepEqual(await shop.seen(), ['GET /orders/checkout/', 'POST PaymentOptionSelectionPage']);
    atThePayment(shop);
    await shop.call('fetchCheckout', undefined, { forceRefetch: true });
    assert.deepEqual(await shop.seen(), ['GET /orders/checkout/']);
  }));

test('a guest: email and phone, then an address, and the rest follows', () =>
  withShop({ rules: '[akinon]\nfresh_session = "guest"' }, async (shop) => {
    await shop.arrive();
    const { data } = await shop.call('fetchCheckout');
    assert.equal(data.template_name, 'orders/index.html');
    assert.equal(shop.checkout.canGuestPurchase, true);
    await shop.call('guestLogin', { user_email: 'guest@example.com', phone_number: '05321112233' });
    assert.deepEqual((await shop.seen()).slice(-1), [STEPS[0]]);
    await shop.call('addAddress', {
      title: 'Ev', first_name: 'Ali', last_name: 'Kaya', phone_number: '05321112233', is_corporate: 'false',
      country: 1, city: 1, township: 1, district: 1, line: 'Lale Sokak 5', postcode: '34728'
    });
    assert.deepEqual(await shop.seen(), ['POST /address/', 'GET /orders/checkout/', ...STEPS.slice(1)]);
    atThePayment(shop);
  }));

test('two pages that load at once post the same steps, and both come to rest', () =>
  withShop({ rules: '[akinon]\nfresh_session = "customer"' }, async (shop) => {
    await shop.arrive();
    await shop.get('/orders/checkout/'); // one session for both
    const [here, there] = [shop, { ...shop.browser.load() }];
    const fetchBoth = [here, there].map(({ store, api }) => store.dispatch(api.endpoints.fetchCheckout.initiate()));
    await Promise.all(fetchBoth);
    await shop.settled();
    const posts = (await shop.seen()).filter((call) => call.startsWith('POST'));
    assert.ok(posts.length >= 4 && posts.length <= 8, posts.join(', '));
    atThePayment(shop);
    assert.equal(there.store.getState().checkout.preOrder.payment_option.slug, 'mp_rest');
  }));

test('an empty basket sends the shopper back to it', () =>
  withShop({}, async (shop) => {
    await shop.arrive();
    await shop.call('clearBasket');
    await shop.seen();
    const { data } = await shop.call('fetchCheckout');
    assert.match(data.redirect_url, /basket/);
    assert.deepEqual(await shop.seen(), ['GET /orders/checkout/']);
  }));

test('contract, note and the pages of other payments are answered without retries', () =>
  withShop({}, async (shop) => {
    await shop.arrive();
    await shop.call('fetchCheckout');
    await shop.seen();
    assert.match((await shop.call('getContract', 'sales')).data.result, /<html/);
    assert.doesNotMatch((await shop.call('get3dRedirectForm')).data.result, /<form/);
    await shop.call('setOrderNote', 'ring twice');
    assert.equal(shop.checkout.preOrder.notes, 'ring twice');
    await shop.call('getCoupons');
    await shop.call('getCheckoutLoyaltyBalance');
    assert.deepEqual(await shop.seen(), [
      'GET /orders/contract/?contract_name=sales',
      'GET /orders/redirect-three-d/',
      'POST OrderNotePage',
      'GET /orders/checkout/?page=CouponSelectionPage',
      'GET /orders/checkout/?page=LoyaltyMoneyUsagePage'
    ]);
  }));
