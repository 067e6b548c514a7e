// As much of a browser as lies between the bank's page and the shop: redirects, and pages that submit themselves.
'use strict';

const { send } = require('./http.cjs');

const HOPS = 6;
const SIGNS = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const plain = (text) =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name) return SIGNS[name] ?? whole;
    return String.fromCodePoint(hex ? parseInt(hex, 16) : Number(decimal));
  });

const attribute = (tag, name) => plain(new RegExp(`\\s${name}="([^"]*)"`, 'i').exec(tag)?.[1] ?? '');

/** The form that a page submits by itself: where to, and its fields. */
function ownForm(html) {
  if (!/\.submit\(\)/.test(html)) return undefined;
  const [, tag, inner] = /<form\b([^>]*)>([\s\S]*?)<\/form>/i.exec(html) ?? [];
  if (tag === undefined) return undefined;
  const inputs = inner.match(/<input\b[^>]*>/gi) ?? [];
  const fields = inputs.map((input) => [attribute(input, 'name'), attribute(input, 'value')]);
  return { action: attribute(tag, 'action'), fields: new URLSearchParams(fields) };
}

/** Posts a form, and goes on until somebody else than mockpos answers: that is the shop. */
async function submit(url, fields, home) {
  const post = (to, body) => send('POST', to, { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body });
  let at = url;
  let answer = await post(at, new URLSearchParams(fields).toString());
  for (let hop = 0; hop < HOPS && new URL(at).origin === home; hop += 1) {
    const { location } = answer.headers;
    const form = location ? undefined : ownForm(answer.text);
    if (!location && !form) break;
    at = new URL(location ?? form.action, at).href;
    answer = form ? await post(at, form.fields.toString()) : await send('GET', at);
  }
  return answer;
}

module.exports = { submit };
