// Notes what became of every method of the SDK, and of every chapter of the story.

import assert from 'node:assert/strict';

export const NOT_MOCKED = 'says that it is not mocked (501)';

export class Record {
  #succeeded = new Set();
  #notMocked = new Map();
  chapters = [];

  // The client, each of whose calls is noted when it succeeds.
  watch(client) {
    const record = this;
    return new Proxy(client, { get: (_, name) => () => record.#adapter(name, client[name]()) });
  }

  #adapter(name, adapter) {
    const record = this;
    return new Proxy(adapter, {
      get: (_, method) => async (...parameters) => {
        const result = await adapter[method](...parameters);
        record.#succeeded.add(`${name}().${method}`);
        return result;
      }
    });
  }

  async chapter(title, tell) {
    let why = '';
    await tell().catch(error => { why = describe(error); });
    this.chapters.push({ title, why });
    console.log(why ? `FAILED  ${title}\n        ${why}` : `ok      ${title}`);
  }

  async notMocked(name, call, SdkError) {
    const why = await call().then(() => 'it succeeded', error => {
      if (!(error instanceof SdkError)) return `no error of the SDK: ${describe(error)}`;
      return error.getErrorCode() === '501' ? '' : describe(error);
    });
    this.#notMocked.set(name, why);
  }

  // What became of a method: the text of the table, and whether that is as it should be.
  result(name) {
    const later = this.#notMocked.get(name);
    if (later !== undefined) return later ? { text: `FAILED: ${later}`, good: false } : { text: NOT_MOCKED, good: true };
    return this.#succeeded.has(name) ? { text: 'works', good: true } : { text: 'FAILED: never succeeded', good: false };
  }
}

export function describe(error) {
  if (error.getErrorCode) {
    const { errorGroup } = error.getErrorData();
    return [error.getErrorCode(), errorGroup, error.getErrorDescription()].filter(Boolean).join(' ');
  }
  const place = /(?:story|main)\.mjs:\d+/.exec(error.stack ?? '')?.[0];
  return `${error.message.split('\n').slice(0, 12).join(' | ')}${place ? ` (${place})` : ''}`;
}

// The SDK's error, whose code and group are these. Without a group it must have none.
export async function refused(call, SdkError, { code, group }) {
  const error = await call.then(result => assert.fail(`it succeeded: ${JSON.stringify(result)}`), thrown => thrown);
  assert.ok(error instanceof SdkError, `no error of the SDK: ${describe(error)}`);
  if (code !== undefined) assert.equal(error.getErrorCode(), code, describe(error));
  assert.equal(error.getErrorData().errorGroup, group, describe(error));
  assert.ok(error.getErrorDescription());
  return error;
}

export const methodsOf = client => Object.getOwnPropertyNames(Object.getPrototypeOf(client))
  .filter(name => name !== 'constructor' && typeof client[name] === 'function')
  .flatMap(name => Object.getOwnPropertyNames(Object.getPrototypeOf(client[name]()))
    .filter(method => method !== 'constructor')
    .map(method => `${name}().${method}`));
