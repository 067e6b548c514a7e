// Texts that would be scripts, in every field that a page shows: they stay texts.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, withPage } from './support/chromium.mjs';
import { CARD, challenge, sandbox } from './support/mockpos.mjs';
import { Shop } from './support/shop.mjs';

const PAYLOADS = [
  '<script>alert(1)</script>', '"><script>alert(2)</script>', "'><script>alert(3)</script>", '<img src=x onerror=alert(4)>', '"><img src=x onerror=alert(5)>',
  '<svg onload=alert(6)>', '"><svg/onload=alert(7)>', '" autofocus onfocus=alert(8) x="', "' autofocus onfocus=alert(9) x='", '</title><script>alert(10)</script>',
  '</style><script>alert(11)</script>', '<a href="javascript:alert(12)">x</a>', '<iframe src="javascript:alert(13)">', '<iframe srcdoc="<script>alert(14)//">',
  '<body onload=alert(15)>', '<!--<script>alert(16)//-->', '&lt;script&gt;alert(17)&lt;/script&gt;', '<base href="//evil.example/">', '<form action="//evil.example"><input>',
  '<style>*{background:url(//evil.example)}', '{{7*7}}${alert(21)}javascript:alert(21)', '<details open ontoggle=alert(22)>'
];

/** Whose wallet is empty but for the card below. */
const OWNER = '905551110004';

let browser, shop;

before(async () => {
  [browser, shop] = await Promise.all([launch(), Shop.start()]);
});
after(() => Promise.all([browser.close(), shop.stop()]));

/** One for each way out of a text: for pages that come late, or show little. */
const FEW = ['<script>alert(1)</script>', '"><script>alert(2)</script>', "'><img src=x onerror=alert(3)>", '</title></style><script>alert(4)</script>'];

/** What the page calls by its name stays the text; nothing of it became a part of the page. */
async function shows(page, payload, ids) {
  for (const id of ids) {
    const texts = await page.getByTestId(id).allTextContents();
    assert.ok(texts.some((text) => text.includes(payload)), `${id}: ${texts}`);
  }
  const odd = 'svg[onload], [onerror], [onload], [onfocus], [ontoggle], iframe, base, a[href^="javascript:"], form[action*=evil], img';
  assert.equal(await page.locator(odd).count(), 0);
  assert.ok((await page.locator('script').count()) <= 1);
}

/** Merchant, bank, payment option and a saved card, all of that name. */
const rules = (payload) => `
[bank]
name = ${JSON.stringify(payload)}
[[merchant]]
name = ${JSON.stringify(payload)}
api_key = "api-key"
secret_key = "secret-key"
callback_key = "merchantThreeDsCallbackKeySndbox"
webhook_key = "w"
[[card]]
holder = "${OWNER}"
alias = ${JSON.stringify(payload)}
number = "5545480000000005"
asks = ["three_ds"]
[[payment_option]]
name = ${JSON.stringify(payload)}
slug = "mp_rest"
payment_type = "masterpass_rest"
pos_slug = "mp_rest"
pos_kind = "masterpass"
three_d_enabled = false
provision_enabled = false
`;

const hostile = (payload, story) => withPage(browser, {}, async (page) => {
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await story(page, await sandbox('escaping', rules(payload)));
  assert.deepEqual(asked.filter((url) => new URL(url).hostname === 'evil.example'), []);
});

describe("the bank's page", { concurrency: 2 }, () => {
  for (const payload of PAYLOADS) {
    test(payload, () =>
      hostile(payload, async (page, box) => {
        const path = `/back/${box.name}`;
        const { url } = await challenge(box, { orderNo: payload, cardAlias: payload, phone: OWNER });
        await page.goto(`${url}&returnUrl=${encodeURIComponent(`${shop.origin()}${path}?x=${encodeURIComponent(payload)}`)}`);
        await shows(page, payload, ['bank', 'merchant', 'order-no']);
        await page.evaluate((code) => {
          const input = document.querySelector('input[name=otp]');
          input.removeAttribute('maxlength');
          input.value = code;
        }, payload);
        await page.getByTestId('otp-confirm').click();
        await page.getByTestId('error').waitFor();
        await shows(page, payload, ['bank', 'merchant', 'order-no']);
        await page.getByTestId('cancel').click();
        await page.waitForURL((address) => address.pathname === path);
        const { fields, query } = shop.only(path);
        assert.deepEqual([fields.oid, query.get('x')], [payload, payload]);
      }));
  }
});

describe("the gateway's hosted page, and what follows it", { concurrency: 2 }, () => {
  for (const payload of new Set([...PAYLOADS, ...FEW])) {
    test(payload, () =>
      hostile(payload, async (page, box) => {
        const path = `/back/${box.name}`;
        const stored = await box.gateway('POST', '/payment/v1/cards', { ...CARD, cardAlias: payload });
        const { pageUrl, token } = await box.gateway('POST', '/payment/v1/checkout-payments/init', {
          price: 100, paidPrice: 100, currency: 'TRY', paymentGroup: 'PRODUCT', conversationId: payload, cardUserKey: stored.cardUserKey,
          callbackUrl: `${shop.origin()}${path}`, items: [{ name: payload, price: 100 }]
        });
        await page.goto(pageUrl);
        await shows(page, payload, ['merchant', 'stored-card']);
        assert.ok((await page.locator('.items').textContent()).includes(payload));
        await page.locator('label[for=tab-card]').click();
        for (const id of ['card-holder', 'card-number', 'expire-month', 'expire-year', 'cvc']) {
          await page.getByTestId(id).evaluate((input, text) => {
            input.removeAttribute('maxlength');
            input.value = text;
          }, payload);
        }
        await page.getByTestId('pay-button').click();
        await page.getByTestId('errors').waitFor();
        await shows(page, payload, ['merchant']);
        if (!FEW.includes(payload)) return;
        for (const [id, text] of [['card-number', CARD.cardNumber], ['expire-month', '07'], ['expire-year', '2044'], ['cvc', '000'], ['card-holder', 'Haluk Demir']]) {
          await page.getByTestId(id).fill(text);
        }
        await page.getByTestId('three-ds').check();
        await page.getByTestId('pay-button').click();
        await page.getByTestId('otp-code').waitFor();
        await shows(page, payload, ['bank', 'merchant']);
        await page.getByTestId('outcome-succeeds').click();
        await page.waitForURL((address) => address.pathname === path);
        assert.deepEqual(shop.only(path).fields, { token });
      }));
  }
});

describe('small pages', { concurrency: 2 }, () => {
  for (const payload of FEW) {
    test(`an order, a lost challenge, a bad way back: ${payload}`, () =>
      hostile(payload, async (page, box) => {
        const step = (name, data) => page.request.post(`${box.at}/orders/checkout/?page=${name}`, { data, headers: { accept: 'application/json' } });
        await step('PaymentOptionSelectionPage', { payment_option: 1 });
        await step('MasterpassRestBinNumberPage', { bin_number: '665544' });
        await step('MasterpassRestInstallmentPage', { installment: 1 });
        await step('MasterpassRestOrderNoPage', { use_three_d: false });
        const done = await step('MasterpassRestCompletePage&responseCode=0000&token=t&three_d_secure=false', { token: 't', transactionType: 'PURCHASE' });
        const [{ page_context: { redirect_url: placed } }] = (await done.json()).context_list;
        await page.goto(`${box.at}${placed}`);
        assert.ok((await page.locator('dl').textContent()).includes(payload));
        await shows(page, payload, []);
        const { url } = await challenge(box, { cardAlias: payload, phone: OWNER });
        const text = encodeURIComponent(payload);
        const bad = [`${url}&returnUrl=${text}`, `${url}${text}`, `${box.at}/bank/3ds/${text}`, `${box.at}/bank/3ds/x?lang=${text}`, `${box.at}/user-authorization/mp-3d-${text}`];
        for (const address of [...bad, `${box.at}/pay?token=${text}`, `${box.at}/payment/v1/card-payments/3ds-callback/${text}`]) {
          const status = (await page.goto(address)).status();
          assert.ok(status >= 400 && status < 500, `${status} ${address}`);
          await shows(page, payload, []);
        }
      }));
  }
});
