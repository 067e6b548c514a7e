// The running mockpos, a sandbox for each test.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

const { MOCKPOS_URL } = process.env;
const names = new Map();

/** The loopback names that browsers take for two sites. */
export const HOSTS = ['127.0.0.1', 'localhost'];

/** Makes a sandbox of its own for a test, which plays `rules` on top of the default scenario. */
export async function sandbox(name, rules = '', host = HOSTS[0]) {
  const count = (names.get(name) ?? 0) + 1;
  names.set(name, count);
  const made = new Sandbox(`${name}-${count}`, host);
  if (rules) await made.play(rules);
  return made;
}

class Sandbox {
  constructor(name, host) {
    const url = new URL(MOCKPOS_URL);
    url.hostname = host;
    this.name = name;
    this.origin = url.origin;
    /** the base of all its addresses, as browsers know it */
    this.at = `${url.origin}/~${name}`;
  }

  async admin(method, path, body, type = 'application/json') {
    const sent = body === undefined ? {} : { headers: { 'content-type': type }, body: type === 'application/json' ? JSON.stringify(body) : body };
    const answer = await fetch(`${MOCKPOS_URL}/~${this.name}/__mockpos/${path}`, { method, ...sent });
    const text = await answer.text();
    assert.equal(answer.status, 200, `${method} ${path}: ${text}`);
    return answer.headers.get('content-type').includes('json') ? JSON.parse(text) : text;
  }

  play(rules) {
    return this.admin('PUT', 'scenario', `version = 1\n${rules}`, 'application/toml');
  }

  /** Its time stands still, and moves on by this. */
  advance(by) {
    return this.admin('POST', 'clock/advance', { by });
  }

  /** What it was asked, oldest first, without what was asked of the admin. */
  async journal() {
    const { entries } = await this.admin('GET', 'journal');
    return entries.filter(({ target }) => !target.includes('/__mockpos/')).sort((a, b) => a.n - b.n);
  }

  async challenges() {
    return (await this.admin('GET', 'challenges')).challenges;
  }

  /** The wallet's token for a page, as a merchant's backend asks for it. */
  async walletToken(phone, orderNo) {
    const answer = await fetch(`${this.at}/merchant/api/token/generate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', clientid: 'mockpos-merchant', secret: 'mockpos-secret', granttype: 'client_credentials' },
      body: JSON.stringify({ UserId: '1', AccountKey: phone, OrderNo: orderNo, IsMsisdnValidated: true, CurrencyCode: 'TRY' })
    });
    const { result } = await answer.json();
    assert.equal(answer.status, 200);
    return result.accessToken;
  }

  /** The wallet's completion, as a merchant's backend asks for it: its body. */
  async walletComplete(bearer, { token, orderNo, amount = '10000' }) {
    const answer = await fetch(`${this.at}/payment/api/Payment/complete`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: bearer },
      body: JSON.stringify({ Amount: amount, MerchantId: 'mockpos-merchant', OrderId: orderNo, AccountKey: HOLDER, InstallmentCount: 1, Token: token })
    });
    return answer.json();
  }

  /** A call of the gateway, signed. */
  async gateway(method, path, body) {
    const text = body === undefined ? '' : JSON.stringify(body);
    const url = `${this.at}${path}`;
    const signature = createHash('sha256').update(`${url}api-keysecret-keyrandom${text}`).digest('base64');
    const answer = await fetch(url, {
      method,
      headers: { 'content-type': 'application/json', 'x-api-key': 'api-key', 'x-rnd-key': 'random', 'x-auth-version': 'v1', 'x-signature': signature },
      body: text || undefined
    });
    const said = await answer.json();
    assert.equal(answer.status, 200, `${path}: ${JSON.stringify(said)}`);
    return said.data;
  }
}

/** The holder with a saved card for every outcome. */
export const HOLDER = '905551110020';

/** Begins 3-D Secure with the wallet, by plain calls, for pages of the bank: the address without a way back. */
export async function challenge(sandbox, { orderNo = '1001', installmentCount = 1, amount = 10_000, cardAlias = 'THREE D', phone = HOLDER } = {}) {
  const bearer = await sandbox.walletToken(phone, orderNo);
  const answer = await fetch(`${sandbox.at}/payment/api/Payment/request`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: bearer },
    body: JSON.stringify({ accountKey: phone, amount, cardAlias, orderNo, installmentCount, merchantId: 'mockpos-merchant' })
  });
  const { result, exception } = await answer.json();
  assert.equal(answer.status, 202, JSON.stringify(exception));
  return { url: result.url3d, bearer, token: result.token };
}

/** A card payment of the gateway. */
export const CARD = { cardHolderName: 'Haluk Demir', cardNumber: '5258640000000001', expireYear: '2044', expireMonth: '07', cvc: '000' };
