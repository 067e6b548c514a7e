// A shop in front of a mockpos, and a shopper's browser in front of the shop.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Browser } from './browser.mjs';
import { said, startMockpos } from './mockpos.mjs';

const bundle = fileURLToPath(new URL('../node_modules/.shop/server.cjs', import.meta.url));
const ask = globalThis.fetch;

/** Runs `story` with a shop whose backend is a mockpos that plays `rules`. */
export async function withShop({ rules = '', sandbox = '' }, story) {
  const mockpos = await startMockpos(rules, sandbox);
  const server = fork(bundle, {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      LOG_LEVEL: 'error',
      NEXTAUTH_SECRET: 'for-this-test',
      SERVICE_BACKEND_URL: mockpos.at
    },
    silent: true
  });
  let log = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (text) => (log += text));
  try {
    const died = once(server, 'exit').then(() => Promise.reject(new Error('the shop ended')));
    const [{ url }] = await Promise.race([once(server, 'message'), died]);
    died.catch(() => {});
    const shop = new Shop(mockpos, url);
    await story(shop);
    await shop.settled();
    shop.wireIsSound();
  } catch (error) {
    console.error(log);
    throw error;
  } finally {
    server.disconnect();
    mockpos.stop();
  }
}

class Shop {
  /** every request of the package to mockpos, with its answer */
  wire = [];

  constructor(mockpos, url) {
    this.mockpos = mockpos;
    this.url = url;
    this.browser = new Browser(url);
  }

  /** The first page: the middlewares set language, currency and CSRF token. Then the client code runs. */
  async arrive() {
    const answer = await this.browser.open('/');
    assert.equal(answer.status, 200);
    const { store, api, ...rest } = this.browser.load();
    Object.assign(this, { store, api, ...rest });
    await this.seen();
    return answer.json();
  }

  get checkout() {
    return this.store.getState().checkout;
  }

  /** Calls an endpoint of the package by name, and waits until all that follows from it has come to rest. */
  async call(name, argument, options) {
    const result = await this.store.dispatch(this.api.endpoints[name].initiate(argument, options));
    await this.settled();
    return result;
  }

  /** Waits until the client has nothing under way: no answer is awaited, and none set off another request. */
  async settled() {
    for (let quiet = 0, count = -1; quiet < 3; ) {
      await pause(20);
      const { queries, mutations } = this.store?.getState().api ?? {};
      const pending = [queries, mutations].some((all) => Object.values(all ?? {}).some((c) => c?.status === 'pending'));
      this.wire.push(...(await (await ask(`${this.url}/upstream`)).json()));
      assert.ok(this.wire.length < 100, `the client does not come to rest: ${this.wire.slice(-5).map((c) => c.target)}`);
      quiet = !pending && this.wire.length === count ? quiet + 1 : 0;
      count = this.wire.length;
    }
  }

  /**
   * Posts a page as a payment plugin does: by an endpoint of its own in the package's api, whose answers go through the
   * package's middlewares. This version comes without a plugin for the Rest pages.
   */
  async step(page, body, query = '') {
    const { api, buildClientRequestUrl } = this;
    const url = buildClientRequestUrl(`/orders/checkout/?page=${page}${query}`, { useFormData: true });
    const endpoints = (build) => ({ [page]: build.mutation({ query: () => ({ url, method: 'POST', body }) }) });
    api.injectEndpoints({ endpoints, overrideExisting: true });
    return this.call(page);
  }

  /** Posts one of the vendor's page documents through the package's proxy, as they print it. */
  async post(page, body, query = '') {
    const url = this.buildClientRequestUrl(`/orders/checkout/?page=${page}${query}`);
    const answer = await this.browser.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body)
    });
    return { status: answer.status, ...(await answer.json()) };
  }

  async get(path) {
    return (await this.browser.fetch(this.buildClientRequestUrl(path))).json();
  }

  /** The calls that mockpos saw since the last time, in a few words. */
  async seen() {
    const entries = (await this.mockpos.journal()).map((entry) => said(entry));
    const fresh = entries.slice(this.read ?? 0);
    this.read = entries.length;
    return fresh;
  }

  /** What holds for every answer, whatever was asked. contract: akinon, "Transport rules" */
  wireIsSound() {
    for (const call of this.wire) {
      const what = `${call.method} ${call.target}`;
      assert.ok(call.cookies <= 1, `${what}: ${call.cookies} cookies`);
      assert.equal(call.redirect, null, `${what}: ${call.redirect}`);
      if (call.status === 200 && call.headers.accept === 'application/json') {
        const text = call.target.startsWith('/orders/contract/') || call.target.startsWith('/orders/redirect-three-d/');
        assert.match(call.type, text ? /html/ : /json/, what);
      }
    }
  }
}
