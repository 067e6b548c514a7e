// The package under Jest, by `require`, with the timers that Jest likes to take away.
const { attach, start, MockposError } = require('mockpos');

let server;
beforeAll(async () => {
  server = await start({ clock: 'frozen:2026-01-02T03:04:05Z' });
});
afterAll(() => server.stop());

test('a sandbox for this test', async () => {
  jest.useFakeTimers();
  const mockpos = await server.sandbox(expect.getState().currentTestName);
  await fetchPage(mockpos.url);
  const [call] = await mockpos.waitForCalls({ page: 'PaymentOption*' });
  expect(call.status).toBe(200);
  await mockpos.expect({ page: 'PaymentOptionSelectionPage', count: 1 }).verify();
  await expect(mockpos.setScenario('nonsense')).rejects.toBeInstanceOf(MockposError);
  jest.useRealTimers();
});

test('one that runs already', async () => {
  expect(await (await attach(server.url)).journal()).toEqual([]);
});

function fetchPage(url) {
  return fetch(`${url}/orders/checkout/?page=PaymentOptionSelectionPage`, { method: 'POST', body: new URLSearchParams({ payment_option: '1' }) });
}
