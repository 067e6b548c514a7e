// Paying with a card of the wallet, in a browser.
import { expect } from 'vitest';
import { enterAtBank, pay, refused, test, thanked, toCheckout } from './support.js';

const choose = (page, alias) => page.getByLabel(alias).check();
const dialog = (page) => page.getByRole('dialog', { name: 'Doğrulama kodu' });

async function enterCode(page, code) {
  await dialog(page).getByRole('textbox', { name: 'Kod' }).fill(code);
  await dialog(page).getByRole('button', { name: 'Onayla' }).click();
}

test('a saved card pays at once', async ({ page, mockpos }) => {
  await toCheckout(page);
  await choose(page, /Maaş kartım/);
  await pay(page);
  await thanked(page);
  await expect(page.getByText('Masterpass · YAPI VE KREDİ').innerText()).resolves.toContain('BANKASI');
  mockpos.expect({ endpoint: 'akinon.checkout.complete', status: 200, count: 1 });
});

test('the bank asks for a code: wrong, then right, in three installments', async ({ page, shop }) => {
  await toCheckout(page);
  await choose(page, /Bonus kartım/);
  await page.getByRole('radio', { name: /^3 taksit/ }).check();
  await page.getByText('35,60 TL').waitFor();
  await pay(page);
  await enterCode(page, '000009');
  await dialog(page).getByText('Doğrulama kodu hatalı').waitFor();
  await enterCode(page, '123456');
  await thanked(page);
  expect(shop.orders.list()[0]).toMatchObject({ state: 'paid', paid: 92560, installment: 3 });
});

test('3-D Secure by a person on the bank\'s page', async ({ page }) => {
  await toCheckout(page, 'Fincan takımı');
  await choose(page, /Maximum kartım/);
  await pay(page);
  await page.getByTestId('amount').getByText('640').waitFor();
  await enterAtBank(page, '123456');
  await thanked(page);
});

test('3-D Secure by one call, while the browser waits', async ({ page, mockpos, shop }) => {
  await toCheckout(page);
  await choose(page, /Maximum kartım/);
  await pay(page);
  await page.waitForURL(/\/bank\/3ds\//);
  const answer = await mockpos.challenge().bringBack({ outcome: 'succeeds' });
  expect(answer).toMatchObject({ status: 303, headers: { location: `/siparis/${shop.orders.list()[0].no}` } });
  await page.goto(answer.headers.location);
  await thanked(page);
});

test('3-D Secure by itself, as the scenario says', async ({ page, shop }) => {
  await shop.plays('[[rule]]\nthen = { three_ds = "fails" }');
  await toCheckout(page);
  await choose(page, /Maximum kartım/);
  await pay(page);
  expect(await refused(page)).toContain('3-D Secure ile doğrulanamadı');
});

test('the bank says no, and the shopper pays with another card', async ({ page, shop }) => {
  await shop.plays('[[rule]]\nwhen = { endpoint = "akinon.checkout.complete", nth = 1 }\nthen = { decline = "insufficient_funds" }');
  await toCheckout(page);
  await choose(page, /Maaş kartım/);
  await pay(page);
  expect(await refused(page)).toContain('Bankanız ödemeyi onaylamadı');
  await page.getByRole('link', { name: 'Yeniden dene' }).click();
  await choose(page, /Bonus kartım/);
  await pay(page);
  await enterCode(page, '123456');
  await thanked(page);
});

test('the answer is lost after the money has moved: one order, one charge', async ({ page, mockpos, shop }) => {
  await shop.plays('[[rule]]\nwhen = { endpoint = "akinon.checkout.complete", nth = 1 }\nwire = { fault = "reset", when = "after_commit" }');
  await toCheckout(page);
  await choose(page, /Maaş kartım/);
  await pay(page);
  await thanked(page);
  const [lost, again] = await mockpos.journal({ endpoint: 'akinon.checkout.complete' });
  expect([lost.status, again.status]).toEqual([0, 200]);
  expect(lost.payments[0].after).toBe('captured');
  expect(again.payments.every((it) => it.before === it.after)).toBe(true);
});

test('the code expires while the clock goes on; a new one pays', async ({ page, mockpos }) => {
  await toCheckout(page);
  await choose(page, /Bonus kartım/);
  await pay(page);
  await dialog(page).waitFor();
  const { happened } = await mockpos.clock.advance('4m');
  expect(happened.map((it) => it.what)).toEqual(['wallet OTP expired']);
  await enterCode(page, '123456');
  await dialog(page).getByText('süresi doldu').waitFor();
  await dialog(page).getByRole('button', { name: 'Kodu yeniden gönder' }).click();
  await dialog(page).getByText('yeniden gönderildi').waitFor();
  await enterCode(page, '123456');
  await thanked(page);
});

test('a shopper who thinks better of it pays nothing', async ({ page, mockpos }) => {
  await toCheckout(page);
  await choose(page, /Bonus kartım/);
  await pay(page);
  await dialog(page).getByRole('button', { name: 'Vazgeç' }).click();
  await page.getByText('Ödemeden vazgeçtiniz').waitFor();
  mockpos.expect({ endpoint: 'akinon.checkout.complete', never: true });
});
