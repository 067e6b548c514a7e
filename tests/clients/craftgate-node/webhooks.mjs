// A merchant's server that hears of things by itself, and believes what the SDK's own check believes.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { open, toMerchant } from './browser.mjs';
import { CALLBACK, WEBHOOK_KEY, cardOrder, page64 } from './story.mjs';

// What arrives, one after the other; each is answered 200 once it has been read.
class Receiver {
  #server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    response.end('ok');
    const told = { data: JSON.parse(body), signature: request.headers['x-cg-signature-v1'], path: request.url };
    const waiting = this.#waiting.shift();
    if (waiting) waiting(told);
    else this.#told.push(told);
  });
  #told = [];
  #waiting = [];

  async listen() {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  next() {
    const told = this.#told.shift();
    return told ? Promise.resolve(told) : new Promise(resolve => this.#waiting.push(resolve));
  }

  get quiet() { return this.#told.length === 0; }

  close() { this.#server.close(); }
}

export async function webhooks({ raw, client, base }) {
  const sandbox = `${base}/~webhooks-node`;
  const receiver = new Receiver();
  const home = await receiver.listen();
  const admin = async (method, path, body, type = 'application/json') => {
    const answer = await fetch(`${sandbox}/__mockpos/${path}`, { method, body, headers: body ? { 'content-type': type } : {} });
    assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.clone().text()}`);
    return answer.json();
  };
  const play = rules => admin('PUT', 'scenario', `version = 1\n[[merchant]]\nwebhook_url = "${home}/hook"\n${rules}`, 'application/toml');
  const there = client({ baseUrl: sandbox });
  const verified = told => raw.hook().isWebhookVerified(WEBHOOK_KEY, told.signature, told.data);
  const heard = async (eventType, payloadId, status = 'SUCCESS') => {
    const told = await receiver.next();
    assert.deepEqual({ ...told.data, eventTime: undefined, eventTimestamp: undefined },
      { eventType, payloadId: String(payloadId), status, eventTime: undefined, eventTimestamp: undefined });
    assert.equal(new Date(`${told.data.eventTime}+03:00`).getTime(), told.data.eventTimestamp * 1000);
    assert.equal(await verified(told), true, JSON.stringify(told));
    assert.equal(await verified({ ...told, data: { ...told.data, payloadId: '0' } }), false);
  };
  try {
    await play('');
    const paid = await there.payment().createPayment(cardOrder());
    await heard('API_AUTH', paid.id);
    const refund = await there.payment().refundPaymentTransaction({ paymentTransactionId: paid.paymentTransactions[0].id, refundPrice: 10 });
    await heard('REFUND_TX', refund.id);

    const init = await there.payment().init3DSPayment(cardOrder({ callbackUrl: CALLBACK }));
    await toMerchant(page64(init.htmlContent, base), 'http://shop.example/');
    await heard('THREEDS_VERIFY', init.paymentId);
    await there.payment().complete3DSPayment({ paymentId: init.paymentId });
    await heard('API_AUTH', init.paymentId);

    const { token, pageUrl } = await there.payment().initCheckoutPayment({
      ...cardOrder(), card: undefined, callbackUrl: CALLBACK, paymentGroup: 'PRODUCT', merchantWebhookUrl: `${home}/form`
    });
    const card = { cardNumber: '5258640000000001', cardHolderName: 'Haluk Demir', expireMonth: '07', expireYear: '2044', cvc: '000' };
    await toMerchant(await open(pageUrl), 'http://shop.example/', { ...card, method: 'card', installment: '1', action: 'pay' });
    await heard('CHECKOUTFORM_AUTH', token);
    assert.deepEqual(await receiver.next(), { data: { token }, signature: undefined, path: '/form' });

    await play('[[rule]]\nthen = { webhook = { bad_signature = true, duplicate = 1 } }');
    await there.payment().createPayment(cardOrder());
    const twice = [await receiver.next(), await receiver.next()];
    assert.deepEqual(twice[0], twice[1]);
    assert.equal(await verified(twice[0]), false);

    await play('[[rule]]\nthen = { webhook = { send = "held" } }');
    const held = await there.payment().createPayment(cardOrder());
    await admin('POST', 'clock/advance', '{"by":"1h"}');
    assert.ok(receiver.quiet);
    const list = (await admin('GET', 'webhooks')).webhooks;
    assert.equal(list.at(-1).state, 'held');
    await admin('POST', `webhooks/${list.at(-1).id}/release`);
    await heard('API_AUTH', held.id);
  } finally {
    receiver.close();
  }
}
