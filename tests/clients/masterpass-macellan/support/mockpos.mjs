// The real mockpos, on a free port, with the package's own file as the user's copy of the SDK.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const folder = dirname(createRequire(import.meta.url).resolve('@macellan/masterpass-sdk'));

/** The one file of the package that has the vendor's code in it. */
export const FILE = join(folder, 'masterpass-sdk.cjs.development.js');

/** Starts one with `rules` on top of its default scenario. */
export async function startMockpos(rules = '') {
  const child = spawn(process.env.MOCKPOS_BIN, ['serve', '--listen', '127.0.0.1:0', '--quiet', '--masterpass-sdk', FILE], {
    env: { MOCKPOS_SCENARIO_INLINE: `version = 1\n${rules}` },
    stdio: ['ignore', 'pipe', 'inherit']
  });
  process.once('exit', () => child.kill());
  const [line] = await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error('mockpos did not start')))
  ]);
  const { url } = JSON.parse(line);
  return {
    url,
    /** What a sandbox was asked, oldest first. */
    async journal(sandbox) {
      const { entries } = await (await fetch(`${url}/~${sandbox}/__mockpos/journal`)).json();
      return entries.sort((a, b) => a.n - b.n);
    },
    stop: () => child.kill()
  };
}
