// Paying with a card of the Masterpass wallet: the commerce platform gives order number and token, the browser talks with
// the wallet (public/odeme.js), and what comes of that is brought back here.
import { kurus } from './money.js';
import * as views from './views.js';
import { Problem, json, page, seeOther } from './web.js';

const FAILED = 'Kartınız 3-D Secure ile doğrulanamadı. Hesabınızdan para çekilmedi.';

export function walletCheckout(shop) {
  const session = (call) => {
    const found = shop.session(call);
    if (!found) throw new Problem(409, 'Sepetiniz boş.');
    return found;
  };

  return {
    'GET /odeme': async (call) => {
      const here = shop.session(call);
      const basket = await shop.basket(here);
      if (basket.lines.length === 0) return seeOther('/sepet');
      await here.akinon.pay('mp_rest');
      const wallet = await here.akinon.walletToken().catch(() => undefined);
      return page(views.checkout({ basket, wallet, walletUrl: shop.walletUrl, problem: call.query.sorun }));
    },

    'POST /odeme/masterpass/taksitler': async (call) => {
      const { installments, program } = await session(call).akinon.installments(call.body.bin);
      const rows = installments.map((it) => ({
        id: it.pk,
        count: it.installment_count,
        total: kurus(it.price_with_accrued_interest),
        monthly: kurus(it.monthly_price_with_accrued_interest)
      }));
      return json({ program, html: String(views.installments(rows)) });
    },

    'POST /odeme/masterpass': async (call) => {
      const here = session(call);
      const { orderNo, amount } = await here.akinon.order(call.body.taksit);
      const { token, msisdn } = await here.akinon.walletToken();
      const paid = kurus(amount);
      const installment = Number(call.body.adet);
      await shop.order(here, { no: orderNo, by: 'wallet', paid, installment });
      return json({ orderNo, amount: paid, installment, token, msisdn, returnUrl: `${shop.url}/odeme/masterpass/donus/${orderNo}` });
    },

    // The wallet was content with the card, or with a password.
    'POST /odeme/masterpass/tamamla/:no': async (call) => {
      const order = shop.orders.find(call.params.no);
      if (!order) throw new Problem(404, 'Böyle bir sipariş yok.');
      const { token } = call.body;
      await complete(order, { token, threeD: false, fields: { token, transactionType: 'PURCHASE' } });
      return json({ to: `/siparis/${order.no}` });
    },

    // The browser comes from the bank's page, with or without our cookie: the order is in the address.
    'POST /odeme/masterpass/donus/:no': async (call) => {
      const order = shop.orders.find(call.params.no);
      if (!order) throw new Problem(404, 'Böyle bir sipariş yok.');
      const fields = { ...call.query, ...call.body };
      if (fields.responseCode === '0000') await complete(order, { token: fields.token, threeD: true, fields: call.body });
      else await shop.orders.settle(order, () => shop.orders.failed(order, FAILED));
      return seeOther(`/siparis/${order.no}`);
    }
  };

  function complete(order, result) {
    return shop.orders.settle(order, async () => {
      try {
        const made = await order.session.akinon.complete(result);
        shop.orders.paid(order, { bank: made.bank?.name, installment: made.installment_count ?? order.installment });
      } catch (error) {
        if (error instanceof Problem) shop.orders.failed(order, error.message);
        // Nobody answers: it stays open, and the order's page asks how it stands.
      }
    });
  }
}
