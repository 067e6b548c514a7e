// One mockpos for all workers of vitest.
import { start } from 'mockpos';

const scenario = 'version = 1\n[craftgate]\nsignature = "off"\n';

export default async function setup(project) {
  const server = await start({ clock: 'frozen:2026-01-02T03:04:05Z', scenario });
  project.provide('mockpos', server.url);
  return () => server.stop();
}
