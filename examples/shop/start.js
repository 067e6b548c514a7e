// `npm start`: mockpos and the shop, on two ports of this machine. Nothing else is needed.
import { fileURLToPath } from 'node:url';
import { start } from 'mockpos';
import { binary } from './binary.js';
import { openShop } from './src/shop.js';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const PORT = Number(process.env.PORT ?? 3000);

const mockpos = await start({ binary: binary(), scenario: at('scenario.toml'), port: Number(process.env.MOCKPOS_PORT ?? 4242) });
await mockpos.setScenario(`${await mockpos.scenario()}\n[[merchant]]\nwebhook_url = "http://127.0.0.1:${PORT}/webhook/craftgate"\n`, { name: 'shop.toml' });
const shop = await openShop({
  port: PORT,
  akinonUrl: mockpos.url,
  walletUrl: mockpos.url,
  url: mockpos.url,
  apiKey: 'api-key',
  secretKey: 'secret-key',
  callbackKey: 'merchantThreeDsCallbackKeySndbox',
  webhookKey: 'Aoh7tReTybO6wOjBmOJFFsOR53SBojEp'
});

console.log(`shop     ${shop.url}
orders   ${shop.url}/yonetim
mockpos  ${mockpos.url}

A card to type: 5258 6400 0000 0001, any name, 07 / 44, 000. Every code is 123456.`);
