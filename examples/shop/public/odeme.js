// The checkout page in the browser: the shopper's cards from the wallet, what each offers, and the way to the money.
const form = document.querySelector('#odeme');
const { cuzdan: wallet, telefon: phone } = form.dataset;
let { jeton: token } = form.dataset;

const el = (id) => document.getElementById(id);
const chosen = (name) => form.querySelector(`input[name="${name}"]:checked`);
const lira = (amount) => {
  const whole = String(Math.trunc(amount / 100)).replace(/\B(?=(\d{3})+$)/g, '.');
  return `${whole},${String(amount % 100).padStart(2, '0')} TL`;
};

function say(where, text = '') {
  where.textContent = text;
  where.hidden = !text;
}

/** The shop's own calls. */
async function shop(path, body) {
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.error);
  return said;
}

/** The wallet's: what it says, and where the next step is. Refusals have words for the shopper. */
async function ask(method, path, body) {
  const headers = { authorization: token, ...(body && { 'content-type': 'application/json' }) };
  const answer = await fetch(wallet + path, { method, headers, body: body && JSON.stringify(body) });
  const { result, exception } = await answer.json();
  if (exception) throw new Error(exception.message);
  return { ...result, next: answer.headers.get('content-location') };
}

/** Whether the shopper has begun with the form, be it before this script was there: then nothing is chosen for them. */
let begun = [...form.elements].some((it) => it.value !== (it.defaultValue ?? it.value) || it.checked !== it.defaultChecked);
for (const kind of ['pointerdown', 'keydown', 'input']) form.addEventListener(kind, () => (begun = true), { once: true });

async function listCards() {
  const query = new URLSearchParams({ accountKey: phone, accountKeyType: 'Msisdn' });
  const { cards, accountInformation: account } = await ask('GET', `/account/api/Card?${query}`);
  const usable = cards.filter((card) => card.cardState === 'Activated' && !card.isExpired);
  if (!account.isAccountLinked || usable.length === 0) return;
  el('kayitli').append(...usable.map(row));
  el('kayitli').hidden = false;
  if (!begun) el('kayitli').querySelector('input').click();
}

function row(card) {
  const label = document.createElement('label');
  label.className = 'choice';
  const input = Object.assign(document.createElement('input'), { type: 'radio', name: 'kart', value: card.cardAlias });
  input.dataset.bin = card.cardBin;
  const part = (name, text, className) => Object.assign(document.createElement(name), { textContent: text, className });
  const digits = `•••• ${card.maskedCardNumber.slice(-4)}`;
  label.append(input, part('span', card.productName, 'chip program'), part('span', card.cardAlias, ''), part('span', digits, 'muted'));
  return label;
}

const isNew = () => chosen('kart').value === 'yeni';
const typedBin = () => form.elements.numara.value.replace(/\D/g, '').slice(0, 6);
const single = el('taksitler').innerHTML;
let asked = '';

function busy(is) {
  el('taksitler').closest('fieldset').disabled = is;
  el('taksitler').setAttribute('aria-busy', String(is));
  el('ode').disabled = is;
}

function show(html, program = '') {
  el('taksitler').innerHTML = html;
  el('program').textContent = program;
  busy(false);
  price();
}

/** What the card in hand offers. An answer that comes too late counts nothing. */
async function offer() {
  const bin = isNew() ? typedBin() : chosen('kart').dataset.bin;
  const kind = isNew() ? 'kart' : 'masterpass';
  const question = bin.length === 6 ? `${kind} ${bin}` : '';
  if (question === asked) return;
  asked = question;
  if (!question) return show(single);
  busy(true);
  try {
    const { html, program } = await shop(`/odeme/${kind}/taksitler`, { bin });
    if (question === asked) show(html, program);
  } catch (error) {
    if (question !== asked) return;
    asked = '';
    show(single);
    say(el('hata'), error.message);
  }
}

function price() {
  const total = Number(chosen('taksit').dataset.tutar);
  const interest = total - Number(form.dataset.toplam);
  el('toplam').textContent = lira(total);
  el('ode').textContent = `${lira(total)} öde`;
  for (const id of ['fark-ad', 'fark']) el(id).hidden = interest === 0;
  el('fark').textContent = lira(interest);
}

/** Asks for the code until the wallet is content with it, or the shopper is not. */
function askCode(answer) {
  const dialog = el('kod');
  const field = dialog.querySelector('input');
  const problem = dialog.querySelector('[role=alert]');
  el('kod-aciklama').textContent = answer.description ?? answer.resultDescription;
  field.value = '';
  say(problem);
  dialog.showModal();
  return new Promise((resolve, reject) => {
    dialog.querySelector('form').onsubmit = async (event) => {
      event.preventDefault();
      try {
        const next = await ask('POST', answer.next, { token: answer.token, otpCode: field.value });
        dialog.close();
        resolve({ next: answer.next, ...next });
      } catch (error) {
        say(problem, error.message);
        field.select();
      }
    };
    dialog.querySelector('[data-yeniden]').onclick = async () => {
      try {
        const sent = await ask('POST', '/user-authorization/api/Otp/resend', { token: answer.token });
        answer.token = sent.token ?? answer.token;
        say(problem);
        el('kod-aciklama').textContent = sent.resultDescription;
      } catch (error) {
        say(problem, error.message);
      }
    };
    dialog.querySelector('[data-vazgec]').onclick = () => dialog.close();
    dialog.onclose = () => reject(new Error('Ödemeden vazgeçtiniz. Kartınızdan para çekilmedi.'));
  });
}

/** From the chosen card to the order: through as many passwords as are asked for, or over the bank's page. */
async function payByWallet() {
  const { value: taksit, dataset } = chosen('taksit');
  const order = await shop('/odeme/masterpass', { taksit, adet: dataset.adet });
  token = order.token;
  let answer = await ask('POST', '/payment/api/Payment/request', {
    accountKey: order.msisdn,
    cardAlias: chosen('kart').value,
    amount: order.amount,
    orderNo: order.orderNo,
    installmentCount: order.installment,
    currencyCode: 'TRY',
    paymentType: 'Sale'
  });
  while (['5001', '5007', '5008'].includes(answer.responseCode)) answer = await askCode(answer);
  if (answer.responseCode === '5010') {
    location.href = `${answer.url3d}&returnUrl=${encodeURIComponent(order.returnUrl)}`;
    return;
  }
  const { to } = await shop(`/odeme/masterpass/tamamla/${order.orderNo}`, { token: answer.token });
  location.href = to;
}

form.addEventListener('change', ({ target }) => {
  if (target.name === 'kart') {
    el('yeni').hidden = !isNew();
    say(el('hata'));
    offer();
  } else if (target.name === 'taksit') price();
});
form.elements.numara.addEventListener('input', offer);

form.addEventListener('submit', async (event) => {
  if (isNew()) return; // a plain form: the shop's server and the bank do the rest
  event.preventDefault();
  say(el('hata'));
  el('ode').disabled = true;
  try {
    await payByWallet();
  } catch (error) {
    say(el('hata'), error.message);
  } finally {
    el('ode').disabled = false;
  }
});

offer();
if (token) listCards().catch((error) => say(el('hata'), error.message));
