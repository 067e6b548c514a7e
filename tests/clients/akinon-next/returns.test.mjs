// Where a bank or a wallet sends the browser back to, the package's middlewares carry the post on to the backend.
import assert from 'node:assert/strict';
import test from 'node:test';
import { withShop } from './support/shop.mjs';

/** Up to the last page. */
async function beforeCompletion(shop) {
  await shop.arrive();
  await shop.call('fetchCheckout');
  await shop.step('MasterpassRestBinNumberPage', { bin_number: '525864' });
  await shop.step('MasterpassRestOrderNoPage', { use_three_d: true });
  await shop.seen();
}

/** A page elsewhere posts the browser back to the shop. */
async function comeBack(shop, query, body = { transactionType: 'PURCHASE_3D' }) {
  const answer = await shop.browser.open(`/orders/checkout/${query}`, { method: 'POST', body: new URLSearchParams(body) });
  assert.equal(answer.status, 303);
  await shop.settled();
  const forwarded = shop.wire.filter((call) => call.method === 'POST').at(-1);
  assert.equal(forwarded.target, `/orders/checkout/${query}`);
  assert.match(forwarded.headers['content-type'], /^application\/x-www-form-urlencoded/);
  return { to: new URL(answer.headers.get('location')).pathname, forwarded };
}

// The Rest page is not handled by this version, but its middlewares look for a word anywhere in the query.
const rest = (word) => `?page=MasterpassRestCompletePage&responseCode=0000&token=t1&three_d_secure=true&via=${word}`;
const BY_WORD = ['MasterpassCompletePage', 'CreditCardThreeDSecurePage', 'GPayCompletePage'];

for (const word of BY_WORD) {
  test(`${word}: a paid order leads to its page, with the session cookie only`, () =>
    withShop({ rules: '[akinon]\ncsrf = true' }, async (shop) => {
      await beforeCompletion(shop);
      const { to, forwarded } = await comeBack(shop, rest(word));
      assert.match(to, /^\/orders\/completed\/[\w:-]+\/$/);
      assert.match(forwarded.headers.cookie, /^osessionid=\w+$/);
      assert.equal(forwarded.headers['x-csrftoken'], undefined);
      // the page behind it asks again, with ?format=json
      const shown = await (await shop.browser.open(`${to}?format=json`)).json();
      assert.equal(shown.order.amount, '100.00');
      // and the bank posts twice
      assert.equal((await comeBack(shop, rest(word))).to, to);
    }));

  test(`${word}: a failed payment leads back to the checkout, with the reason in a cookie`, () =>
    withShop({ rules: '[[rule]]\nthen = { three_ds = "fails" }' }, async (shop) => {
      await beforeCompletion(shop);
      const { to } = await comeBack(shop, rest(word));
      assert.equal(to, '/orders/checkout/');
      const errors = shop.getPosError();
      assert.equal(typeof errors.non_field_errors, 'string');
      assert.ok(errors.non_field_errors.length > 0);
    }));
}

// `other` stands for every page that is not part of this payment.
const SCRIPTED = `
[[rule]]
when = { endpoint = "akinon.checkout.other" }
then = { error = { field = "non_field_errors", message = "The bank says no" } }`;
const PAGES = [...BY_WORD, 'RedirectionPageCompletePage'];

for (const page of PAGES) {
  test(`${page} itself: no such payment is open, so back to the checkout`, () =>
    withShop({}, async (shop) => {
      await beforeCompletion(shop);
      const { to, forwarded } = await comeBack(shop, `?page=${page}&success=true`);
      assert.equal(to, '/orders/checkout/');
      assert.equal(shop.browser.cookies.has('pz-pos-error'), false);
      assert.equal(/csrftoken=/.test(forwarded.headers.cookie), page === 'RedirectionPageCompletePage');
    }));

  test(`${page} itself: the error of a scenario`, () =>
    withShop({ rules: SCRIPTED }, async (shop) => {
      await beforeCompletion(shop);
      await comeBack(shop, `?page=${page}&success=false`);
      assert.deepEqual(shop.getPosError(), { non_field_errors: ['The bank says no'] });
    }));
}

test('the Rest page itself passes this version untouched', () =>
  withShop({}, async (shop) => {
    await beforeCompletion(shop);
    const query = '?page=MasterpassRestCompletePage&responseCode=0000&token=t1&three_d_secure=true';
    const post = { method: 'POST', body: 'transactionType=PURCHASE_3D' };
    const answer = await shop.browser.open(`/orders/checkout/${query}`, post);
    assert.equal(answer.status, 200);
    assert.ok((await shop.seen()).every((call) => !call.startsWith('POST')));
  }));
