// A shopper's browser with scripts on: follows the pages' own forms until one leads to the merchant.

const ENTITIES = { amp: '&', quot: '"', lt: '<', gt: '>' };

const unescape = text => text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
  if (name) return ENTITIES[name] ?? whole;
  return String.fromCodePoint(hex ? parseInt(hex, 16) : parseInt(decimal, 10));
});

const attributes = tag => Object.fromEntries(
  [...tag.matchAll(/([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/g)]
    .map(([, name, ...values]) => [name.toLowerCase(), unescape(values.find(value => value !== undefined))]));

// The first form of a page: where it leads, how, and its fields.
export function form(html) {
  const found = /<form([^>]*)>([\s\S]*?)<\/form>/i.exec(html);
  if (!found) throw new Error(`a page without a form: ${html.slice(0, 300)}`);
  const { action = '', method = 'get' } = attributes(found[1]);
  const fields = {};
  for (const [tag, kind] of found[2].matchAll(/<(input|button|select)\b[^>]*>/gi)) {
    const { name, value = '', type } = attributes(tag);
    if (!name || name in fields) continue; // of several buttons the first is pressed
    if ((type === 'radio' || type === 'checkbox') && !/\schecked\b/i.test(tag)) continue;
    if (kind.toLowerCase() !== 'select') fields[name] = value;
  }
  return { action, method: method.toLowerCase(), fields };
}

// What the shopper types where the bank's page asks for a password.
const PASSWORD = { otp: '123456' };

const fetchPage = async (address, options) => {
  const answer = await fetch(address, { headers: { accept: 'text/html' }, ...options });
  const html = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status} from ${new URL(address).pathname}: ${html.slice(0, 300)}`);
  return { html, address: answer.url };
};

export const open = address => fetchPage(address);

// From a page to the fields that reach `callback`. `fill` is typed into fields of these names, and
// the password.
export async function toMerchant(page, callback, fill = {}) {
  for (let hop = 0; hop < 8; hop += 1) {
    const { action, method, fields } = form(page.html);
    for (const [name, value] of Object.entries({ ...PASSWORD, ...fill })) if (name in fields) fields[name] = value;
    const address = new URL(action, page.address);
    if (address.href.startsWith(callback)) return { fields, address, method };
    const body = new URLSearchParams(fields);
    page = method === 'post'
      ? await fetchPage(address, { method, body })
      : await fetchPage(`${address}${address.search ? '&' : '?'}${body}`);
  }
  throw new Error('eight pages, and none leads to the merchant');
}
