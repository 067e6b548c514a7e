// The commerce platform: basket, checkout pages, order. One object for each shopper, who has a session there.
import { Problem } from './web.js';

/** The pages answer in English; what a customer is told is Turkish. */
const SAID = [
  [/3-D Secure/i, 'Kartınız 3-D Secure ile doğrulanamadı. Hesabınızdan para çekilmedi.'],
  [/expired/i, 'Ödeme süresi doldu. Lütfen yeniden deneyin.'],
  [/completed/i, 'Bankanız ödemeyi onaylamadı. Başka bir kartla deneyebilirsiniz.']
];

/** The steps before paying, and the choice of each that the shop makes for its customer. */
const FIRST = {
  DeliveryOptionSelectionPage: ({ delivery_options: [it] }) => ({ delivery_option: it.pk }),
  AddressSelectionPage: ({ addresses: [it] }) => ({ shipping_address: it.pk, billing_address: it.pk }),
  ShippingOptionSelectionPage: ({ shipping_options: [it] }) => ({ shipping_option: it.pk })
};

export class Akinon {
  #base;
  #cookie;

  /** `cookie` is the session of a shopper who was here before. */
  constructor(base, cookie) {
    this.#base = base;
    this.#cookie = cookie;
  }

  async basket() {
    return (await this.#call('GET', '/baskets/basket/')).basket;
  }

  async add(product) {
    return (await this.#call('POST', '/baskets/basket/', { product, quantity: 1 })).basket;
  }

  async set(product, quantity) {
    return (await this.#call('PUT', '/baskets/basket/', { product, quantity })).basket;
  }

  /** Empties the basket: it was paid for elsewhere. */
  async clear() {
    await this.#call('DELETE', '/baskets/basket/');
  }

  /** The payment option of that slug is chosen. What comes before it is chosen as the platform offers it first. */
  async pay(slug) {
    let answer = await this.#call('GET', '/orders/checkout/');
    for (const [name, choose] of Object.entries(FIRST)) {
      const open = answer.context_list.at(-1);
      if (open?.page_name === name) answer = await this.#page(name, choose(open.page_context));
    }
    const page = answer.context_list.find((it) => it.page_name === 'PaymentOptionSelectionPage');
    const option = page?.page_context.payment_options.find((it) => it.slug === slug);
    if (!option) throw new Problem(409, 'Bu ödeme yöntemi şu anda kullanılamıyor.');
    await this.#page('PaymentOptionSelectionPage', { payment_option: option.pk });
  }

  /** A token of the wallet: for the cards, and after `order` for paying. */
  async walletToken() {
    const answer = await this.#call('GET', '/orders/masterpass-rest-token/?three_d=false&msisdn_validated=true');
    return { token: answer.token, msisdn: answer.msisdn };
  }

  /** What a card offers. */
  async installments(bin) {
    const answer = await this.#page('MasterpassRestBinNumberPage', { bin_number: bin, is_masterpass_stored_card: true });
    const { installments, card_type: program } = answer.context_list[0].page_context;
    return { installments, program: program?.name };
  }

  /** An order number, and what is to be paid under it. The wallet decides whether the bank asks for 3-D Secure. */
  async order(installment) {
    await this.#page('MasterpassRestInstallmentPage', { installment });
    const answer = await this.#page('MasterpassRestOrderNoPage', { use_three_d: false });
    return { orderNo: answer.context_list[0].page_context.order_no, amount: answer.pre_order.unpaid_amount };
  }

  /**
   * The order, from what the wallet or the bank said. An answer that is lost is asked for again: the same token gives the
   * same order, and charges once.
   */
  async complete({ token, threeD, fields }) {
    const query = new URLSearchParams({ page: 'MasterpassRestCompletePage', responseCode: '0000', token, three_d_secure: threeD });
    const post = () => this.#call('POST', `/orders/checkout/?${query}`, fields);
    const answer = this.#said(await post().catch((error) => (error instanceof Problem ? Promise.reject(error) : post())));
    const thanks = answer.context_list.find((it) => it.page_name === 'ThankYouPage');
    if (!thanks) throw new Problem(402, 'Ödeme tamamlanamadı. Lütfen yeniden deneyin.');
    return (await this.#call('GET', `${thanks.page_context.redirect_url}?format=json`)).order;
  }

  async #page(name, fields) {
    return this.#said(await this.#call('POST', `/orders/checkout/?page=${name}`, fields));
  }

  /** Refusals come as 200 with errors in them. */
  #said(answer) {
    const errors = answer.errors && Object.values(answer.errors).flat().join(' ');
    if (!errors) return answer;
    const known = SAID.find(([pattern]) => pattern.test(errors));
    throw new Problem(402, known?.[1] ?? 'Ödeme tamamlanamadı. Lütfen yeniden deneyin.');
  }

  async #call(method, path, fields) {
    const headers = { 'x-requested-with': 'XMLHttpRequest', accept: 'application/json' };
    if (this.#cookie) headers.cookie = this.#cookie;
    const body = fields && new URLSearchParams(fields);
    const answer = await fetch(this.#base + path, { method, headers, body, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) if (line.startsWith('osessionid=')) this.#cookie = line.split(';')[0];
    const text = await answer.text();
    if (answer.status >= 400) throw new Problem(502, 'Mağaza altyapısı şu anda yanıt vermiyor. Lütfen biraz sonra deneyin.');
    return text ? JSON.parse(text) : {};
  }
}
