// A sandbox: a world of its own, with its own state, scenario, time and journal.
'use strict';

const { Challenge } = require('./challenge.cjs');
const { MockposError, VerificationError } = require('./errors.cjs');
const { parsed, send } = require('./http.cjs');
const { snakes, span } = require('./words.cjs');

class Sandbox {
  #token;
  #expectations = [];

  constructor(name, url, token) {
    this.name = name;
    this.url = url;
    this.#token = token;
    const ask = this.ask.bind(this);
    const time = (moment) => (moment instanceof Date ? moment.toISOString() : moment);
    this.clock = {
      read: () => ask('GET', 'clock'),
      freeze: (at) => ask('PUT', 'clock', { json: snakes({ freeze: true, now: time(at) }) }),
      unfreeze: () => ask('PUT', 'clock', { json: { freeze: false } }),
      set: (moment) => ask('PUT', 'clock', { json: { now: time(moment) } }),
      advance: (by) => ask('POST', 'clock/advance', { json: { by: span(by) } })
    };
    this.webhooks = {
      list: async () => (await ask('GET', 'webhooks')).webhooks,
      drain: (options) => ask('POST', 'webhooks/drain', options && { json: options }),
      redeliver: (webhook) => ask('POST', `webhooks/${idOf(webhook)}/redeliver`),
      release: (webhook) => ask('POST', `webhooks/${idOf(webhook)}/release`)
    };
  }

  /** The scenario that is playing, as TOML. */
  async scenario() {
    return this.ask('GET', 'scenario', { text: true });
  }

  /** Plays this scenario from the next call on. */
  async setScenario(toml, { name } = {}) {
    const query = name ? { name } : {};
    return this.ask('PUT', 'scenario', { toml, query });
  }

  /** State, journal, counters, ids and time begin again, and what was expected is forgotten. */
  async reset(options) {
    this.#expectations = [];
    return this.ask('POST', 'reset', { query: snakes(options) });
  }

  /** The 3-D Secure challenges, oldest first. */
  async challenges(filter) {
    return (await this.ask('GET', 'challenges', { query: snakes(filter) })).challenges;
  }

  /** One challenge: by its id, by a filter, or the only one that is open. */
  challenge(which) {
    return new Challenge(this, which);
  }

  /** The calls that came, oldest first. */
  async journal(filter) {
    return (await this.ask('GET', 'journal', { query: snakes(filter) })).entries;
  }

  /** The calls that fit, once there are `n` of them. */
  async waitForCalls(filter, n = 1, { timeout = '10s' } = {}) {
    const query = { ...snakes(filter), wait: n, timeout: span(timeout) };
    const answer = await this.send('GET', 'journal', { query });
    if (answer.status === 200) return parsed(answer.text).entries;
    if (answer.status !== 408) throw refused('GET', 'journal', answer);
    const { entries } = parsed(answer.text);
    const asked = Object.entries(snakes(filter)).map(([key, value]) => `${key}=${value}`);
    const came = entries.map((it) => `\n  ${it.n} ${it.method} ${it.target}: ${it.status}`);
    const calls = `${n} ${n === 1 ? 'call' : 'calls'} with ${asked.join(', ') || 'anything'}`;
    throw new MockposError(`waited ${query.timeout} for ${calls}; there ${came.length === 1 ? 'was' : 'were'} ${came.length}${came.join('')}`, {
      status: 408,
      hint: '`journal()` shows what came instead',
      body: entries
    });
  }

  /** Something that must have happened when `verify` is called. */
  expect(expectation) {
    this.#expectations.push(expectation);
    return this;
  }

  /** Throws when something expected did not happen, or a payment does not add up. */
  async verify({ expect = [], ...rest } = {}) {
    const all = [...this.#expectations, ...expect].map((one) => snakes(one));
    const verify = snakes(rest);
    const body = {
      ...(all.length ? { expect: all } : {}),
      ...(Object.keys(verify).length ? { verify } : {})
    };
    const answer = await this.send('POST', 'verify', { json: body });
    const report = parsed(answer.text);
    if (answer.status === 200) return report;
    if (answer.status !== 409) throw refused('POST', 'verify', answer);
    const { text } = await this.send('POST', 'verify', { json: body, query: { format: 'text' } });
    throw new VerificationError(text.trimEnd(), report);
  }

  /** Why a call got its answer. */
  async explain(call) {
    return this.ask('GET', 'explain', { query: { journal: typeof call === 'object' ? call.n : call } });
  }

  /** Any call of the admin: the JSON of its answer. */
  async ask(method, path, options = {}) {
    const answer = await this.send(method, path, options);
    if (answer.status >= 400) throw refused(method, path, answer);
    return options.text ? answer.text : parsed(answer.text);
  }

  /** The same, with whatever it is answered. */
  send(method, path, { json, toml, query = {} } = {}) {
    const headers = this.#token ? { 'x-mockpos-token': this.#token } : {};
    if (json !== undefined) headers['content-type'] = 'application/json';
    if (toml !== undefined) headers['content-type'] = 'application/toml';
    const asked = new URLSearchParams(query).toString();
    const url = `${this.url}/__mockpos/${path}${asked && `?${asked}`}`;
    return send(method, url, { headers, body: json === undefined ? toml : JSON.stringify(json) });
  }
}

const idOf = (webhook) => (typeof webhook === 'object' ? webhook.id : webhook);

function refused(method, path, { status, text }) {
  const body = parsed(text);
  const said = body?.error ?? (text.slice(0, 500) || 'no words');
  return new MockposError(`${method} /__mockpos/${path} (${status}): ${said}`, { status, hint: body?.hint, body: body ?? text });
}

module.exports = { Sandbox };
