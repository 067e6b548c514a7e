// Every word of the client, against the real program.
import { MockposError, VerificationError } from 'mockpos';
import { describe, expect } from 'vitest';
import { CREATE, UNSIGNED, test } from './support.mjs';

describe('a sandbox', () => {
  test('a scenario decides, and the journal tells', async ({ mockpos, pay }) => {
    await mockpos.setScenario(`${UNSIGNED}[[rule]]\nwhen = { nth = 1 }\nthen = { decline = "insufficient_funds" }`, { name: 'poor.toml' });
    expect((await pay()).errors.errorGroup).toBe('NOT_SUFFICIENT_FUNDS');
    expect((await pay()).status).toBe(200);
    const calls = await mockpos.journal({ endpoint: CREATE });
    expect(calls.map((it) => it.status)).toEqual([422, 200]);
    expect(calls[0].decided_by).toMatch(/^rule poor\.toml:/);
    expect(await mockpos.journal({ decidedBy: '*poor.toml*' })).toEqual([calls[0]]);
    expect((await mockpos.explain(calls[0])).because).toContain('poor.toml');
    expect((await mockpos.explain(2)).call.status).toBe(200);
    expect(await mockpos.scenario()).toContain('insufficient_funds');
  });

  test('of the same name begins anew', async ({ server }) => {
    const first = await server.sandbox('yine ve yine');
    await first.setScenario('version = 1\n');
    await first.clock.advance('1h');
    first.expect({ endpoint: CREATE });
    const second = await server.sandbox('yine ve yine');
    expect(second.url).toBe(first.url);
    expect(await second.journal()).toEqual([]);
    expect((await second.clock.read()).now).toBe('2026-01-02T03:04:05.000000Z');
    expect(await second.scenario()).toContain('signature');
    expect((await server.sandbox()).url).not.toBe((await server.sandbox()).url);
    expect((await server.sandbox('x'.repeat(500))).name.length).toBeLessThanOrEqual(64);
    expect((await server.sandbox('a?')).name).not.toBe((await server.sandbox('a!')).name);
  });

  test('time moves when it is told to', async ({ mockpos }) => {
    expect((await mockpos.clock.freeze(new Date('2026-05-01T12:00:00Z'))).now).toBe('2026-05-01T12:00:00.000000Z');
    expect((await mockpos.clock.advance(90 * 60_000)).now).toBe('2026-05-01T13:30:00.000000Z');
    expect((await mockpos.clock.advance('30m')).now).toBe('2026-05-01T14:00:00.000000Z');
    expect((await mockpos.clock.set('2026-05-02T00:00:00Z')).frozen).toBe(true);
    expect((await mockpos.clock.unfreeze()).frozen).toBe(false);
  });
});

describe('a challenge', () => {
  for (const [how, status] of [[{ outcome: 'succeeds' }, 'SUCCESS'], [{ outcome: 'half', mdStatus: 4 }, 'FAILURE'], [{ otp: '111100' }, 'FAILURE']]) {
    test(`is finished by ${JSON.stringify(how)}`, async ({ mockpos, pay, shop }) => {
      await pay({ path: '/3ds-init', callbackUrl: `${shop.url}/callback?a=1&b=%22` });
      expect((await mockpos.challenge().read()).status).toBe('open');
      expect(await mockpos.challenge().bringBack(how)).toMatchObject({ status: 200, text: 'teşekkürler' });
      expect(shop.heard).toEqual([{ path: '/callback?a=1&b=%22', body: expect.stringContaining(`status=${status}`) }]);
      await expect(mockpos.challenge().finish(how)).rejects.toThrow('there is no such challenge\nhint: name one');
      const [ended] = await mockpos.challenges({ status: 'ended' });
      await expect(mockpos.challenge(ended.id).finish(how)).rejects.toThrow('this challenge is over');
    });
  }

  test('of several must be named', async ({ mockpos, pay, shop }) => {
    await pay({ path: '/3ds-init', callbackUrl: shop.url });
    await pay({ path: '/3ds-init', callbackUrl: shop.url });
    await expect(mockpos.challenge().read()).rejects.toThrow('there are 2 such challenges');
    const [{ order_no: orderNo }] = await mockpos.challenges();
    expect((await mockpos.challenge({ orderNo }).finish({ outcome: 'cancelled' })).how.outcome).toBe('cancelled');
    expect((await mockpos.challenge().read()).order_no).not.toBe(orderNo);
    await expect(mockpos.challenge().bringBack()).rejects.toThrow('the browser brings nothing back');
  });

  test('of an unknown outcome: the nearest is named', async ({ mockpos, pay, shop }) => {
    await pay({ path: '/3ds-init', callbackUrl: shop.url });
    const refused = await mockpos.challenge().finish({ outcome: 'sucseeds' }).catch((error) => error);
    expect(refused).toBeInstanceOf(MockposError);
    expect(refused).toMatchObject({ status: 422, hint: 'did you mean `succeeds`?' });
    expect(refused.message).toContain('unknown outcome `sucseeds`\nhint: did you mean');
  });
});

describe('calls', () => {
  test('are waited for', async ({ mockpos, pay }) => {
    const waiting = mockpos.waitForCalls({ endpoint: CREATE }, 2, { timeout: '30s' });
    await pay();
    await pay();
    expect((await waiting).map((it) => it.status)).toEqual([200, 200]);
    await expect(mockpos.waitForCalls({ endpoint: CREATE }, 3, { timeout: 10 })).rejects.toThrow(
      /waited 10ms for 3 calls with endpoint=.*; there were 2\n {2}1 POST/
    );
    await expect(mockpos.waitForCalls({ endpont: CREATE })).rejects.toThrow('no filter of the journal\nhint: the filters are');
  });

  test('are expected', async ({ mockpos, pay }) => {
    mockpos.expect({ name: 'paid once', endpoint: CREATE, status: 200, count: 1 });
    await pay({ price: 90 });
    const failed = await mockpos.verify().catch((error) => error);
    expect(failed).toBeInstanceOf(VerificationError);
    expect(failed.message).toContain('`paid once`: wanted 1, found 0\n    nearest: call 1, POST');
    expect(failed.report.expectations[0]).toMatchObject({ found: 0, passed: false });
    await pay();
    expect(await mockpos.verify()).toMatchObject({ passed: true, calls: 2 });
    await expect(mockpos.verify({ expect: [{ endpoint: CREATE, never: true }] })).rejects.toThrow('wanted never, found 2');
    expect((await mockpos.verify({ ledger: false })).payments).toBe(null);
    await expect(mockpos.verify({ expect: [{ endpoint: 'nobody.*' }] })).rejects.toThrow(/nobody/);
    await mockpos.reset();
    expect((await mockpos.verify()).expectations).toEqual([]);
  });
});

describe('webhooks', () => {
  test('are held, released and sent again', async ({ mockpos, pay, shop }) => {
    await mockpos.setScenario(`${UNSIGNED}[[merchant]]\nwebhook_url = "${shop.url}/hook"\n[[rule]]\nthen = { webhook = { send = "held" } }`);
    await pay();
    await mockpos.webhooks.drain({ all: true });
    const [held] = await mockpos.webhooks.list();
    expect([held.state, shop.heard]).toEqual(['held', []]);
    await mockpos.webhooks.release(held);
    await mockpos.webhooks.redeliver(held.id);
    expect(shop.heard.map((it) => it.path)).toEqual(['/hook', '/hook']);
    await expect(mockpos.webhooks.release(99)).rejects.toThrow('there is no webhook');
  });
});

test('a bad scenario is refused in the compiler\'s words', async ({ mockpos }) => {
  const refused = await mockpos.setScenario('version = 1\n[[rule]]\nthen = { decline = "insuficient_funds" }').catch((error) => error);
  expect(refused).toMatchObject({ status: 422, message: expect.stringContaining('insufficient_funds') });
});
