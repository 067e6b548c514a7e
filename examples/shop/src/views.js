// The pages of the shop.
import { html } from './html.js';
import { lira } from './money.js';

const layout = (title, basket, body, { script } = {}) => html`<!doctype html>
<html lang="tr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Köşe Kahve</title>
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="/urun/KAHVE.svg">
${script && html`<script type="module" src="${script}"></script>`}
</head>
<body>
<a class="skip" href="#icerik">İçeriğe geç</a>
<header class="top">
<a class="brand" href="/"><span class="brand-mark" aria-hidden="true">k</span>Köşe Kahve</a>
<nav aria-label="Ana menü">
<a href="/">Ürünler</a>
<a href="/sepet">Sepet${basket?.count > 0 && html` <span class="count" aria-label="${basket.count} ürün">${basket.count}</span>`}</a>
</nav>
</header>
<main id="icerik">${body}</main>
<footer class="foot"><p>Deneme mağazası: hiçbir şey satılmaz, hiçbir karttan para çekilmez.</p></footer>
</body>
</html>
`;

const picture = (sku) => html`<img src="/urun/${sku}.svg" alt="" width="240" height="180">`;

export const catalogue = (products, basket) => layout('Ürünler', basket, html`
<section class="hero">
<p class="eyebrow">Cezveden fincana</p>
<h1>Bir kahvenin kırk yıl hatırı var.</h1>
<p>Taze kahve, dövme bakır, ince porselen. Aynı gün kargoda.</p>
</section>
<h2 class="quiet">Ürünler</h2>
<ul class="grid">${products.map((it) => html`
<li class="product">
<div class="picture">${picture(it.sku)}</div>
<h3>${it.name}</h3>
<p class="about">${it.about}</p>
<div class="buy">
<strong>${lira(it.price)}</strong>
<form method="post" action="/sepet/ekle"><input type="hidden" name="urun" value="${it.pk}"><button aria-label="${it.name}: sepete ekle">Sepete ekle</button></form>
</div>
</li>`)}
</ul>`);

export const basket = (it) => layout('Sepet', it, html`
<h1>Sepet</h1>
${it.lines.length === 0
    ? html`<p class="empty">Sepetiniz boş. <a href="/">Ürünlere bakın</a></p>`
    : html`<div class="columns">
<ul class="lines">${it.lines.map((line) => html`
<li>
<div class="thumb">${picture(line.sku)}</div>
<div><h2>${line.name}</h2>
<form class="amount" method="post" action="/sepet/adet"><input type="hidden" name="urun" value="${line.pk}">
<button name="adet" value="${line.quantity - 1}" aria-label="${line.name}: bir azalt">−</button><span aria-label="adet">${line.quantity}</span><button name="adet" value="${line.quantity + 1}" aria-label="${line.name}: bir artır">+</button></form></div>
<strong>${lira(line.total)}</strong>
</li>`)}
</ul>
<aside class="summary" aria-label="Sipariş özeti">
<dl><dt>Ara toplam</dt><dd>${lira(it.total)}</dd><dt>Kargo</dt><dd>Ücretsiz</dd><dt class="total">Toplam</dt><dd class="total">${lira(it.total)}</dd></dl>
<a class="button" href="/odeme">Ödemeye geç</a>
</aside>
</div>`}`);

const field = (name, label, { hint, ...more }) => {
  const rest = Object.entries(more).map(([key, value]) => html` ${key}="${value}"`);
  return html`<label class="field"><span>${label}</span><input name="${name}"${rest}>${hint && html`<small>${hint}</small>`}</label>`;
};

export const checkout = ({ basket: it, wallet, walletUrl }) => layout('Ödeme', it, html`
<h1>Ödeme</h1>
<div class="columns">
<form id="odeme" method="post" action="/odeme/kart" data-cuzdan="${walletUrl}" data-jeton="${wallet?.token}" data-telefon="${wallet?.msisdn}" data-toplam="${it.total}">
<fieldset>
<legend><span class="step" aria-hidden="true">1</span>Kart</legend>
<div id="kayitli" role="group" aria-label="Masterpass kartlarınız" hidden></div>
<label class="choice"><input type="radio" name="kart" value="yeni" checked><span class="chip" aria-hidden="true">+</span><span>Başka bir kart</span></label>
<div id="yeni" class="fields">
${field('numara', 'Kart numarası', { inputmode: 'numeric', autocomplete: 'cc-number', maxlength: 23, placeholder: '0000 0000 0000 0000' })}
${field('ad', 'Kart üzerindeki ad', { autocomplete: 'cc-name', maxlength: 60 })}
<div class="row">
${field('ay', 'Ay', { inputmode: 'numeric', autocomplete: 'cc-exp-month', maxlength: 2, placeholder: 'AA' })}
${field('yil', 'Yıl', { inputmode: 'numeric', autocomplete: 'cc-exp-year', maxlength: 2, placeholder: 'YY' })}
${field('cvc', 'CVC', { inputmode: 'numeric', autocomplete: 'cc-csc', maxlength: 4, placeholder: '000' })}
</div>
<label class="check"><input type="checkbox" name="ucd" value="evet" checked><span>3D Secure ile öde</span></label>
</div>
</fieldset>
<fieldset>
<legend><span class="step" aria-hidden="true">2</span>Taksit <em id="program"></em></legend>
<div id="taksitler" aria-live="polite">${installments([{ id: 1, count: 1, total: it.total, monthly: it.total }])}</div>
</fieldset>
<p id="hata" class="problem" role="alert" hidden></p>
<button id="ode" class="button wide">${lira(it.total)} öde</button>
<p class="note">Ödemeniz bankanızın güvenli sayfasında doğrulanır.</p>
</form>
<aside class="summary" aria-label="Sipariş özeti">
<ul class="small">${it.lines.map((line) => html`<li><span class="thumb">${picture(line.sku)}</span><span>${line.quantity} × ${line.name}</span><strong>${lira(line.total)}</strong></li>`)}</ul>
<dl><dt>Sepet</dt><dd>${lira(it.total)}</dd><dt>Kargo</dt><dd>Ücretsiz</dd><dt id="fark-ad" hidden>Vade farkı</dt><dd id="fark" hidden></dd><dt class="total">Toplam</dt><dd class="total" id="toplam">${lira(it.total)}</dd></dl>
</aside>
</div>
<dialog id="kod" aria-labelledby="kod-baslik">
<form method="dialog">
<h2 id="kod-baslik">Doğrulama kodu</h2>
<p id="kod-aciklama"></p>
<label class="field"><span>Kod</span><input name="kod" inputmode="numeric" autocomplete="one-time-code" maxlength="6" required></label>
<p class="problem" role="alert" hidden></p>
<button class="button wide" value="onayla">Onayla</button>
<div class="pair"><button class="plain" type="button" data-yeniden>Kodu yeniden gönder</button><button class="plain" type="button" data-vazgec>Vazgeç</button></div>
</form>
</dialog>`, { script: '/odeme.js' });

/** The choices of a card. */
export const installments = (rows) => html`${rows.map((it, at) => html`
<label class="choice"><input type="radio" name="taksit" value="${it.id}" data-adet="${it.count}" data-tutar="${it.total}"${at === 0 && html` checked`}>
<span>${it.count === 1 ? 'Tek çekim' : `${it.count} taksit`}</span><span class="muted">${it.count > 1 && `${it.count} × ${lira(it.monthly)}`}</span><strong>${lira(it.total)}</strong></label>`)}`;

const HOW = { wallet: 'Masterpass', card: 'Kart' };

const STATES = {
  paid: (it) => html`<div class="seal good" aria-hidden="true">✓</div>
<h1>Teşekkürler, siparişiniz alındı.</h1>
<p>Sipariş numaranız <strong>${it.no}</strong></p>`,
  failed: (it) => html`<div class="seal bad" aria-hidden="true">!</div>
<h1>Ödeme tamamlanamadı.</h1>
<p class="problem" role="alert">${it.why}</p>
<p>Sepetiniz duruyor. <a class="button" href="/odeme">Yeniden dene</a></p>`,
  waiting: (it) => html`<div class="seal" aria-hidden="true">…</div>
<h1>Ödemenizin sonucunu bekliyoruz.</h1>
<p>Kartınızdan iki kez para çekilmez. <a class="button" href="/siparis/${it.no}">Durumu yenile</a></p>`
};

export const order = (it, basketNow) => layout('Sipariş', basketNow, html`
<section class="result">
${STATES[it.state](it)}
${it.state === 'paid' && html`<div class="receipt">
<ul class="small">${it.lines.map((line) => html`<li><span class="thumb">${picture(line.sku)}</span><span>${line.quantity} × ${line.name}</span><strong>${lira(line.total)}</strong></li>`)}</ul>
<dl><dt>Ödeme</dt><dd>${HOW[it.by]}${it.bank && html` · ${it.bank}`}</dd>
<dt>Taksit</dt><dd>${it.installment === 1 ? 'Tek çekim' : `${it.installment} taksit`}</dd>
<dt class="total">Ödenen</dt><dd class="total">${lira(it.paid)}</dd>
${it.refunded > 0 && html`<dt>İade edilen</dt><dd>${lira(it.refunded)}</dd>`}</dl>
</div>
<p><a href="/">Alışverişe devam et</a></p>`}
</section>`);

const SAID = { paid: 'Ödendi', failed: 'Ödenmedi', waiting: 'Bekliyor' };

export const staff = (orders) => layout('Siparişler', undefined, html`
<h1>Siparişler</h1>
${orders.length === 0 ? html`<p class="empty">Henüz sipariş yok.</p>` : html`<div class="scroll"><table>
<thead><tr><th scope="col">Sipariş</th><th scope="col">Durum</th><th scope="col">Ödenen</th><th scope="col">İade</th><th scope="col">İade et</th></tr></thead>
<tbody>${orders.map((it) => html`<tr>
<th scope="row"><a href="/siparis/${it.no}">${it.no}</a></th><td>${SAID[it.state]}</td><td>${it.state === 'paid' && lira(it.paid)}</td><td>${it.refunded > 0 && lira(it.refunded)}</td>
<td>${it.state === 'paid' && it.refunded < it.paid && html`<form class="pair" method="post" action="/yonetim/iade"><input type="hidden" name="siparis" value="${it.no}"><input name="tutar" inputmode="decimal" aria-label="${it.no}: iade tutarı" size="8" required><button>İade et</button></form>`}</td>
</tr>`)}</tbody></table></div>`}`);

export const problem = ({ message }) => layout('Olmadı', undefined, html`
<section class="result"><div class="seal bad" aria-hidden="true">!</div><h1>${message}</h1><p><a class="button" href="/">Ürünlere dön</a></p></section>`);
