// `npm start`: one command, and the shop is there with all that it needs.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

test('the shop and mockpos start, and end, together', async () => {
  const script = fileURLToPath(new URL('../start.js', import.meta.url));
  const child = spawn(process.execPath, [script], { env: { ...process.env, PORT: '0', MOCKPOS_PORT: '0' }, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  for await (const text of child.stdout) {
    said += text;
    if (said.includes('Every code is')) break;
  }
  const { shop, mockpos } = Object.fromEntries([...said.matchAll(/^(\w+) +(http\S+)/gm)].map(([, name, url]) => [name, url]));
  expect(await (await fetch(shop)).text()).toContain('Bakır cezve');
  expect(await (await fetch(`${mockpos}/__mockpos/scenario`)).text()).toContain(`${shop}/webhook/craftgate`);
  child.kill();
  await once(child, 'exit');
  await expect.poll(() => fetch(mockpos).then(() => 'there', () => 'gone')).toBe('gone');
});
