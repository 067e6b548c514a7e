// The payment gateway, through its official SDK.
import sdk from '@craftgate/craftgate';
import { kurus, number } from './money.js';
import { Problem } from './web.js';

/** The gateway said no; `group` is why, as it names it. */
export class Declined extends Problem {
  constructor(error) {
    super(402, error.getErrorDescription() ?? 'Bankanız ödemeyi onaylamadı.');
    this.group = error.getErrorData()?.errorGroup;
  }
}

/** Nobody knows whether it has happened. */
export class Lost extends Error {}

/** The SDK throws its own error for what the gateway has answered, and another where there was no answer. */
async function asked(answer) {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof sdk.CraftgateError) throw new Declined(error);
    throw new Lost('the gateway did not answer', { cause: error });
  }
}

export class Gateway {
  #client;
  #keys;

  constructor({ url, apiKey, secretKey, callbackKey, webhookKey }) {
    this.#client = new sdk.Client({ apiKey, secretKey, baseUrl: url, language: 'tr' });
    this.#keys = { callbackKey, webhookKey };
  }

  /** What a card offers for that amount. */
  async installments(bin, amount) {
    const search = { binNumber: bin, price: number(amount), currency: 'TRY' };
    const { items } = await asked(this.#client.installment().searchInstallments(search));
    const [found] = items;
    const prices = found?.installmentPrices ?? [{ installmentNumber: 1, totalPrice: number(amount), installmentPrice: number(amount) }];
    return {
      program: found?.cardBrand,
      installments: prices.map((it) => ({ count: it.installmentNumber, total: kurus(it.totalPrice), monthly: kurus(it.installmentPrice) }))
    };
  }

  /** Pays at once. */
  pay(order, card) {
    return asked(this.#client.payment().createPayment({ ...request(order), card }));
  }

  /** Begins 3-D Secure: the page that leads the browser to the bank. */
  async begin(order, card, callbackUrl) {
    const begun = await asked(this.#client.payment().init3DSPayment({ ...request(order), card, callbackUrl }));
    return { paymentId: begun.paymentId, page: Buffer.from(begun.htmlContent, 'base64').toString('utf8') };
  }

  /** Charges, after 3-D Secure. */
  complete(paymentId) {
    return asked(this.#client.payment().complete3DSPayment({ paymentId }));
  }

  read(paymentId) {
    return asked(this.#client.paymentReporting().retrievePayment(paymentId));
  }

  /** The payment that fits `search`; undefined: there is none. */
  async find(search) {
    const found = await asked(this.#client.paymentReporting().searchPayments(search));
    return found.items[0];
  }

  /** Gives so much back, of one item after the other. */
  async refund(paymentId, amount) {
    const payment = await this.read(paymentId);
    let rest = amount;
    for (const item of payment.paymentTransactions) {
      const part = Math.min(rest, kurus(item.refundablePrice ?? item.paidPrice));
      if (part === 0) continue;
      const refund = { paymentTransactionId: item.id, refundPrice: number(part), conversationId: payment.conversationId };
      await asked(this.#client.payment().refundPaymentTransaction(refund));
      rest -= part;
    }
    return this.read(paymentId);
  }

  isCallback(fields) {
    return this.#client.payment().is3DSecureCallbackVerified(this.#keys.callbackKey, fields);
  }

  isWebhook(signature, data) {
    return this.#client.hook().isWebhookVerified(this.#keys.webhookKey, signature ?? '', data);
  }
}

/** What is bought. The prices of the items add up to that of the order; what the customer pays may hold interest. */
const request = (order) => ({
  price: number(order.total),
  paidPrice: number(order.paid),
  installment: order.installment,
  currency: 'TRY',
  paymentGroup: 'LISTING_OR_SUBSCRIPTION',
  conversationId: order.no,
  items: order.lines.map((line) => ({ name: line.name, externalId: line.sku, price: number(line.total) }))
});
