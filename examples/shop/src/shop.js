// The shop: catalogue, basket, checkout, orders. `openShop` serves it; start.js and the tests call it.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Akinon } from './akinon.js';
import { CardPayments } from './card.js';
import { cardCheckout } from './checkout-card.js';
import { walletCheckout } from './checkout-wallet.js';
import { Gateway } from './gateway.js';
import { kurus } from './money.js';
import { Orders } from './orders.js';
import { PRODUCTS } from './products.js';
import { staff } from './staff.js';
import * as views from './views.js';
import { Problem, json, page, seeOther, serve } from './web.js';

const FOLDER = fileURLToPath(new URL('../public', import.meta.url));

/** A shop that listens. `settings`: the addresses and keys of the services, `port`, 0 for a free one. */
export async function openShop({ port = 0, ...settings }) {
  const shop = new Shop(settings);
  const server = serve({ routes: shop.routes(), folder: FOLDER, failed: shop.failed });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  shop.url = `http://127.0.0.1:${server.address().port}`;
  const close = async () => {
    await shop.orders.idle();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
  return { url: shop.url, orders: shop.orders, close };
}

export class Shop {
  orders = new Orders();
  sessions = new Map();

  constructor({ akinonUrl, walletUrl, ...gateway }) {
    this.akinonUrl = akinonUrl;
    this.walletUrl = walletUrl;
    this.gateway = new Gateway(gateway);
    const paid = (order) => order.session.akinon.clear();
    this.cards = new CardPayments({ gateway: this.gateway, orders: this.orders, paid });
  }

  routes() {
    return { ...catalogue(this), ...walletCheckout(this), ...cardCheckout(this), ...staff(this) };
  }

  /** The shopper's session: it begins with the first product in the basket. */
  session({ cookies }) {
    return this.sessions.get(cookies.oturum);
  }

  begin() {
    const id = randomUUID();
    const session = { id, akinon: new Akinon(this.akinonUrl) };
    this.sessions.set(id, session);
    return session;
  }

  /** The basket as the pages show it. */
  async basket(session) {
    const { basketitem_set: items = [], total_amount: total = '0' } = (await session?.akinon.basket()) ?? {};
    const lines = items.map(({ product, quantity, total_amount: price }) => {
      const { pk, name, sku } = product;
      return { pk, name, sku, quantity, total: kurus(price) };
    });
    return { lines, total: kurus(total), count: lines.reduce((sum, line) => sum + line.quantity, 0) };
  }

  /** An order for what is in the basket. */
  async order(session, { paid, installment, ...given }) {
    const { lines, total } = await this.basket(session);
    return this.orders.begin({ session, lines, total, paid: paid ?? total, installment, ...given });
  }

  failed = (error, request) => {
    const known = error instanceof Problem ? error : new Problem(500, 'Bir şeyler ters gitti. Lütfen yeniden deneyin.');
    if (known !== error) console.error(error);
    const wantsJson = (request.headers.accept ?? '').includes('application/json');
    return wantsJson ? json({ error: known.message }, known.status) : page(views.problem(known), known.status);
  };
}

/** The pages before and after paying. */
function catalogue(shop) {
  return {
    'GET /': async (call) => page(views.catalogue(PRODUCTS, await shop.basket(shop.session(call)))),

    'POST /sepet/ekle': async (call) => {
      const session = shop.session(call) ?? shop.begin();
      await session.akinon.add(call.body.urun);
      const cookie = `oturum=${session.id}; Path=/; HttpOnly; SameSite=Lax`;
      return { ...seeOther('/sepet'), headers: { location: '/sepet', 'set-cookie': cookie } };
    },

    'POST /sepet/adet': async (call) => {
      await shop.session(call)?.akinon.set(call.body.urun, call.body.adet);
      return seeOther('/sepet');
    },

    'GET /sepet': async (call) => page(views.basket(await shop.basket(shop.session(call)))),

    // The thank-you page, and the one that says that it was nothing. Who still waits is asked about.
    'GET /siparis/:no': async (call) => {
      const order = shop.orders.find(call.params.no);
      if (!order) throw new Problem(404, 'Böyle bir sipariş yok.');
      if (order.state === 'waiting') await shop.cards.look(order);
      return page(views.order(order, await shop.basket(shop.session(call))));
    }
  };
}
