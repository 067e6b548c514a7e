// The README's configuration for Cypress, as it stands there. Cypress itself is not run: what npm has is its installer, and
// the program comes from elsewhere. What it asks of a task is asked here: arguments and answers are JSON, never undefined.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test, vi } from 'vitest';
import { CREATE, UNSIGNED, call } from './support.mjs';

const readme = readFileSync(new URL('../../../clients/node/README.md', import.meta.url), 'utf8');
const [, config] = readme.match(/```js\n(\/\/ cypress\.config\.js\n[^]*?)```/);

/** The configuration's module. */
function loaded() {
  const module = { exports: {} };
  const require = createRequire(import.meta.url);
  const given = (name) => (name === 'cypress' ? { defineConfig: (it) => it } : require(name));
  new Function('module', 'require', config)(module, given);
  return module.exports;
}

test('its tasks do what they say, by words that pass between processes', async () => {
  vi.stubEnv('MOCKPOS_URL', undefined);
  const heard = {};
  await loaded().e2e.setupNodeEvents((event, what) => Object.assign(heard, { [event]: what }), {});
  const json = (it) => JSON.parse(JSON.stringify(it));
  const task = async (name, given) => {
    const answer = await heard.task[name](json(given));
    expect(answer, name).not.toBeUndefined();
    return json(answer);
  };
  const name = 'a test of theirs';
  const url = await task('sandbox', name);
  await task('scenario', { name, toml: UNSIGNED });
  const { status } = await call(url, { path: '/3ds-init', callbackUrl: 'http://127.0.0.1:9/' });
  expect(status).toBe(200);
  expect(await task('finish', { name, outcome: 'succeeds' })).toMatchObject({ status: 'ended', return: { fields: { mdStatus: '1' } } });
  await task('advance', { name, by: '15m' });
  await task('verify', { name, expect: [{ endpoint: 'craftgate.card_payment.*', count: 1 }] });
  await expect(task('verify', { name, expect: [{ endpoint: CREATE, count: 1 }] })).rejects.toThrow('wanted 1, found 0');
  await heard['after:run']();
  vi.unstubAllEnvs();
});
