// Bundles the package's TypeScript with the shop's few modules, as a shop's Next.js build does. Nothing of it is changed.
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, stop } from 'esbuild-wasm';

const here = dirname(fileURLToPath(import.meta.url));
const at = (path) => resolve(here, path);
const absent = at('shop/absent.cjs');
const plugins = createRequire(import.meta.url)('@akinon/next/plugins');

await build({
  entryPoints: [at('shop/client.js'), at('shop/server.js')],
  outdir: at('node_modules/.shop'),
  outExtension: { '.js': '.cjs' },
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
  tsconfigRaw: {},
  alias: {
    '@akinon/next': at('node_modules/@akinon/next'),
    settings: at('shop/settings.js'),
    routes: at('shop/routes.js'),
    'redux/store': at('shop/store.js'),
    '@theme/redux/store': at('shop/store.js'),
    'server-only': absent,
    ...Object.fromEntries(plugins.map((name) => [`@akinon/${name}`, absent])),
    '@akinon/pz-masterpass/src/redux/reducer': absent,
    '@akinon/pz-masterpass/src/utils': absent
  }
});
await stop();
