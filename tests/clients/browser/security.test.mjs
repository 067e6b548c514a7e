// What a hostile page on another site may do to mockpos in the browser of somebody who develops: nothing.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, withPage } from './support/chromium.mjs';
import { HOSTS, challenge, sandbox } from './support/mockpos.mjs';
import { Shop } from './support/shop.mjs';

let browser, evil;

before(async () => {
  [browser, evil] = await Promise.all([launch(), Shop.start()]);
});
after(() => Promise.all([browser.close(), evil.stop()]));

/** A sandbox with something in it to read and to destroy. */
async function worth(name, host) {
  const box = await sandbox(name, '[bank]\nname = "Secret Bank"', host);
  await challenge(box);
  await box.advance('1s');
  return box;
}

async function state(box) {
  const [challenges, journal, clock, scenario, { sandboxes }] = await Promise.all([
    box.challenges(), box.journal(), box.admin('GET', 'clock'), box.admin('GET', 'scenario'), box.admin('GET', 'sandboxes')
  ]);
  assert.ok(challenges.length === 1 && challenges[0].status === 'open' && journal.length > 0 && clock.frozen && /Secret Bank/.test(scenario));
  return { challenges, journal, clock, scenario, strange: sandboxes.some((it) => it.name.startsWith('strange')) };
}

/** Everything of the admin that there is to read, and all that changes something. */
const reads = ['journal', 'scenario', 'challenges', 'clock', 'sandboxes', 'endpoints'];
const writes = (id) => [
  ['POST', 'reset', ''], ['PUT', 'clock', '{"now": "2030-01-01T00:00:00Z"}'], ['POST', 'clock/advance', '{"by": "1h"}'],
  ['PUT', 'scenario', 'version = 1'], ['POST', `challenges/${id}`, '{"outcome": "succeeds"}']
];

/** In the hostile page: each returns what it could read, or nothing. */
const attacks = {
  'fetch, to read': async ({ admin, reads }) => {
    const read = [];
    for (const path of reads) {
      for (const mode of ['cors', 'no-cors']) {
        const text = await fetch(`${admin}/${path}`, { mode, credentials: 'include' }).then((it) => it.text(), () => '');
        if (text) read.push(`${mode} ${path}: ${text}`);
      }
    }
    return read;
  },
  'fetch, to change': async ({ admin, writes }) => {
    const read = [];
    for (const [method, path, body] of writes) {
      for (const mode of ['cors', 'no-cors']) {
        for (const type of [undefined, 'text/plain', 'application/x-www-form-urlencoded', 'application/json', 'application/toml']) {
          try {
            const answer = await fetch(`${admin}/${path}`, { method, mode, headers: type && { 'content-type': type }, body: body || undefined });
            const text = await answer.text();
            if (text) read.push(`${method} ${path}: ${text}`);
          } catch { /* the browser refuses */ }
        }
      }
    }
    return read;
  },
  'forms': async ({ admin, writes }) => {
    for (const [, path, body] of writes) {
      for (const enctype of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data']) {
        const frame = Object.assign(document.createElement('iframe'), { name: `f${Math.random()}` });
        document.body.append(frame);
        const form = Object.assign(document.createElement('form'), { action: `${admin}/${path}`, method: 'post', enctype, target: frame.name });
        form.append(Object.assign(document.createElement('input'), { name: body, value: '' }));
        document.body.append(form);
        await new Promise((done) => {
          frame.onload = () => done();
          form.submit();
        });
        if (frame.contentDocument?.body.textContent) return [frame.contentDocument.body.textContent];
      }
    }
    return [];
  },
  'images, scripts, styles, frames': async ({ admin, base, reads, writes }) => {
    const paths = [...reads, ...writes.map(([, path]) => path)].map((path) => `${admin}/${path}`);
    const known = new Set(Object.keys(window));
    const read = [];
    for (const address of [...paths, `${base}/`]) {
      const links = ['stylesheet', 'prefetch', 'preload', 'modulepreload'].map((rel) => ['link', 'href', rel]);
      await Promise.all([['img', 'src'], ['script', 'src'], ['iframe', 'src'], ['object', 'data'], ['embed', 'src'], ['video', 'src'], ...links].map(async ([tag, key, rel]) => {
        const it = Object.assign(document.createElement(tag), rel ? { rel, as: 'fetch' } : {});
        await new Promise((done) => {
          it.onload = it.onerror = () => done();
          // some say nothing of their end
          setTimeout(done, 300);
          it[key] = address;
          document.body.append(it);
        });
        const shown = it.contentDocument?.body?.textContent ?? '';
        if (shown || it.naturalWidth) read.push(`${tag} ${address} ${shown}`);
        it.remove();
      }));
    }
    return [...read, ...Object.keys(window).filter((name) => !known.has(name))];
  },
  'beacons': async ({ admin, writes }) => {
    for (const [, path, body] of writes) {
      navigator.sendBeacon(`${admin}/${path}`);
      for (const type of ['text/plain', 'application/json']) navigator.sendBeacon(`${admin}/${path}`, new Blob([body], { type }));
    }
    return [];
  },
  'sockets and event streams': async ({ admin, reads }) => {
    const read = [];
    for (const path of reads) {
      for (const begin of [() => new WebSocket(`${admin.replace('http', 'ws')}/${path}`), () => new EventSource(`${admin}/${path}`)]) {
        const it = begin();
        await new Promise((done) => {
          it.onopen = () => done(read.push(path));
          it.onmessage = (message) => read.push(message.data);
          it.onerror = () => done();
        });
        it.close();
      }
    }
    return read;
  },
  'a fetch that outlives the page, and a worker': async ({ admin, writes }) => {
    const source = writes.map(([method, path, body]) =>
      `fetch(${JSON.stringify(`${admin}/${path}`)}, { method: ${JSON.stringify(method)}, mode: 'no-cors', keepalive: true, body: ${JSON.stringify(body)} || undefined }).then((it) => it.text(), () => '')`);
    const worker = new Worker(URL.createObjectURL(new Blob([`Promise.all([${source}]).then((all) => postMessage(all.join('')))`])));
    const read = await new Promise((done) => {
      worker.onmessage = ({ data }) => done(data);
      worker.onerror = () => done('');
    });
    return read ? [read] : [];
  },
  'sandboxes that are not there': async ({ base, reads }) => {
    for (const path of reads) await fetch(`${base.replace(/~.*/, '~strange-1')}/__mockpos/${path}`, { mode: 'no-cors' }).catch(() => {});
    return [];
  }
};

/** From now on: a wait until every request of the page has come to its end, also those that no script waits for. */
function settled(page) {
  const open = new Set();
  let wake = () => {};
  page.on('request', (request) => open.add(request));
  for (const end of ['requestfinished', 'requestfailed']) {
    page.on(end, (request) => {
      open.delete(request);
      wake();
    });
  }
  return async () => {
    while (open.size) await new Promise((done) => { wake = done; });
  };
}

// A page on another port of the same host is of another origin too, though of the same site.
for (const [host, site] of HOSTS.flatMap((host) => [[host, 'evil.example'], [host, host]])) {
  describe(`a page of ${site} against ${host}`, { concurrency: 2 }, () => {
    for (const [name, attack] of Object.entries(attacks)) {
      test(name, () =>
        withPage(browser, {}, async (page) => {
          const box = await worth('worth', host);
          const before = await state(box);
          await page.goto(`${evil.origin(site)}/`);
          const given = { admin: `${box.at}/__mockpos`, base: box.at, reads, writes: writes(before.challenges[0].id) };
          const asked = [];
          page.on('request', (request) => asked.push(request.url()));
          const rest = settled(page);
          const read = await page.evaluate(`(${attack})(${JSON.stringify(given)})`);
          await rest();
          assert.deepEqual(read, []);
          assert.ok(asked.some((url) => url.includes('/__mockpos/') || url.startsWith('ws:')) || name.startsWith('sockets'), 'the attack took place');
          assert.deepEqual(await state(box), before);
          assert.equal(before.strange, false);
        }));
    }

    test('a form that takes the whole window along', () =>
      withPage(browser, {}, async (page) => {
        const box = await worth('window', host);
        const before = await state(box);
        for (const [method, path] of writes(before.challenges[0].id)) {
          await page.goto(`${evil.origin(site)}/`);
          const answered = page.waitForResponse((response) => response.url().includes('/__mockpos/'));
          await page.evaluate((action) => {
            const form = Object.assign(document.createElement('form'), { action, method: 'post' });
            document.body.append(form);
            form.submit();
          }, `${box.at}/__mockpos/${path}`);
          assert.equal((await answered).status(), 403, `${method} ${path}`);
          await page.waitForURL((url) => url.href === `${box.at}/__mockpos/${path}`);
        }
        assert.deepEqual(await state(box), before);
      }));
  });
}

describe('a name of theirs for our address', { concurrency: 2 }, () => {
  test('the admin does not answer under it', () =>
    // Their page came from their own address before: no policy of ours holds in it.
    withPage(browser, { bypassCSP: true }, async (page) => {
      const box = await worth('rebound');
      const theirs = box.at.replace('127.0.0.1', 'evil.example');
      await page.goto(`${theirs}/bank/3ds/none`);
      assert.equal(await page.locator('[data-testid=bank-gone]').count(), 1, 'the surfaces answer under any name');
      const before = await state(box);
      const statuses = await page.evaluate(async ([base, reads, writes]) => {
        const all = [...reads.map((path) => ['GET', path]), ...writes];
        const types = { scenario: 'application/toml' };
        return Promise.all(all.map(async ([method, path, body]) => (await fetch(`${base}/__mockpos/${path}`, { method, body: body || undefined, headers: { 'content-type': types[path] ?? 'application/json' } })).status));
      }, [theirs, reads, writes(before.challenges[0].id)]);
      assert.deepEqual(new Set(statuses), new Set([421]));
      assert.equal((await page.goto(`${theirs}/`)).status(), 421);
      assert.deepEqual(await state(box), before);
    }));
});
