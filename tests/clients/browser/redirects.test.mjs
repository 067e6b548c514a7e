// From a shop's page to the bank and back, where the shop is another origin; cookies on the way.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { launch, withPage } from './support/chromium.mjs';
import { CARD, HOLDER, HOSTS, challenge, sandbox } from './support/mockpos.mjs';
import { Shop, callbackFits, hashFits, html } from './support/shop.mjs';

const SCRIPT = readFileSync(new URL('support/wallet-page.js', import.meta.url), 'utf8');
let browser, shop;

before(async () => {
  [browser, shop] = await Promise.all([launch(), Shop.start()]);
  shop.on('GET /wallet.js', () => ({ headers: { 'content-type': 'text/javascript' }, body: SCRIPT }));
  shop.on('GET /pay', () => html('<script src="/wallet.js"></script>'));
});
after(() => Promise.all([browser.close(), shop.stop()]));

async function confirm(page) {
  await page.getByTestId('otp-code').fill('123456');
  await page.getByTestId('otp-confirm').click();
}

/** Leaves the shop's page as its script does. */
const leave = (page, url) => page.evaluate((to) => { location.href = to; }, url);

/** Each loopback name is a site of its own, so neither shop is mockpos' own. */
const SITES = [{ bank: HOSTS[0], at: HOSTS[1] }, { bank: HOSTS[1], at: HOSTS[0] }];

/** A way of writing the address behind `returnUrl=`, which has a query of its own. */
const QUERY = '?order=7001&name=Ay%C5%9Fe%20Y&back=%2Fcart%3Fa%3Db&t=5';
const WAYS = { raw: (url) => url, encoded: encodeURIComponent, 'encoded, and the time': (url) => `${encodeURIComponent(url)}&t=1767323045000` };

for (const { bank, at } of SITES) {
  describe(`a shop on ${at}, mockpos on ${bank}`, { concurrency: 2 }, () => {
    for (const [way, write] of Object.entries(WAYS)) {
      test(`the wallet's new generation, return address ${way}`, () =>
        withPage(browser, {}, async (page) => {
          const box = await sandbox('rest', '', bank);
          const bearer = await box.walletToken(HOLDER, '7001');
          await page.goto(`${shop.origin(at)}/pay`);
          const { result, responseCode, location } = await page.evaluate(async ([endpoint, token, phone]) => {
            const wallet = new Rest(endpoint, token);
            const cards = await wallet.access(phone);
            const { cardAlias } = cards.result.cards.find((card) => card.cardAlias === 'OTP THEN THREE D');
            const asked = await wallet.pay(phone, cardAlias, { amount: 10_000, orderNo: '7001' });
            const wrong = await wallet.verify('654321');
            await wallet.resend();
            const { result } = await wallet.verify('123456');
            return { result, responseCode: [cards.statusCode, asked.result.responseCode, wrong.exception.code], location: wallet.flow.uri };
          }, [box.at, bearer, HOLDER]);
          assert.deepEqual([...responseCode, result.responseCode], [200, '5001', 'OTP_IS_NOT_VALID', '5010']);
          assert.match(location, /verify/);
          const path = `/back/${box.name}-${bank}`;
          await leave(page, `${result.url3d}&returnUrl=${write(`${shop.origin(at)}${path}${QUERY}`)}`);
          await confirm(page);
          await page.waitForURL((url) => url.pathname === path);
          const { url, fields, query, headers } = shop.only(path);
          assert.ok(url.startsWith(`${path}${QUERY}&`), url);
          assert.equal(headers.origin, box.origin, 'it came from the bank');
          assert.deepEqual([query.get('responseCode'), query.get('token'), query.get('name')], ['0000', fields.token, 'Ayşe Y']);
          assert.deepEqual([fields.oid, fields.mdStatus, fields.transactionType, fields.responseCode], ['7001', '1', 'PURCHASE_3D', '0000']);
          assert.ok(hashFits(fields));
          const done = await box.walletComplete(bearer, { token: fields.token, orderNo: '7001' });
          assert.equal(done.statusCode, 200, JSON.stringify(done.exception));
          const asked = (await box.journal()).map(({ method }) => method);
          assert.ok(asked.includes('OPTIONS'), 'browsers ask first');
        }));
    }

    for (const type of ['application/x-www-form-urlencoded', 'text/plain;charset=UTF-8', 'application/json']) {
      test(`the wallet's classic generation, as ${type}`, () =>
        withPage(browser, {}, async (page) => {
          const box = await sandbox('classic', '', bank);
          await page.goto(`${shop.origin(at)}/pay`);
          const { codes, url } = await page.evaluate(async ([address, type, phone]) => {
            const wallet = new Classic(address, type);
            const asked = await wallet.pay(phone, 'OTP THEN THREE D', { amount: '10000', orderNo: '7002' });
            const wrong = await wallet.verify(asked.Token, '654321');
            const next = await wallet.verify(wrong.Token, '123456');
            return { codes: [asked, wrong, next].map((it) => it.ResponseCode), url: next.Url3D };
          }, [`${box.at}/MasterpassJsonServerHandler/v2`, type, HOLDER]);
          assert.deepEqual(codes, ['5001', '1409', '5010']);
          const path = `/back/${box.name}-${bank}`;
          await leave(page, `${url}&returnUrl=${encodeURIComponent(`${shop.origin(at)}${path}?a=b`)}&t=1767323045000`);
          await confirm(page);
          await page.waitForURL((url) => url.pathname === path);
          const { url: came, fields } = shop.only(path);
          assert.ok(came.startsWith(`${path}?a=b&`), came);
          assert.deepEqual([fields.oid, fields.mdStatus, fields.amount], ['7002', '1', '10000']);
          assert.ok(hashFits(fields));
          const preflights = (await box.journal()).filter(({ method }) => method === 'OPTIONS');
          assert.equal(preflights.length > 0, type === 'application/json');
        }));
    }

    test('a card at the gateway, by its htmlContent', () =>
      withPage(browser, {}, async (page) => {
        const box = await sandbox('gateway', '', bank);
        const path = `/back/${box.name}-${bank}`;
        const { htmlContent, paymentId } = await box.gateway('POST', '/payment/v1/card-payments/3ds-init', {
          price: 100, paidPrice: 100, walletPrice: 0, installment: 1, currency: 'TRY', paymentGroup: 'LISTING_OR_SUBSCRIPTION', conversationId: 'c-7',
          callbackUrl: `${shop.origin(at)}${path}?order=7&x=%20`, items: [{ name: 'Tişört', price: 100 }], card: CARD
        });
        shop.on(`GET /go/${box.name}-${bank}`, () => Buffer.from(htmlContent, 'base64').toString('utf8'));
        await page.goto(`${shop.origin(at)}/go/${box.name}-${bank}`);
        await confirm(page);
        await page.waitForURL((url) => url.pathname === path);
        const { url, fields } = shop.only(path);
        assert.equal(url, `${path}?order=7&x=%20`);
        assert.deepEqual([fields.status, fields.completeStatus, fields.conversationId], ['SUCCESS', 'WAITING', 'c-7']);
        assert.ok(callbackFits(fields));
        const paid = await box.gateway('POST', '/payment/v1/card-payments/3ds-complete', { paymentId });
        assert.deepEqual([paid.paymentStatus, paid.isThreeDS], ['SUCCESS', true]);
      }));

    test("the gateway's hosted page, with 3-D Secure", () =>
      withPage(browser, { javaScriptEnabled: at === 'localhost' }, async (page) => {
        const box = await sandbox('hosted', '', bank);
        const path = `/back/${box.name}-${bank}`;
        const { pageUrl, token } = await box.gateway('POST', '/payment/v1/checkout-payments/init', {
          price: 100, paidPrice: 100, currency: 'TRY', paymentGroup: 'PRODUCT', callbackUrl: `${shop.origin(at)}${path}`, items: [{ name: 'Tişört', price: 100 }]
        });
        await page.goto(pageUrl);
        for (const [id, text] of [['card-holder', 'Haluk Demir'], ['card-number', CARD.cardNumber], ['expire-month', '07'], ['expire-year', '2044'], ['cvc', '000']]) {
          await page.getByTestId(id).fill(text);
        }
        await page.getByTestId('three-ds').check();
        await page.getByTestId('pay-button').click();
        await confirm(page);
        // Without JavaScript each page on the way has a button.
        const pages = at === 'localhost' ? [] : ['bank-leaving', 'gateway-leaving', 'checkout-done'];
        for (const shown of pages) await page.locator(`[data-testid=${shown}]`).getByTestId('continue').click();
        await page.waitForURL((url) => url.pathname === path);
        assert.deepEqual(shop.only(path).fields, { token });
        assert.equal((await box.gateway('GET', `/payment/v1/checkout-payments/${token}`)).paymentStatus, 'SUCCESS');
      }));
  });
}

describe('what a page of another origin may read', { concurrency: 2 }, () => {
  const asks = (page, box, bearer) =>
    page.evaluate(async ([endpoint, token, phone]) => {
      const wallet = new Rest(endpoint, token);
      try {
        const { result } = await wallet.pay(phone, 'BANK OTP', { amount: 10_000, orderNo: '7003' });
        return { code: result.responseCode, location: wallet.flow.uri };
      } catch (error) {
        return { failed: error.name };
      }
    }, [box.at, bearer, HOLDER]);

  for (const [cors, want] of [
    ['open', { code: '5001', location: '/user-authorization/api/Otp/verify' }], ['hide_location', { code: '5001', location: null }], ['refused', { failed: 'TypeError' }]
  ]) {
    test(`cors = "${cors}"`, () =>
      withPage(browser, {}, async (page) => {
        const box = await sandbox('cors', `[masterpass]\ncors = "${cors}"`);
        const bearer = await box.walletToken(HOLDER, '7003');
        await page.goto(`${shop.origin()}/pay`);
        assert.deepEqual(await asks(page, box, bearer), want);
      }));
  }
});

describe("the shop's cookies", { concurrency: 2 }, () => {
  /** What a shop might call its session, in each of the three ways that browsers know. */
  const COOKIES = ['strict=s; Path=/; SameSite=Strict', 'lax=l; Path=/; SameSite=Lax', 'none=n; Path=/; SameSite=None; Secure'];
  const names = (header = '') => header.split('; ').filter(Boolean).map((pair) => pair.split('=')[0]).sort();

  /** Pays, and tells which cookies came back with the post, and with the page behind it. */
  async function came(page, { site, at, fix = false }) {
    const box = await sandbox('cookies', `[bank]\nsite = "${site}"`);
    const [pay, back, done] = ['start', 'back', 'done'].map((part) => `/${part}/${box.name}`);
    const cookies = {};
    shop.on(`GET ${pay}`, () => ({ headers: { 'set-cookie': COOKIES }, body: html('<p>shop</p>') }));
    shop.on(`GET ${done}`, ({ headers }) => {
      cookies.done = names(headers.cookie);
      return html('<p data-testid="done">done</p>');
    });
    shop.on(`POST ${back}`, ({ headers, fields }) => {
      cookies.post = names(headers.cookie);
      assert.ok(hashFits(fields));
      return fix ? { status: 303, headers: { location: `${done}?oid=${fields.oid}` } } : html('<p data-testid="done">done</p>');
    });
    await page.goto(`${shop.origin(at)}${pay}`);
    const { url } = await challenge(box);
    await leave(page, `${url}&returnUrl=${encodeURIComponent(`${shop.origin(at)}${back}`)}`);
    await confirm(page);
    await page.getByTestId('done').waitFor();
    return cookies;
  }

  for (const at of HOSTS) {
    test(`${at}: site = "same" keeps them`, () =>
      withPage(browser, {}, async (page) => {
        assert.deepEqual((await came(page, { site: 'same', at })).post, ['lax', 'none', 'strict']);
      }));

    test(`${at}: site = "cross" loses Lax and Strict, as in life`, () =>
      withPage(browser, {}, async (page) => {
        assert.deepEqual((await came(page, { site: 'cross', at })).post, ['none']);
      }));

    test(`${at}: a shop that goes on to itself by GET has Lax again, and not Strict`, () =>
      withPage(browser, {}, async (page) => {
        const { post, done } = await came(page, { site: 'cross', at, fix: true });
        assert.deepEqual(post, ['none']);
        assert.deepEqual(done, ['lax', 'none']);
      }));
  }

  test('site = "as_called": the name in the address decides', () =>
    withPage(browser, {}, async (page) => {
      assert.deepEqual((await came(page, { site: 'as_called', at: HOSTS[0] })).post, ['lax', 'none', 'strict']);
      assert.deepEqual((await came(page, { site: 'as_called', at: HOSTS[1] })).post, ['none']);
    }));
});
