// `npm start`: mockpos and the shop, on two ports of this machine. Nothing else is needed.
import { fileURLToPath } from 'node:url';
import { start } from 'mockpos';
import { binary } from './binary.js';
import { openShop } from './src/shop.js';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const { PORT = 3000, MOCKPOS_PORT = 4242 } = process.env;

const mockpos = await start({ binary: binary(), scenario: at('scenario.toml'), port: Number(MOCKPOS_PORT) });
const shop = await openShop({
  port: Number(PORT),
  akinonUrl: mockpos.url,
  walletUrl: mockpos.url,
  url: mockpos.url,
  apiKey: 'api-key',
  secretKey: 'secret-key',
  callbackKey: 'merchantThreeDsCallbackKeySndbox',
  webhookKey: 'Aoh7tReTybO6wOjBmOJFFsOR53SBojEp'
});
const webhooks = `[[merchant]]\nwebhook_url = "${shop.url}/webhook/craftgate"\n`;
await mockpos.setScenario(`${await mockpos.scenario()}\n${webhooks}`, { name: 'shop.toml' });

console.log(`shop     ${shop.url}
orders   ${shop.url}/yonetim
mockpos  ${mockpos.url}

A card to type: 5258 6400 0000 0001, any name, 07 / 44, 000. Every code is 123456.`);
