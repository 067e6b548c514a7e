// The program: how it begins, how it ends, and what is said when it does not begin.
import { spawnSync } from 'node:child_process';
import { attach, start } from 'mockpos';
import { expect, test, vi } from 'vitest';

test('it says why it does not start', async () => {
  await expect(start({ binary: '/no/such/mockpos' })).rejects.toThrow(/cannot start `\/no\/such\/mockpos`.*\nhint: give `binary`/);
  await expect(start({ scenario: 'hapy' })).rejects.toThrow(/ended with 2 before it was ready\n[^]*hapy/);
  await expect(start({ scenario: ['version = 1', 'version = 1'] })).rejects.toThrow('only one scenario');
});

test('it says why it cannot attach', async () => {
  vi.stubEnv('MOCKPOS_URL', undefined);
  await expect(attach()).rejects.toThrow('where is mockpos?\nhint: give its address');
  await expect(attach('http://127.0.0.1:9')).rejects.toThrow('127.0.0.1:9');
  vi.unstubAllEnvs();
});

test('a token is passed on, seeds and scenarios count, and it stops', async () => {
  const server = await start({ token: 'for-this-test', seed: 7, scenario: ['happy-path', 'version = 1\ndescription = "mine"\n'] });
  await expect(attach(server.url).then((it) => it.journal())).rejects.toThrow('the admin token is missing or wrong');
  expect(await (await attach(`${server.url}/`, { token: 'for-this-test' })).journal()).toEqual([]);
  const sandbox = await server.sandbox('a');
  expect(await sandbox.scenario()).toContain('mine');
  await server.stop();
  await server.stop();
  await expect(attach(server.url)).rejects.toThrow('ECONNREFUSED');
});

test('it ends with the process that started it, and does not keep that one alive', async () => {
  const run = (script) => spawnSync(process.execPath, ['--input-type=module', '-e', `import { start } from 'mockpos';\n${script}`], { encoding: 'utf8', cwd: import.meta.dirname });
  for (const end of ['', 'process.kill(process.pid, "SIGKILL");']) {
    const { stdout } = run(`const server = await start(); console.log(server.url); ${end}`);
    const url = stdout.trim();
    expect(url).toMatch(/^http:/);
    await expect.poll(() => attach(url).then(() => 'there', () => 'gone')).toBe('gone');
  }
});
