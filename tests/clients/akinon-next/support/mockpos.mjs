// The real mockpos, on a free port.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const binary = process.env.MOCKPOS_BIN;

/** Starts one with `rules` on top of its default scenario. `at` is the base URL of the sandbox the shop uses. */
export async function startMockpos(rules = '', sandbox = '') {
  const child = spawn(binary, ['serve', '--listen', '127.0.0.1:0', '--quiet'], {
    env: { MOCKPOS_SCENARIO_INLINE: `version = 1\n${rules}` },
    stdio: ['ignore', 'pipe', 'inherit']
  });
  process.once('exit', () => child.kill());
  const [line] = await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error('mockpos did not start')))
  ]);
  const { url } = JSON.parse(line);
  const at = sandbox ? `${url}/~${sandbox}` : url;
  return {
    at,
    /** What mockpos was asked, oldest first. */
    async journal() {
      const { entries } = await (await fetch(`${at}/__mockpos/journal`)).json();
      return entries.sort((a, b) => a.n - b.n);
    },
    stop: () => child.kill()
  };
}

/** `POST InstallmentSelectionPage`, `GET /baskets/basket/`: a call in a few words. */
export const said = ({ method, target, page }) => `${method} ${page ?? target}`;
