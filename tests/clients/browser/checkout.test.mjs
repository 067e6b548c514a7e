// A storefront's whole checkout in the browser, from the token to the thank-you page, without the vendor's script.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { launch, withPage } from './support/chromium.mjs';
import { HOSTS, sandbox } from './support/mockpos.mjs';
import { Shop, html } from './support/shop.mjs';

const SCRIPT = readFileSync(new URL('support/wallet-page.js', import.meta.url), 'utf8');
let browser, shop;

before(async () => {
  [browser, shop] = await Promise.all([launch(), Shop.start()]);
  shop.on('GET /wallet.js', () => ({ headers: { 'content-type': 'text/javascript' }, body: SCRIPT }));
});
after(() => Promise.all([browser.close(), shop.stop()]));

/** The storefront's server: its page, and the backend behind `/NAME/api`, as from its own origin. */
function storefront(box) {
  const backend = async ({ method, url, headers, body }) => {
    const path = url.slice(`/${box.name}/api`.length);
    const kept = Object.entries(headers).filter(([name]) => ['content-type', 'cookie', 'accept', 'accept-language'].includes(name));
    const answer = await fetch(`${box.at}${path}`, {
      method, headers: { ...Object.fromEntries(kept), 'x-requested-with': 'XMLHttpRequest' }, body: body || undefined, redirect: 'manual'
    });
    const cookie = answer.headers.getSetCookie();
    return { status: answer.status, headers: { 'content-type': answer.headers.get('content-type'), ...(cookie.length && { 'set-cookie': cookie }) }, body: await answer.text() };
  };
  const complete = async (seen) => {
    const answer = await backend({ ...seen, headers: { ...seen.headers, accept: 'application/json' } });
    const { context_list: pages, errors } = JSON.parse(answer.body);
    const [last] = pages ?? [];
    const to = last?.page_name === 'ThankYouPage' ? `/${box.name}/thanks?to=${encodeURIComponent(last.page_context.redirect_url)}` : `/${box.name}/?error=${encodeURIComponent(JSON.stringify(errors))}`;
    return { status: 303, headers: { location: to } };
  };
  shop.on(`* ${box.name}`, (seen) => {
    const path = seen.url.split('?')[0];
    if (path === `/${box.name}/api/orders/checkout/` && seen.method === 'POST' && /html/.test(seen.headers.accept)) return complete(seen);
    if (path.startsWith(`/${box.name}/api/`)) return backend(seen);
    return html(`<p data-testid="${path.endsWith('thanks') ? 'thanks' : 'checkout'}">checkout</p><script src="/wallet.js"></script>`);
  });
}

/** Up to the payment, by the page's own script: what there is to pay with. */
function begin(page, box, { threeD }) {
  return page.evaluate(async ([base, endpoint, threeD]) => {
    const ask = async (path, init) => (await fetch(`${base}${path}`, { headers: { accept: 'application/json' }, ...init })).json();
    const step = (name, body, query = '') =>
      ask(`/orders/checkout/?page=${name}${query}`, { method: 'POST', body: JSON.stringify(body), headers: { accept: 'application/json', 'content-type': 'application/json' } });
    await ask('/orders/checkout/');
    await step('PaymentOptionSelectionPage', { payment_option: 1 });
    const first = await ask('/orders/masterpass-rest-token/');
    const listed = await new Rest(endpoint, first.token).access(first.msisdn);
    const card = listed.result.cards.find(({ cardAlias }) => cardAlias === (threeD ? 'Maximum kartım' : 'Bonus kartım'));
    await step('MasterpassRestBinNumberPage', { bin_number: card.cardBin, is_masterpass_stored_card: true });
    await step('MasterpassRestInstallmentPage', { installment: 1 });
    const { context_list: [{ page_context: order }] } = await step('MasterpassRestOrderNoPage', { use_three_d: threeD });
    const { token } = await ask(`/orders/masterpass-rest-token/?three_d=${threeD}`);
    const wallet = new Rest(endpoint, token);
    const asked = await wallet.pay(first.msisdn, card.cardAlias, { amount: 10_000, orderNo: order.order_no });
    Object.assign(window, { step, ask, wallet });
    return { cards: listed.result.cards.map((it) => it.cardAlias), code: asked.result.responseCode, url3d: asked.result.url3d, orderNo: order.order_no };
  }, [`/${box.name}/api`, box.at, threeD]);
}

async function confirm(page, code = '123456') {
  await page.getByTestId('otp-code').fill(code);
  await page.getByTestId('otp-confirm').click();
}

const leave = (page, url) => page.evaluate((to) => { location.href = to; }, url);
const CARDS = ['Maaş kartım', 'Bonus kartım', 'Maximum kartım'];
const COMPLETE = '/orders/checkout/?page=MasterpassRestCompletePage&three_d_secure=true';

describe('the checkout', { concurrency: 2 }, () => {
  test('a saved card and a one-time password', () =>
    withPage(browser, {}, async (page) => {
      const box = await sandbox('otp');
      storefront(box);
      await page.goto(`${shop.origin()}/${box.name}/`);
      const begun = await begin(page, box, { threeD: false });
      assert.deepEqual([begun.cards, begun.code], [CARDS, '5001']);
      const { first, pages, order } = await page.evaluate(async () => {
        const wrong = await wallet.verify('654321');
        const { result } = await wallet.verify('123456');
        const done = await step(
          'MasterpassRestCompletePage', { token: result.token, transactionType: 'PURCHASE' }, `&responseCode=${result.responseCode}&token=${result.token}&three_d_secure=false`);
        const [{ page_context: thanks }] = done.context_list;
        const { order } = await ask(`${thanks.redirect_url}?format=json`);
        return { first: wrong.responseCode ?? wrong.exception.code, pages: done.context_list.map((it) => it.page_name), order };
      });
      assert.deepEqual([first, pages, order.number, order.amount], ['OTP_IS_NOT_VALID', ['ThankYouPage'], begun.orderNo, '100.00']);
    }));

  /** Back at the storefront, whose server hands the bank's post on. */
  async function through(page, site, code) {
    const box = await sandbox('storefront', `[bank]\nsite = "${site}"`);
    storefront(box);
    await page.goto(`${shop.origin()}/${box.name}/`);
    const begun = await begin(page, box, { threeD: true });
    assert.equal(begun.code, '5010');
    await leave(page, `${begun.url3d}&returnUrl=${encodeURIComponent(`${shop.origin()}/${box.name}/api${COMPLETE}`)}&t=1767323045000`);
    await confirm(page, code);
    await page.waitForURL((url) => url.port === String(shop.port));
    return { box, begun, url: new URL(page.url()) };
  }

  test('3-D Secure, back by a post to the storefront', () =>
    withPage(browser, {}, async (page) => {
      const { box, begun, url } = await through(page, 'same', '123456');
      await page.getByTestId('thanks').waitFor();
      const shown = await page.evaluate(async (address) => (await fetch(address)).json(), `/${box.name}/api${url.searchParams.get('to')}?format=json`);
      assert.deepEqual([shown.order.number, shown.order.amount], [begun.orderNo, '100.00']);
    }));

  for (const [what, site, code] of [['3-D Secure fails: no order', 'same', '111100'], ['the post comes from another site: the session is lost', 'cross', '123456']]) {
    test(what, () =>
      withPage(browser, {}, async (page) => {
        const { url } = await through(page, site, code);
        await page.getByTestId('checkout').waitFor();
        assert.ok(url.searchParams.get('error').length > 2, url.href);
      }));
  }

  test('3-D Secure, back by a post to the backend itself', () =>
    withPage(browser, { locale: 'en-GB' }, async (page) => {
      // Backend and storefront share their host, and so the session's cookie.
      const box = await sandbox('direct', '[bank]\nsite = "same"', HOSTS[1]);
      storefront(box);
      await page.goto(`${shop.origin()}/${box.name}/`);
      const begun = await begin(page, box, { threeD: true });
      await leave(page, `${begun.url3d}&returnUrl=${box.at}${COMPLETE}`);
      await confirm(page);
      await page.waitForURL((url) => url.pathname.startsWith(`/~${box.name}/orders/completed/`));
      assert.equal(await page.locator('h1').innerText(), 'Thank you for your order');
      assert.match(await page.locator('dl').innerText(), new RegExp(`${begun.orderNo}[^]*100\\.00 TRY`));
      const placed = await (await page.request.get(`${page.url()}?format=json`)).json();
      assert.equal(placed.order.number, begun.orderNo);
    }));
});
