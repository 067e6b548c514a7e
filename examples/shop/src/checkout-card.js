// Paying with a card that is typed in. The form needs no script.
import { Lost } from './gateway.js';
import * as views from './views.js';
import { Problem, json, page, seeOther } from './web.js';

const NO_ANSWER = 'Ödeme kuruluşu şu anda yanıt vermiyor. Lütfen biraz sonra yeniden deneyin.';

export function cardCheckout(shop) {
  return {
    'POST /odeme/kart/taksitler': async (call) => {
      const { total } = await shop.basket(shop.session(call));
      const { program, installments } = await shop.gateway.installments(call.body.bin, total);
      return json({ program, html: String(views.installments(installments.map((it) => ({ id: it.count, ...it })))) });
    },

    'POST /odeme/kart': async (call) => {
      const session = shop.session(call);
      const { total, lines } = await shop.basket(session);
      if (lines.length === 0) return seeOther('/sepet');
      const card = read(call.body);
      const count = Number(call.body.taksit || 1);
      const order = await shop.order(session, { by: 'card', installment: count });
      try {
        if (count > 1) order.paid = await priceOf(card.cardNumber.slice(0, 6), { total, count });
        if (call.body.ucd !== 'evet') {
          await shop.cards.payAtOnce(order, card);
          return seeOther(`/siparis/${order.no}`);
        }
        return page(await shop.cards.begin(order, card, `${shop.url}/odeme/kart/donus/${order.no}`));
      } catch (error) {
        const known = error instanceof Lost ? new Problem(503, NO_ANSWER) : error;
        if (!(known instanceof Problem)) throw error;
        shop.orders.failed(order, known.message);
        return seeOther(`/siparis/${order.no}`);
      }
    },

    // The browser comes from the bank, by way of the gateway.
    'POST /odeme/kart/donus/:no': async (call) => {
      const order = shop.orders.find(call.params.no);
      if (!order) throw new Problem(404, 'Böyle bir sipariş yok.');
      await shop.cards.returned(order, call.body);
      return seeOther(`/siparis/${order.no}`);
    },

    'POST /webhook/craftgate': async (call) => {
      const ours = await shop.cards.told(call.headers['x-cg-signature-v1'], call.body);
      return json({ ok: ours }, ours ? 200 : 401);
    }
  };

  /** What is to be paid in so many parts: asked again, for what a browser says of prices counts nothing. */
  async function priceOf(bin, { total, count }) {
    const { installments } = await shop.gateway.installments(bin, total);
    const found = installments.find((it) => it.count === count);
    if (!found) throw new Problem(422, 'Bu kartla seçtiğiniz taksit sayısı kullanılamıyor.');
    return found.total;
  }
}

/** The card of the form. */
function read({ numara = '', ad = '', ay = '', yil = '', cvc = '' }) {
  const cardNumber = numara.replace(/\D/g, '');
  const right = /^\d{15,19}$/.test(cardNumber) && /^(0[1-9]|1[0-2])$/.test(ay) && /^\d{2}$/.test(yil) && /^\d{3,4}$/.test(cvc);
  if (!right || !ad.trim()) throw new Problem(422, 'Kart bilgileri eksik ya da hatalı.');
  return { cardHolderName: ad.trim(), cardNumber, expireMonth: ay, expireYear: `20${yil}`, cvc };
}

