// For the shop's own people: orders, and giving money back. A real shop asks who is there.
import { kurus } from './money.js';
import * as views from './views.js';
import { Problem, page, seeOther } from './web.js';

export function staff(shop) {
  return {
    'GET /yonetim': async () => page(views.staff(shop.orders.list())),

    'POST /yonetim/iade': async (call) => {
      const order = shop.orders.find(call.body.siparis);
      if (order?.state !== 'paid') throw new Problem(409, 'Bu sipariş iade edilemez.');
      order.paymentId ??= (await shop.gateway.find({ orderId: order.no })).id;
      const payment = await shop.gateway.refund(order.paymentId, amount(call.body.tutar));
      order.refunded = order.paid - kurus(payment.refundablePrice);
      return seeOther('/yonetim');
    }
  };
}

/** `120,50` or `120.50` */
function amount(text) {
  if (!/^\d+([.,]\d{1,2})?$/.test(text ?? '')) throw new Problem(422, 'Tutar okunamadı.');
  return kurus(text.replace(',', '.'));
}
