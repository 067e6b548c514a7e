// From the way JavaScript writes things to the way mockpos does.
'use strict';

const { createHash } = require('node:crypto');

/** `orderNo` → `order_no`; what is in mockpos' words already stays. */
const snake = (word) => word.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** An object with its keys in mockpos' words, without those that are undefined. */
const snakes = (given = {}) =>
  Object.fromEntries(
    Object.entries(given)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [snake(key), value])
  );

/** `15m` stays, 900000 is milliseconds. */
const span = (given) => (typeof given === 'number' ? `${Math.round(given)}ms` : given);

/** A name for a sandbox from any text: the same text, the same name; other texts, other names. */
function sandboxName(text) {
  if (/^[A-Za-z0-9_-]{1,64}$/.test(text)) return text;
  const plain = text.normalize('NFKD').replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 48);
  return `${plain || 'test'}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
}

module.exports = { snake, snakes, span, sandboxName };
