// A 3-D Secure challenge: what a test may do in the place of the card's holder.
'use strict';

const { submit } = require('./browser.cjs');
const { MockposError } = require('./errors.cjs');
const { snakes } = require('./words.cjs');

class Challenge {
  #sandbox;
  #which;

  constructor(sandbox, which) {
    this.#sandbox = sandbox;
    this.#which = which;
  }

  /** As it stands. */
  async read() {
    return this.#sandbox.ask('GET', `challenges/${await this.#id()}`);
  }

  /** Ends it, by an outcome or by a code. */
  async finish(how) {
    return this.#sandbox.ask('POST', `challenges/${await this.#id()}`, { json: snakes(how) });
  }

  /** Ends it, and goes back to the shop as the browser would; without `how` it has ended before. The shop's answer. */
  async bringBack(how) {
    const ended = how ? await this.finish(how) : await this.read();
    if (!ended.return) {
      const hint = 'it is open, or nobody has said where to, or the outcome is that nobody comes back';
      throw new MockposError(`challenge ${ended.id}: the browser brings nothing back`, { hint, body: ended });
    }
    const { url, fields } = ended.return;
    return submit(url, fields, new URL(this.#sandbox.url).origin);
  }

  async #id() {
    if (typeof this.#which === 'string') return this.#which;
    const filter = { status: 'open', ...this.#which };
    const found = await this.#sandbox.challenges(filter);
    if (found.length === 1) return found[0].id;
    const ids = found.map(({ id, order_no, amount }) => `${id} (order ${order_no}, ${amount})`);
    throw new MockposError(
      found.length ? `there are ${found.length} such challenges: ${ids.join(', ')}` : 'there is no such challenge',
      { hint: 'name one by its id, or by `{ orderNo }`; `challenges()` lists all', body: found }
    );
  }
}

module.exports = { Challenge };
