// What a test starts with: a sandbox of mockpos, a shop on it, and one who buys there, by HTTP or in a browser.
import { readFileSync } from 'node:fs';
import { attach } from 'mockpos';
import { chromium } from 'playwright-core';
import { test as base, inject } from 'vitest';
import { openShop } from '../src/shop.js';

export const SCENARIO = readFileSync(new URL('../scenario.toml', import.meta.url), 'utf8');

/** A card that pays, unless a rule says otherwise. */
export const CARD = { numara: '5258 6400 0000 0001', ad: 'Deneme', ay: '07', yil: '44', cvc: '000' };
/** One of the vendor's published test cards: not enough money. */
export const POOR = { ...CARD, numara: '5100 0500 0000 6661' };

export const test = base.extend({
  server: [
    async ({}, use) => {
      await use(await attach(inject('mockpos')));
    },
    { scope: 'file' }
  ],

  browser: [
    async ({}, use) => {
      const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
      const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
      await use(browser);
      await browser.close();
    },
    { scope: 'file' }
  ],

  // Named after the test: the same ids in every run. Whatever the test was about, its payments must add up.
  mockpos: async ({ server, task }, use) => {
    const mockpos = await server.sandbox(`${task.file.name} ${task.name}`);
    await use(mockpos);
    await mockpos.verify();
  },

  shop: async ({ mockpos }, use) => {
    const shop = await openShop({
      akinonUrl: mockpos.url,
      walletUrl: mockpos.url,
      url: mockpos.url,
      apiKey: 'api-key',
      secretKey: 'secret-key',
      callbackKey: 'merchantThreeDsCallbackKeySndbox',
      webhookKey: 'Aoh7tReTybO6wOjBmOJFFsOR53SBojEp'
    });
    /** Plays the shop's scenario, with these rules on top. */
    shop.plays = (rules = '') =>
      mockpos.setScenario(`${SCENARIO}\n[[merchant]]\nwebhook_url = "${shop.url}/webhook/craftgate"\n${rules}`, { name: 'shop.toml' });
    await shop.plays();
    await use(shop);
    await shop.close();
  },

  shopper: async ({ shop }, use) => {
    await use(new Shopper(shop));
  },

  page: async ({ browser, shop }, use) => {
    const context = await browser.newContext({ locale: 'tr-TR', baseURL: shop.url });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    const wrong = [];
    page.on('pageerror', (error) => wrong.push(error));
    await use(page);
    await context.close();
    if (wrong.length) throw wrong[0];
  }
});

/** Buys by HTTP alone, as a program does. */
class Shopper {
  #cookie = '';

  constructor(shop) {
    this.shop = shop;
  }

  async post(path, fields) {
    const headers = this.#cookie ? { cookie: this.#cookie } : {};
    const answer = await fetch(this.shop.url + path, { method: 'POST', headers, body: new URLSearchParams(fields), redirect: 'manual' });
    this.#cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? this.#cookie;
    return { status: answer.status, location: answer.headers.get('location'), text: await answer.text() };
  }

  /** A product in the basket, and its payment begun. */
  async buy({ product = 1, card = CARD, threeD = true, taksit = 1 } = {}) {
    await this.post('/sepet/ekle', { urun: product });
    const answer = await this.post('/odeme/kart', { ...card, taksit, ...(threeD && { ucd: 'evet' }) });
    return { ...answer, order: this.shop.orders.list()[0] };
  }
}

/** The page that leads to the bank, followed by a program: it asks for no HTML and is led on by redirects. */
export async function goToBank(page) {
  const address = /action="([^"]+)"/.exec(page)[1];
  return fetch(address, { method: 'POST' });
}

/** In a browser: a product in the basket. */
export async function toBasket(page, product = 'Bakır cezve') {
  await page.goto('/');
  await page.getByRole('button', { name: `${product}: sepete ekle` }).click();
}

/** And on to the checkout. */
export async function toCheckout(page, product) {
  await toBasket(page, product);
  await page.getByRole('link', { name: 'Ödemeye geç' }).click();
  await page.getByRole('heading', { name: 'Ödeme' }).waitFor();
}

export const pay = (page) => page.getByRole('button', { name: /TL öde$/ }).click();

/** On the bank's page. */
export async function enterAtBank(page, code) {
  await page.waitForURL(/\/bank\/3ds\//);
  await page.getByTestId('otp-code').fill(code);
  await page.getByTestId('otp-confirm').click();
}

export const thanked = (page) => page.getByRole('heading', { name: 'Teşekkürler, siparişiniz alındı.' }).waitFor();

export async function refused(page) {
  await page.getByRole('heading', { name: 'Ödeme tamamlanamadı.' }).waitFor();
  return page.getByRole('alert').innerText();
}
