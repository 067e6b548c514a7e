// A real Chromium, and what it says aloud while it shows pages.
import { chromium } from 'playwright-core';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--headless',
  // Sites with names of their own, and no name server.
  '--host-resolver-rules=MAP *.example 127.0.0.1'
];

/** Long enough for a busy machine; nothing waits for it to pass. */
const PATIENCE = 30_000;

/** Starts one. */
export const launch = () => chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS, timeout: 2 * PATIENCE });

/**
 * Tells `story` of a page in a profile of its own, and fails when the page opens a dialog, runs a script that throws, or
 * breaks a policy. `policy: true` keeps broken policies in `page.said` instead.
 */
export async function withPage(browser, { policy = false, ...options }, story) {
  const context = await browser.newContext({ locale: 'tr-TR', ...options });
  context.setDefaultTimeout(PATIENCE);
  const said = [];
  context.on('dialog', (dialog) => {
    said.push(`a dialog: ${dialog.message()}`);
    dialog.dismiss().catch(() => {});
  });
  context.on('weberror', (error) => said.push(`an error: ${error.error().message}`));
  context.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) said.push(`a policy: ${message.text()}`);
  });
  try {
    const page = await context.newPage();
    page.said = said;
    const result = await story(page);
    if (!policy && said.length) throw new Error(said.join('\n'));
    return result;
  } finally {
    await context.close();
  }
}
