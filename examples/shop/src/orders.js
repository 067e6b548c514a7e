// The shop's orders: what was bought, and how its payment stands. A real shop keeps them in a database.

export class Orders {
  #all = new Map();
  #next = 1001;
  #later = new Set();

  /** An order that waits for its payment. */
  begin({ no = `K-${this.#next++}`, ...given }) {
    const order = { no, state: 'waiting', refunded: 0, why: undefined, ...given };
    this.#all.set(no, order);
    return order;
  }

  find(no) {
    return this.#all.get(no);
  }

  ofPayment(id) {
    return [...this.#all.values()].find((order) => String(order.paymentId) === String(id));
  }

  /** Newest first. */
  list() {
    return [...this.#all.values()].reverse();
  }

  /**
   * Whoever hears first that a payment may be settled — browser, webhook, a page that is loaded anew — does `work`; the
   * others wait for that and find it done.
   */
  async settle(order, work) {
    const before = order.busy ?? Promise.resolve();
    order.busy = before.catch(() => {}).then(() => (order.state === 'waiting' ? work() : undefined));
    await order.busy;
    return order;
  }

  /** Does `work` while nobody waits for it. */
  later(work) {
    const done = Promise.resolve()
      .then(work)
      .catch(console.error)
      .finally(() => this.#later.delete(done));
    this.#later.add(done);
  }

  /** When all of that is done. */
  async idle() {
    while (this.#later.size) await Promise.all(this.#later);
  }

  paid(order, { paymentId = order.paymentId, bank, installment = order.installment } = {}) {
    Object.assign(order, { state: 'paid', paymentId, bank, installment });
  }

  failed(order, why) {
    Object.assign(order, { state: 'failed', why });
  }
}
