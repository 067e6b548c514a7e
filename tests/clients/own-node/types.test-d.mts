// Compiled, never run: the types are as the package is used.
import { attach, start, MockposError, type Call, type Report, type Sandbox } from 'mockpos';

const server = await start({ clock: 'frozen:2026-01-02T03:04:05Z', seed: 7n, scenario: ['a.toml'] });
const mockpos: Sandbox = await server.sandbox('a');
await mockpos.clock.advance('15m').then((it) => it.happened[0]?.what);
const calls: Call[] = await mockpos.waitForCalls({ endpoint: 'craftgate.*', orderNo: '1' }, 2, { timeout: 500 });
const report: Report = await mockpos.expect({ endpoint: 'craftgate.*', count: '1..3' }).verify({ strict: true });
const { text } = await mockpos.challenge({ orderNo: '1' }).bringBack({ outcome: 'half', mdStatus: 4 });
await mockpos.challenge('id').finish({ otp: '123456' });
const [webhook] = await mockpos.webhooks.list();
if (webhook) await mockpos.webhooks.release(webhook);
await (await attach()).stop();

// @ts-expect-error: no such outcome
await mockpos.challenge().finish({ outcome: 'wins' });
// @ts-expect-error: an outcome, or a code
await mockpos.challenge().finish({});
// @ts-expect-error: no such filter
await mockpos.journal({ endpont: 'a' });

export const seen = [calls, report, text, MockposError];
