// With a browser: a person at the bank's page, and a test that helps.
import { chromium } from 'playwright-core';
import { expect } from 'vitest';
import { test } from './support.mjs';

test('the browser and the client see the same challenge', async ({ mockpos, pay, shop }) => {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ locale: 'tr-TR' });
    page.setDefaultTimeout(10_000);
    await pay({ path: '/3ds-init', callbackUrl: `${shop.url}/callback` });
    await page.goto((await mockpos.challenge().read()).page);
    await mockpos.clock.advance('4m');
    await page.getByTestId('otp-code').fill('123456');
    await page.getByTestId('otp-confirm').click();
    await page.getByTestId('resend').click();
    await page.getByTestId('otp-code').fill('123456');
    await page.getByTestId('otp-confirm').click();
    await page.getByText('teşekkürler').waitFor();
    expect(shop.heard.at(-1)).toMatchObject({ path: '/callback', body: expect.stringContaining('status=SUCCESS') });
    expect((await mockpos.challenges())[0].how.outcome).toBe('succeeds');
  } finally {
    await browser.close();
  }
});
