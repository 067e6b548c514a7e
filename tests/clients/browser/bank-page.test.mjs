// The bank's page, by hand.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, withPage } from './support/chromium.mjs';
import { challenge, sandbox } from './support/mockpos.mjs';
import { Shop, hashFits, html } from './support/shop.mjs';

const RIGHT = '123456';
let browser, shop;

before(async () => {
  [browser, shop] = await Promise.all([launch(), Shop.start()]);
});
after(() => Promise.all([browser.close(), shop.stop()]));

/** Begins a challenge, and opens its page. `back()`: what the shop gets. */
async function opened(page, name, { rules, ...order } = {}) {
  const box = await sandbox(name, rules);
  const path = `/back/${box.name}`;
  const begun = await challenge(box, order);
  const address = `${begun.url}&returnUrl=${encodeURIComponent(`${shop.origin()}${path}`)}`;
  await page.goto(address);
  const back = async () => {
    await page.waitForURL((url) => url.pathname === path);
    return shop.only(path).fields;
  };
  return { box, address, back, path, ...begun };
}

async function type(page, code) {
  await page.getByTestId('otp-code').fill(code);
  await page.getByTestId('otp-confirm').click();
}

const WORDS = {
  'tr-TR': {
    lang: 'tr', title: 'Ödeme doğrulama', amount: '1.250,50 TL', installment: '3 taksit', date: '02.01.2026 06:04', confirm: 'Onayla',
    resend: 'Kodu tekrar gönder', cancel: 'İşlemi iptal et', controls: 'Test kontrolleri', wrong: 'Girdiğiniz kod hatalı. Kalan deneme hakkı: 2'
  },
  'en-US': {
    lang: 'en', title: 'Verify your payment', amount: '1,250.50 TRY', installment: '3 installments', date: '2 Jan 2026, 06:04', confirm: 'Confirm',
    resend: 'Send a new code', cancel: 'Cancel payment', controls: 'Test controls', wrong: 'The code is wrong. Tries left: 2'
  }
};

describe('the page', { concurrency: 3 }, () => {
  for (const [locale, words] of Object.entries(WORDS)) {
    test(`${locale}: its texts, a wrong code, the right one`, () =>
      withPage(browser, { locale }, async (page) => {
        const { back } = await opened(page, 'texts', { orderNo: 'A-7001', amount: 125_050, installmentCount: 3 });
        const at = (id) => page.getByTestId(id).innerText();
        assert.equal(await page.locator('html').getAttribute('lang'), words.lang);
        assert.match(await page.title(), new RegExp(`^${words.title} · Örnek Bank · TEST$`));
        assert.equal(await page.locator('h1').innerText(), words.title);
        for (const [id, text] of [
          ['bank', 'Örnek Bank'], ['merchant', 'mockpos'], ['amount', words.amount], ['installment', words.installment], ['card', '5545 48** **** 0005'],
          ['order-no', 'A-7001'], ['date', words.date], ['valid-until', '06:07:05'], ['phone', '+90 5** *** ** 20'], ['otp-confirm', words.confirm],
          ['resend', words.resend], ['cancel', words.cancel], ['right-code', RIGHT]
        ]) assert.equal(await at(id), text, id);
        assert.match(await at('test-controls'), new RegExp(words.controls));
        assert.match(await at('test-mark'), /^TEST/);
        assert.match(await page.getByRole('timer').innerText(), /^0[23]:\d\d$/);
        await type(page, '654321');
        assert.equal(await at('error'), words.wrong);
        assert.equal(await page.locator('html').getAttribute('lang'), words.lang);
        await type(page, RIGHT);
        const fields = await back();
        assert.deepEqual([fields.mdStatus, fields.oid, fields.amount, hashFits(fields)], ['1', 'A-7001', '125050', true]);
      }));
  }

  test('the other language, by a link', () =>
    withPage(browser, {}, async (page) => {
      const { back } = await opened(page, 'link');
      await page.getByTestId('lang-en').click();
      await page.getByRole('heading', { name: 'Verify your payment' }).waitFor();
      await type(page, '1');
      assert.match(await page.getByTestId('error').innerText(), /^The code is wrong/);
      await page.getByTestId('lang-tr').click();
      await page.getByRole('heading', { name: 'Ödeme doğrulama' }).waitFor();
      await type(page, RIGHT);
      assert.equal((await back()).mdStatus, '1');
    }));

  test('nothing but the keyboard', () =>
    withPage(browser, {}, async (page) => {
      const { back } = await opened(page, 'keyboard');
      assert.equal(await page.evaluate(() => document.activeElement.name), 'otp');
      await page.keyboard.type(RIGHT);
      await page.keyboard.press('Enter');
      assert.equal((await back()).mdStatus, '1');
    }));

  test('a code is sent again, three times', () =>
    withPage(browser, {}, async (page) => {
      const { box, back } = await opened(page, 'resend');
      for (const until of ['06:08:05', '06:09:05', '06:10:05']) {
        await box.advance('1m');
        await page.getByTestId('resend').click();
        await page.getByTestId('notice').waitFor();
        assert.equal(await page.getByTestId('notice').innerText(), 'Yeni kod gönderildi.');
        assert.equal(await page.getByTestId('valid-until').innerText(), until);
      }
      assert.equal(await page.getByTestId('resend').isDisabled(), true);
      await type(page, RIGHT);
      assert.equal((await back()).mdStatus, '1');
    }));

  test('cancelled', () =>
    withPage(browser, {}, async (page) => {
      const { back } = await opened(page, 'cancel');
      await page.getByTestId('cancel').click();
      const fields = await back();
      assert.deepEqual([fields.mdStatus, fields.errorCode, hashFits(fields)], ['7', 'CANCELLED', true]);
    }));

  test('a code that is too late, and another one', () =>
    withPage(browser, {}, async (page) => {
      const { box, back } = await opened(page, 'late');
      await box.advance('181s');
      await type(page, RIGHT);
      assert.equal(await page.getByTestId('error').innerText(), 'Kodun süresi doldu. Lütfen yeni bir kod isteyin.');
      await page.getByTestId('resend').click();
      await page.getByTestId('notice').waitFor();
      await type(page, RIGHT);
      assert.equal((await back()).mdStatus, '1');
    }));

  test('the page times out', () =>
    withPage(browser, {}, async (page) => {
      const { box, back } = await opened(page, 'timeout');
      await box.advance('11m');
      await page.reload();
      const fields = await back();
      assert.deepEqual([fields.mdStatus, fields.errorCode, hashFits(fields)], ['7', 'TIMED_OUT', true]);
    }));

  test('one wrong code too many', () =>
    withPage(browser, {}, async (page) => {
      const { back } = await opened(page, 'tries');
      for (const left of [2, 1]) {
        await type(page, '654321');
        await page.getByTestId('error').filter({ hasText: `: ${left}` }).waitFor();
      }
      await type(page, '654321');
      const fields = await back();
      assert.deepEqual([fields.mdStatus, fields.errorCode, hashFits(fields)], ['0', 'NOT_AUTHENTICATED', true]);
    }));

  test('a code that carries its outcome', () =>
    withPage(browser, {}, async (page) => {
      const { back } = await opened(page, 'code');
      await page.getByTestId('codes').locator('summary').click();
      assert.match(await page.getByTestId('codes').innerText(), /111104/);
      await type(page, '111104');
      assert.equal((await back()).mdStatus, '4');
    }));

  test('a rule ends it by itself', () =>
    withPage(browser, {}, async (page) => {
      const { back } = await opened(page, 'rule', { rules: '[[rule]]\nwhen = { endpoint = "bank.*" }\nthen = { three_ds = "half", md_status = 3 }' });
      assert.equal((await back()).mdStatus, '3');
    }));

  test('over is over: looking again brings the same back', () =>
    withPage(browser, {}, async (page) => {
      const { address, back, path } = await opened(page, 'again');
      await type(page, RIGHT);
      const { hash } = await back();
      await page.goto(address);
      await page.waitForURL((url) => url.pathname === path);
      const all = shop.brought.get(path).map(({ fields }) => fields);
      assert.equal(all.length, 2);
      assert.deepEqual(all[1], all[0]);
      assert.equal(all[1].hash, hash);
    }));
});

const BUTTONS = {
  succeeds: '1', fails: '0', cancelled: '7', times_out: '7', half: '4', technical_error: '5', bad_hash: '1', wrong_order_no: '1', wrong_amount: '1',
  'half-2': '2', 'half-3': '3', 'half-4': '4', 'technical_error-5': '5', 'technical_error-6': '6', 'technical_error-7': '7', 'technical_error-8': '8'
};

describe('the test controls', { concurrency: 3 }, () => {
  for (const [button, mdStatus] of Object.entries(BUTTONS)) {
    test(button, () =>
      withPage(browser, {}, async (page) => {
        const { back } = await opened(page, 'button');
        await page.getByTestId(`outcome-${button}`).click();
        const fields = await back();
        assert.equal(fields.mdStatus, mdStatus);
        assert.equal(hashFits(fields), !['bad_hash', 'wrong_order_no'].includes(button));
        assert.equal(fields.oid === '1001', button !== 'wrong_order_no');
        assert.equal(fields.amount === '10000', button !== 'wrong_amount');
      }));
  }

  test('never_returns', () =>
    withPage(browser, {}, async (page) => {
      const { path } = await opened(page, 'never');
      await page.getByTestId('outcome-never_returns').click();
      await page.locator('[data-testid=bank-staying]').waitFor();
      await page.reload();
      await page.locator('[data-testid=bank-staying]').waitFor();
      assert.equal(shop.brought.has(path), false);
    }));

  test('every outcome has its button', () =>
    withPage(browser, {}, async (page) => {
      await opened(page, 'all');
      const ids = await page.locator('[data-testid^=outcome-]:is(button)').evaluateAll((all) => all.map((it) => it.dataset.testid.slice('outcome-'.length)));
      assert.deepEqual(new Set(ids), new Set([...Object.keys(BUTTONS), 'never_returns']));
    }));
});

describe('JavaScript is off', { concurrency: 3 }, () => {
  const off = { javaScriptEnabled: false };
  const leave = (page) => page.getByTestId('continue').click();

  test('wrong, then right, and a button leads back', () =>
    withPage(browser, off, async (page) => {
      const { back, path } = await opened(page, 'off');
      assert.equal(await page.getByRole('timer').count(), 0);
      await type(page, '654321');
      await page.getByTestId('error').waitFor();
      await type(page, RIGHT);
      await page.locator('[data-testid=bank-leaving]').waitFor();
      assert.equal(shop.brought.has(path), false);
      await leave(page);
      const fields = await back();
      assert.deepEqual([fields.mdStatus, hashFits(fields)], ['1', true]);
    }));

  for (const [id, mdStatus] of [['cancel', '7'], ['outcome-half-2', '2']]) {
    test(id, () =>
      withPage(browser, off, async (page) => {
        const { back } = await opened(page, 'off-button');
        await page.getByTestId(id).click();
        await leave(page);
        assert.equal((await back()).mdStatus, mdStatus);
      }));
  }
});

describe('in a frame', { concurrency: 3 }, () => {
  /** A page of the shop with the bank's page in it. */
  async function framed(page, name, rules) {
    const box = await sandbox(name, rules);
    const { url } = await challenge(box);
    const path = `/back/${box.name}`;
    const address = `${url}&returnUrl=${encodeURIComponent(`${shop.origin()}${path}`)}`;
    shop.on(`GET /frame/${box.name}`, () => html(`<iframe name="bank" width="500" height="900" src="${address.replaceAll('&', '&amp;')}"></iframe>`));
    await page.goto(`${shop.origin()}/frame/${box.name}`);
    return { path, bank: page.frameLocator('iframe') };
  }

  for (const javaScriptEnabled of [true, false]) {
    test(`any shop may, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, () =>
      withPage(browser, { javaScriptEnabled }, async (page) => {
        const { path, bank } = await framed(page, 'frame');
        await bank.getByTestId('otp-code').fill(RIGHT);
        await bank.getByTestId('otp-confirm').click();
        if (!javaScriptEnabled) await bank.getByTestId('continue').click();
        await bank.getByTestId('shop').waitFor();
        assert.equal(shop.only(path).fields.mdStatus, '1');
      }));
  }

  for (const frame of ['nobody', 'same_origin']) {
    test(`${frame}: the shop may not`, () =>
      withPage(browser, { policy: true }, async (page) => {
        const broken = page.waitForEvent('console', (message) => /frame-ancestors/.test(message.text()));
        const { bank } = await framed(page, 'frame-not', `[bank]\nframe = "${frame}"`);
        await broken;
        assert.equal(await bank.getByTestId('otp-code').count(), 0);
      }));
  }
});
