// Around the checkout: pages, CSRF, login, basket, addresses.
import assert from 'node:assert/strict';
import test from 'node:test';
import { withShop } from './support/shop.mjs';

const form = { redirect: false, callbackUrl: '/', formType: 'login', locale: 'en', captchaValidated: false };
const ayse = { ...form, email: 'ayse@example.com', password: 'mockpos' };

test('a first page: CSRF token, menu, seo and widgets; any other also looks for redirects', () =>
  withShop({}, async (shop) => {
    const layout = { menu: [], seo: {}, widget: { attributes: {} } };
    assert.deepEqual(await shop.arrive(), { page: '/', ...layout });
    assert.match(shop.browser.cookies.get('csrftoken').value, /^\w{32,}$/);
    const answer = await shop.browser.open('/tr/tisort');
    assert.deepEqual([answer.status, await answer.json()], [200, { page: '/tr/tisort', ...layout }]);
    assert.deepEqual(await shop.seen(), [
      'GET /pretty_urls/?new_path__exact=/tisort',
      'GET /tisort',
      'GET /menus/generate/?depth_height=3',
      'GET /cms/seo/?url=/',
      'GET /widgets/home/'
    ]);
  }));

test('login and logout', () =>
  withShop({ rules: '[akinon]\nfresh_session = "guest"\ncsrf = true' }, async (shop) => {
    await shop.arrive();
    await shop.call('getBasket');
    const wrong = await shop.signIn('default', { ...ayse, password: 'x' });
    const [error] = JSON.parse(wrong.error);
    assert.deepEqual([wrong.ok, error.type, error.data.length], [false, 'non_field_errors', 1]);
    const right = await shop.signIn('default', ayse);
    assert.deepEqual([right.ok, right.error], [true, null]);
    const { cookies } = shop.browser;
    assert.match(cookies.get('osessionid').value, /^\w+$/);
    assert.equal(cookies.get('sessionid').value, cookies.get('osessionid').value);
    const { user } = await (await shop.browser.fetch('/api/auth/session')).json();
    assert.deepEqual([user.email, user.firstName, user.phone], ['ayse@example.com', 'Ayşe', '905321234567']);
    await shop.call('fetchCheckout');
    assert.equal(shop.checkout.preOrder.payment_option.slug, 'mp_rest');
    await shop.seen();
    assert.deepEqual(await shop.call('logout'), { data: {} });
    assert.deepEqual(await shop.seen(), Array(2).fill('POST /users/logout'));
  }));

test('a whole checkout with CSRF tokens demanded', () =>
  withShop({ rules: '[akinon]\nfresh_session = "customer"\ncsrf = true' }, async (shop) => {
    await shop.arrive();
    await shop.call('fetchCheckout');
    assert.equal(shop.checkout.preOrder.payment_option.slug, 'mp_rest');
    await shop.settled();
    const posts = shop.wire.filter((call) => call.method === 'POST');
    assert.ok(posts.length > 3 && posts.every((call) => call.headers['x-csrftoken']));
  }));

test('basket: add, update, vouchers, empty', () =>
  withShop({}, async (shop) => {
    await shop.arrive();
    assert.equal((await shop.call('getBasket')).data.total_amount, '100.00');
    const added = await shop.call('addProduct', { product: 1, quantity: 2, attributes: {} });
    assert.deepEqual([added.data.basket.total_quantity, added.data.basket.total_amount], [3, '300.00']);
    assert.equal(added.data.osessionid, shop.browser.cookies.get('osessionid').value);
    const five = await shop.call('updateQuantity', { product: 1, quantity: 5, attributes: {} });
    assert.equal(five.data.basket.basketitem_set[0].quantity, 5);
    const none = await shop.call('updateQuantity', { product: 1, quantity: 0, attributes: {} });
    assert.deepEqual(none.data.basket.basketitem_set, []);
    await shop.call('addProduct', { product: 1, quantity: 1, attributes: {} });
    await shop.seen();
    assert.equal((await shop.call('removeVoucherCode')).data.total_amount, '100.00');
    assert.deepEqual((await shop.call('clearBasket')).data.basketitem_set, []);
    assert.deepEqual(await shop.seen(), ['PATCH /baskets/basket/', 'DELETE /baskets/basket/', 'GET /baskets/basket/']);
    assert.equal((await shop.call('getInstallments', 1)).error, undefined);
    assert.equal((await shop.call('getProductByPk', 1)).data.product.pk, 1);
  }));

test('addresses: places, list, add, change, remove', () =>
  withShop({}, async (shop) => {
    await shop.arrive();
    for (const name of ['getCountries', 'getCities', 'getTownships', 'getDistricts', 'getAddresses']) {
      const { data } = await shop.call(name, '1');
      assert.deepEqual([name, data.count, data.results.length, data.next], [name, 1, 1, null]);
    }
    const address = {
      title: 'İş', first_name: 'Ali', last_name: 'Kaya', phone_number: '05321112233', is_corporate: 'false',
      country: 1, city: 1, township: 1, district: 1, line: 'Lale Sokak 5', postcode: '34728'
    };
    const { data: added } = await shop.call('addAddress', address);
    assert.deepEqual([added.pk, added.title, added.line], [2, 'İş', 'Lale Sokak 5']);
    const { data: changed } = await shop.call('editAddress', { ...added, title: 'Yazlık', is_corporate: 'false' });
    assert.equal(changed.title, 'Yazlık');
    assert.equal((await shop.call('getAddresses', undefined, { forceRefetch: true })).data.count, 2);
    assert.equal((await shop.call('removeAddress', 2)).error, undefined);
    assert.equal((await shop.call('getAddresses', undefined, { forceRefetch: true })).data.count, 1);
  }));
