// A sandbox for each test, a shop that listens, and a merchant's calls to the gateway.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { attach } from 'mockpos';
import { test as base, inject } from 'vitest';

export const UNSIGNED = 'version = 1\n[craftgate]\nsignature = "off"\n';
export const CREATE = 'craftgate.card_payment.create';
const CARD = { cardHolderName: 'Deneme', cardNumber: '5258640000000001', expireYear: '2044', expireMonth: '07', cvc: '000' };

export const test = base.extend({
  server: async ({}, use) => {
    await use(await attach(inject('mockpos')));
  },

  mockpos: async ({ server, task }, use) => {
    await use(await server.sandbox(`${task.file.name} ${task.name}`));
  },

  pay: async ({ mockpos }, use) => {
    await use((more) => call(mockpos.url, more));
  },

  /** What has arrived, and where. */
  shop: async ({}, use) => {
    const heard = [];
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      if (request.method === 'POST') heard.push({ path: request.url, body });
      response.setHeader('content-type', 'text/plain; charset=utf-8').end('teşekkürler');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    await use({ heard, url: `http://127.0.0.1:${server.address().port}` });
    server.closeAllConnections();
    server.close();
  }
});

export async function call(url, { path = '', ...more } = {}) {
  const order = { price: 100, paidPrice: 100, installment: 1, currency: 'TRY', items: [{ price: 100 }], card: CARD, ...more };
  const headers = { 'content-type': 'application/json', 'x-api-key': 'api-key', 'x-rnd-key': '1', 'x-auth-version': '1' };
  const answer = await fetch(`${url}/payment/v1/card-payments${path}`, { method: 'POST', headers, body: JSON.stringify(order) });
  return { status: answer.status, ...(await answer.json()) };
}
