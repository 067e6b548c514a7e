// Paying with a typed card, in a browser.
import { expect } from 'vitest';
import { CARD, POOR, enterAtBank, pay, refused, test, thanked, toBasket, toCheckout } from './support.js';

/** The checkout, once the wallet's cards are there: the first of them is chosen until somebody chooses another. */
async function toCards(page) {
  await toCheckout(page);
  await page.getByLabel(/Maaş kartım/).waitFor();
}

async function type(page, card) {
  await page.getByLabel('Başka bir kart').check();
  await page.getByLabel('Kart numarası').fill(card.numara);
  await page.getByLabel('Kart üzerindeki ad').fill(card.ad);
  await page.getByLabel('Ay').fill(card.ay);
  await page.getByLabel('Yıl').fill(card.yil);
  await page.getByLabel('CVC').fill(card.cvc);
}

test('3-D Secure by a person, in six installments', async ({ page, mockpos, shop }) => {
  await toCards(page);
  await type(page, CARD);
  await page.getByRole('radio', { name: /^6 taksit/ }).check();
  await pay(page);
  await enterAtBank(page, '123456');
  await thanked(page);
  expect(shop.orders.list()[0]).toMatchObject({ state: 'paid', total: 89000, paid: 95675, installment: 6 });
  mockpos.expect({ endpoint: 'craftgate.card_payment.3ds_complete', status: 200, count: 1 });
});

test('the holder cancels at the bank', async ({ page }) => {
  await toCards(page);
  await type(page, CARD);
  await pay(page);
  await page.waitForURL(/\/bank\/3ds\//);
  await page.getByTestId('cancel').click();
  expect(await refused(page)).toContain('Hesabınızdan para çekilmedi');
});

test('without 3-D Secure the bank says no, in its own words', async ({ page }) => {
  await toCards(page);
  await type(page, POOR);
  await page.getByLabel('3D Secure ile öde').uncheck();
  await pay(page);
  expect(await refused(page)).toBe('Kart limiti yetersiz, yetersiz bakiye');
  await page.getByRole('link', { name: 'Sepet' }).click();
  await page.getByText('Bakır cezve').waitFor();
});

test('the bank\'s page expires while the clock goes on', async ({ page, mockpos }) => {
  await toCards(page);
  await type(page, CARD);
  await pay(page);
  await page.waitForURL(/\/bank\/3ds\//);
  const { happened } = await mockpos.clock.advance('11m');
  expect(happened.map((it) => it.what)).toContain('3-D Secure timed out');
  await page.reload();
  expect(await refused(page)).toContain('3-D Secure ile doğrulanamadı');
});

/** Types a card's number while the page still waits for `late`, and lets it come only then. */
async function typeBefore(late, page) {
  let come;
  const held = new Promise((resolve) => (come = resolve));
  const asked = new Promise((resolve) => page.route(late, async (route) => {
    resolve();
    await held;
    await route.continue();
  }));
  await toBasket(page);
  await page.goto('/odeme', { waitUntil: 'commit' });
  await asked;
  await page.getByLabel('Kart numarası').fill(CARD.numara);
  come();
}

for (const [what, late] of [['the wallet', '**/account/api/Card?*'], ['the script of the page', '**/odeme.js*']]) {
  test(`who has begun to type before ${what} is there is not interrupted`, async ({ page, mockpos }) => {
    await typeBefore(late, page);
    await page.getByLabel(/Maaş kartım/).waitFor();
    expect(await page.getByLabel('Başka bir kart').isChecked()).toBe(true);
    await page.getByRole('radio', { name: /^6 taksit/ }).waitFor();
    mockpos.expect({ endpoint: 'akinon.checkout.complete', never: true });
  });
}

test('the form pays without JavaScript', async ({ browser, shop }) => {
  const context = await browser.newContext({ locale: 'tr-TR', baseURL: shop.url, javaScriptEnabled: false });
  const page = await context.newPage();
  await toCheckout(page, 'Güllü lokum');
  await type(page, CARD);
  await pay(page);
  const goOn = () => page.getByRole('button', { name: 'Devam et' }).click();
  await goOn();
  await enterAtBank(page, '123456');
  await goOn();
  await page.waitForURL(/3ds-callback/);
  await goOn();
  await thanked(page);
  await context.close();
});
