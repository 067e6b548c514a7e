// A shop on an origin of its own: keeps what browsers bring back, and serves what a test gives it.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

const STORE_KEY = 'mockpos-store-key';

/** What stands for a shop's page. */
export const html = (body, title = 'shop') => `<!doctype html><meta charset="utf-8"><title>${title}</title><link rel="icon" href="data:,">${body}`;

export class Shop {
  /** `POST /path` or `GET /path` -> what answers it, else a page that says where the browser is */
  routes = new Map();
  /** all that browsers brought here by POST, by path */
  brought = new Map();

  static async start() {
    const shop = new Shop();
    shop.server = createServer((request, response) => shop.serve(request, response).catch((error) => response.writeHead(500).end(String(error))));
    await new Promise((ready) => shop.server.listen(0, '127.0.0.1', ready));
    shop.port = shop.server.address().port;
    return shop;
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(done));
  }

  origin(host = 'localhost') {
    return `http://${host}:${this.port}`;
  }

  /** `answer` takes the request and says `{ status, headers, body }`, or a page's body. */
  on(route, answer) {
    this.routes.set(route, answer);
  }

  async serve(request, response) {
    const url = new URL(request.url, 'http://shop');
    let body = '';
    for await (const chunk of request) body += chunk;
    const seen = { url: request.url, query: url.searchParams, headers: request.headers, body, method: request.method };
    if (request.method === 'POST' && /urlencoded/.test(request.headers['content-type'])) {
      seen.fields = Object.fromEntries(new URLSearchParams(body));
      this.brought.set(url.pathname, [...(this.brought.get(url.pathname) ?? []), seen]);
    }
    const own = this.routes.get(`${request.method} ${url.pathname}`) ?? this.routes.get(`* ${url.pathname.split('/')[1]}`);
    const said = own ? await own(seen) : html(`<p data-testid="shop">${request.method} ${url.pathname}</p>`);
    const { status = 200, headers = {}, body: text } = typeof said === 'string' ? { body: said } : said;
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(text);
  }

  /** What one browser brought to `path`; it is there already when its page is shown. */
  only(path) {
    const all = this.brought.get(path) ?? [];
    if (all.length !== 1) throw new Error(`${all.length} posts to ${path}`);
    return all[0];
  }
}

/** Whether the hash over a return post fits the store key. */
export function hashFits(fields) {
  const covered = fields.hashParams.split(':').filter(Boolean).map((name) => fields[name] ?? '').join('');
  return createHash('sha1').update(covered + STORE_KEY).digest('base64') === fields.hash;
}

/** Whether the hash over what a gateway's payment brings back fits the callback key. */
export function callbackFits(fields) {
  const names = ['status', 'completeStatus', 'paymentId', 'conversationData', 'conversationId', 'callbackStatus'];
  const text = ['merchantThreeDsCallbackKeySndbox', ...names.map((name) => fields[name] ?? '')].join('###');
  return createHash('sha256').update(text).digest('hex') === fields.hash;
}
