// What the proxy makes of a request, as mockpos sees it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { withShop } from './support/shop.mjs';

test('paths end in a slash, `options` is taken out, the rest of the query goes on in order', () =>
  withShop({}, async (shop) => {
    await shop.arrive();
    await shop.call('fetchCheckout');
    await shop.seen();
    await shop.get('/orders/masterpass-rest-token?three_d=true&msisdn_validated=true');
    await shop.get('/orders/masterpass-rest-token/?three_d=true&t=1');
    await shop.browser.fetch(shop.buildClientRequestUrl('/orders/checkout/?iframe=true', { useTrailingSlash: false }));
    assert.deepEqual(await shop.seen(), [
      'GET /orders/masterpass-rest-token/?three_d=true&msisdn_validated=true',
      'GET /orders/masterpass-rest-token/?three_d=true&t=1',
      'GET /orders/checkout?iframe=true'
    ]);
  }));

test('one session cookie, at first; language and currency as the shopper chose', () =>
  withShop({}, async (shop) => {
    await shop.arrive();
    await shop.browser.open('/tr/tisort');
    await shop.call('fetchCheckout');
    const proxied = (call) => call.headers.accept === 'application/json' && call.target.startsWith('/orders/');
    const [first, ...later] = shop.wire.filter(proxied);
    assert.deepEqual([first.cookies, ...later.map((call) => call.cookies)], [1, ...later.map(() => 0)]);
    assert.equal(first.headers['accept-language'], 'tr-tr');
    assert.equal(first.headers['x-currency'], 'try');
    assert.equal(first.headers['x-requested-with'], 'XMLHttpRequest');
    assert.match(first.headers['x-csrftoken'], /^\w+$/);
    await shop.step('MasterpassRestBinNumberPage', {});
    assert.deepEqual(shop.checkout.errors, { bin_number: ['This field is required.'] });
  }));

test('falsy values never arrive, and mean false', () =>
  withShop({}, async (shop) => {
    await shop.arrive();
    await shop.call('fetchCheckout');
    await shop.step('MasterpassRestBinNumberPage', { bin_number: '665544', is_masterpass_stored_card: false });
    const { data } = await shop.step('MasterpassRestOrderNoPage', { use_three_d: false });
    assert.equal(data.context_list[0].page_context.three_d, false);
    const requests = (await shop.mockpos.journal()).filter((entry) => /Rest/.test(entry.page));
    assert.deepEqual(requests.map((entry) => entry.request), ['bin_number=665544', '']);
  }));

test('a shop whose backend URL names a sandbox stays in it', () =>
  withShop({ sandbox: 'team-a' }, async (shop) => {
    await shop.arrive();
    await shop.call('fetchCheckout');
    await shop.step('MasterpassRestBinNumberPage', { bin_number: '525864' });
    await shop.step('MasterpassRestOrderNoPage', {});
    const body = { token: 't1', transactionType: 'PURCHASE' };
    await shop.step('MasterpassRestCompletePage', body, '&responseCode=0000&token=t1&three_d_secure=false');
    const { pathname } = new URL(shop.browser.visits[0]);
    const { order } = (await shop.call('fetchCheckoutResult', pathname.split('/')[3])).data;
    assert.equal(order.amount, '100.00');
  }));
