// Pictures of the pages, for people to look at: SCREENSHOTS=folder.
import { after, before, test } from 'node:test';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { launch, withPage } from './support/chromium.mjs';
import { challenge, sandbox } from './support/mockpos.mjs';

const folder = process.env.SCREENSHOTS;
const SIZES = { wide: { width: 1100, height: 800 }, phone: { width: 390, height: 844 } };
let browser;

before(async () => {
  if (folder) [browser] = await Promise.all([launch(), mkdir(folder, { recursive: true })]);
});
after(() => browser?.close());

for (const locale of folder ? ['tr-TR', 'en-GB'] : []) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    test(`${locale}, ${size}`, () =>
      withPage(browser, { locale, viewport, deviceScaleFactor: 1 }, async (page) => {
        const shoot = (name) => page.screenshot({ path: join(folder, `${name}-${locale.slice(0, 2)}-${size}.png`), fullPage: true });
        const box = await sandbox('pictures');
        const { url } = await challenge(box, { orderNo: '7360260102000001', amount: 125_000, installmentCount: 3 });
        // Nobody listens there, and nobody is asked: the way back is only looked at.
        await page.goto(`${url}&returnUrl=http://shop.example/back`);
        // It counts down in real time.
        await page.getByRole('timer').evaluate((timer) => { timer.style.visibility = 'hidden'; });
        await shoot('bank-page');
        await page.getByTestId('otp-code').fill('654321');
        await page.getByTestId('otp-confirm').click();
        await page.getByTestId('error').waitFor();
        await shoot('bank-wrong');
        await page.getByTestId('outcome-never_returns').click();
        await page.locator('[data-testid=bank-staying]').waitFor();
        await shoot('bank-staying');
        await page.goto(`${box.at}/bank/3ds/none`);
        await shoot('bank-gone');
        const { pageUrl } = await box.gateway('POST', '/payment/v1/checkout-payments/init', {
          price: 100, paidPrice: 100, currency: 'TRY', paymentGroup: 'PRODUCT', masterpassGsmNumber: '905321234567', callbackUrl: 'http://shop.example/back',
          items: [{ name: 'Pamuklu Tişört', price: 100 }]
        });
        await page.goto(pageUrl);
        await shoot('hosted-page');
      }));
  }
}

const wayBack = () =>
  withPage(browser, { javaScriptEnabled: false, viewport: SIZES.phone }, async (page) => {
    const { url } = await challenge(await sandbox('pictures'));
    await page.goto(`${url}&returnUrl=http://shop.example/back`);
    await page.getByTestId('cancel').click();
    await page.locator('[data-testid=bank-leaving]').waitFor();
    await page.screenshot({ path: join(folder, 'bank-leaving-tr-phone.png'), fullPage: true });
  });
if (folder) test('the way back, without JavaScript', wayBack);
