// A mockpos that this process starts, or one that runs already.
'use strict';

const { spawn } = require('node:child_process');
const { randomUUID } = require('node:crypto');
const { MockposError } = require('./errors.cjs');
const { parsed } = require('./http.cjs');
const { Sandbox } = require('./sandbox.cjs');
const { sandboxName } = require('./words.cjs');

/** How much of its log is kept, in characters, to show when it does not start. */
const LOG = 16_384;

/** mockpos, and its default sandbox. */
class Server extends Sandbox {
  #child;
  #token;

  constructor(url, { token, child } = {}) {
    super('default', url, token);
    this.#token = token;
    this.#child = child;
  }

  /** A sandbox that has just begun. The same name is the same sandbox, begun anew; without one it is a new one. */
  async sandbox(name = `test-${randomUUID().slice(0, 13)}`) {
    const sandbox = this.peek(name);
    await sandbox.reset({ scenario: 'first' });
    return sandbox;
  }

  /** The sandbox of that name, as it is. */
  peek(name) {
    const plain = sandboxName(name);
    return new Sandbox(plain, `${this.url}/~${plain}`, this.#token);
  }

  /** Ends the process that `start` began. One that was attached to goes on. */
  async stop() {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.ref();
    child.kill('SIGTERM');
    await ended;
  }
}

/** Starts the program on a free port, and waits until it answers. */
async function start(options = {}) {
  const binary = options.binary ?? process.env.MOCKPOS_BIN ?? 'mockpos';
  const { args, env } = command(options);
  const child = spawn(binary, args, { env: { ...process.env, ...env }, stdio: 'pipe' });
  const url = await ready(child, binary);
  // Whoever forgets `stop` still ends. The program reads from this process, and ends with it, however it ends.
  for (const it of [child, child.stdin, child.stdout, child.stderr]) it.unref?.();
  return new Server(url, { token: options.token, child });
}

/** What it is called with. A scenario is text, or the name of a file or of a shipped one. */
function command({ scenario = [], port = 0, clock, seed, token, args: more = [] }) {
  const args = ['serve', '--listen', `127.0.0.1:${port}`, '--quiet', '--log-format', 'json', '--while-stdin'];
  const env = {};
  for (const one of [scenario].flat()) {
    if (!/[=[#\n]/.test(one)) args.push('--scenario', one);
    else if (env.MOCKPOS_SCENARIO_INLINE) throw new MockposError('only one scenario can be given as text', { hint: 'join the texts, or write one to a file' });
    else env.MOCKPOS_SCENARIO_INLINE = one;
  }
  if (clock !== undefined) args.push('--clock', clock);
  if (seed !== undefined) args.push('--seed', String(seed));
  if (token !== undefined) env.MOCKPOS_ADMIN_TOKEN = token;
  return { args: [...args, ...more], env };
}

/** Its address, once it has said that it is ready. */
function ready(child, binary) {
  let line = '';
  let log = '';
  return new Promise((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text) => (log = (log + text).slice(-LOG)));
    child.stdout.setEncoding('utf8').on('data', (text) => {
      line += text;
      const url = line.includes('\n') && parsed(line.slice(0, line.indexOf('\n')))?.url;
      if (url) resolve(url);
    });
    child.once('error', (cause) => {
      const hint = 'give `binary`, set MOCKPOS_BIN, or put mockpos on the PATH';
      reject(new MockposError(`cannot start \`${binary}\`: ${cause.message}`, { hint, cause }));
    });
    child.once('close', (code) => reject(new MockposError(`mockpos ended with ${code} before it was ready\n${log.trim()}`)));
  });
}

/** One that runs already; without an address, that of MOCKPOS_URL, which `mockpos run` sets. */
async function attach(url = process.env.MOCKPOS_URL, { token = process.env.MOCKPOS_ADMIN_TOKEN } = {}) {
  if (!url) throw new MockposError('where is mockpos?', { hint: 'give its address, or run the tests by `mockpos run -- COMMAND`' });
  const server = new Server(url.replace(/\/+$/, ''), { token });
  await server.ask('GET', 'health');
  return server;
}

module.exports = { start, attach, Server };
