// Paying with a typed card, through the gateway. Whatever is said of a payment, once, twice, late or not at all, an order
// is charged once.
import { Declined, Lost } from './gateway.js';

const THREE_D = 'Kartınız 3-D Secure ile doğrulanamadı. Hesabınızdan para çekilmedi.';

export class CardPayments {
  #gateway;
  #orders;
  #paid;

  /** `paid` is told of every order that is paid. */
  constructor({ gateway, orders, paid }) {
    this.#gateway = gateway;
    this.#orders = orders;
    this.#paid = paid;
  }

  /** Without 3-D Secure. */
  payAtOnce(order, card) {
    return this.#orders.settle(order, () =>
      this.#charged(order, () => this.#gateway.pay(order, card), () => this.#gateway.find({ conversationId: order.no }))
    );
  }

  /** The page that leads to the bank. Throws when the gateway says no. */
  async begin(order, card, callbackUrl) {
    const { paymentId, page } = await this.#gateway.begin(order, card, callbackUrl);
    order.paymentId = paymentId;
    return page;
  }

  /** The browser is back from the bank. What it brings counts only with a hash that fits. */
  async returned(order, fields) {
    // A failure names no payment; what names the order is under the hash, too.
    const ours = (await this.#gateway.isCallback(fields)) && fields.conversationId === order.no;
    if (!ours) return order;
    if (fields.status !== 'SUCCESS') {
      return this.#orders.settle(order, () => this.#orders.failed(order, THREE_D));
    }
    return this.#complete(order);
  }

  /**
   * The gateway tells it by itself. False: it was not the gateway. It is answered before anything is done about it: it may
   * be waiting for this answer before it answers what we ask it next.
   */
  async told(signature, data) {
    if (!(await this.#gateway.isWebhook(signature, data))) return false;
    const order = this.#orders.ofPayment(data.payloadId);
    if (order) this.#orders.later(() => this.#heard(order, data));
    return true;
  }

  #heard(order, { eventType, status }) {
    if (eventType !== 'THREEDS_VERIFY') return this.look(order);
    if (status === 'SUCCESS') return this.#complete(order);
    return this.#orders.settle(order, () => this.#orders.failed(order, THREE_D));
  }

  /** Asks how the payment of any order stands. Those of the wallet are known to the gateway by their order number. */
  look(order) {
    const { no, by, paymentId } = order;
    const search = by === 'wallet' ? { orderId: no } : { conversationId: no };
    const read = () => (paymentId ? this.#gateway.read(paymentId) : this.#gateway.find(search));
    return this.#orders.settle(order, () => this.#seen(order, read));
  }

  #complete(order) {
    const { paymentId } = order;
    return this.#orders.settle(order, () =>
      this.#charged(order, () => this.#gateway.complete(paymentId), () => this.#gateway.read(paymentId))
    );
  }

  /** Charges; when the answer is lost, asks whether it has happened. */
  async #charged(order, charge, read) {
    try {
      this.#settled(order, await charge());
    } catch (error) {
      if (error instanceof Declined) this.#orders.failed(order, error.message);
      else if (error instanceof Lost) await this.#seen(order, read);
      else throw error;
    }
  }

  /** Nothing is known when nobody answers: then it stays as it is, and is asked for again. */
  async #seen(order, read) {
    try {
      this.#settled(order, await read());
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
    }
  }

  #settled(order, payment) {
    if (payment?.paymentStatus === 'SUCCESS') {
      this.#orders.paid(order, { paymentId: payment.id, bank: payment.cardBankName ?? payment.cardBrand });
      this.#paid(order);
    } else if (payment?.paymentStatus === 'FAILURE') {
      this.#orders.failed(order, payment.paymentError?.errorDescription ?? THREE_D);
    }
  }
}
