// One mockpos for all workers, with a clock that stands still. Each test has a sandbox of its own in it.
import { attach, start } from 'mockpos';
import { binary } from '../binary.js';

export default async function setup(project) {
  const server = process.env.MOCKPOS_URL ? await attach() : await start({ binary: binary(), clock: 'frozen:2026-01-02T03:04:05Z' });
  project.provide('mockpos', server.url);
  return () => server.stop();
}
