// As much of a browser as the package's client code touches: cookies, an address, fetch with relative URLs.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const bundle = require.resolve('../node_modules/.shop/client.cjs');
const NodeRequest = globalThis.Request;
const nodeFetch = globalThis.fetch;

export class Browser {
  /** name -> { value, httpOnly } */
  cookies = new Map();
  /** where the client code sent the browser */
  visits = [];

  constructor(origin) {
    this.origin = origin;
    this.href = `${origin}/orders/checkout/`;
  }

  /** A cookie header each, as browsers read them: what stands after a comma is no second cookie. */
  keep(headers) {
    for (const line of headers) {
      const [pair, ...attributes] = line.split(';').map((part) => part.trim());
      const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
      const attribute = (key) => attributes.find((a) => a.toLowerCase().startsWith(key));
      const expires = attribute('expires=')?.slice('expires='.length);
      if (attribute('max-age=0') || (expires && new Date(expires) < new Date())) this.cookies.delete(name);
      else this.cookies.set(name, { value, httpOnly: Boolean(attribute('httponly')) });
    }
  }

  cookieHeader(visible = () => true) {
    const shown = [...this.cookies].filter(([, cookie]) => visible(cookie));
    return shown.map(([name, { value }]) => `${name}=${value}`).join('; ');
  }

  fetch = async (input, init = {}) => {
    const request = new NodeRequest(typeof input === 'string' ? new URL(input, this.href) : input, init);
    request.headers.set('referer', this.href);
    if (this.cookies.size) request.headers.set('cookie', this.cookieHeader());
    const answer = await nodeFetch(request);
    this.keep(answer.headers.getSetCookie());
    return answer;
  };

  /** Opens a page as a browser does, and stays where it is sent. */
  open(path, init = {}) {
    const headers = { accept: 'text/html', ...init.headers };
    return this.fetch(path, { redirect: 'manual', ...init, headers });
  }

  /** A page of the shop is loaded: the client code begins anew, with this browser around it. */
  load() {
    const browser = this;
    const location = {
      get href() {
        return browser.href;
      },
      set href(to) {
        browser.visits.push(to);
      },
      get origin() {
        return browser.origin;
      },
      get pathname() {
        return new URL(browser.href).pathname;
      },
      reload() {}
    };
    const document = {
      get cookie() {
        return browser.cookieHeader(({ httpOnly }) => !httpOnly);
      },
      set cookie(line) {
        browser.keep([line]);
      },
      addEventListener() {},
      visibilityState: 'visible'
    };
    const kept = new Map();
    const localStorage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
    class RelativeRequest extends NodeRequest {
      constructor(input, init) {
        super(typeof input === 'string' ? new URL(input, browser.href) : input, init);
      }
    }
    const globals = {
      window: globalThis,
      document,
      location,
      localStorage,
      navigator: { userAgent: 'Mozilla/5.0 (X11; Linux x86_64)' },
      addEventListener() {},
      Request: RelativeRequest,
      fetch: browser.fetch
    };
    for (const [name, value] of Object.entries(globals)) {
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    }
    delete require.cache[bundle];
    return require(bundle);
  }
}
