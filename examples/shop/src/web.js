// As much of a web framework as the shop needs: routes, forms, cookies, files, answers.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const TYPES = { '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml' };
const BODY = 64 * 1024;

/** What went wrong, in words for the customer. */
export class Problem extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export const page = (body, status = 200) => ({ status, body: String(body), type: 'text/html; charset=utf-8' });
export const json = (body, status = 200) => ({ status, body: JSON.stringify(body), type: 'application/json' });
export const seeOther = (location) => ({ status: 303, body: '', headers: { location } });

async function read(request) {
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > BODY) throw new Problem(413, 'İstek çok büyük.');
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  try {
    return (request.headers['content-type'] ?? '').startsWith('application/json')
      ? JSON.parse(text)
      : Object.fromEntries(new URLSearchParams(text));
  } catch {
    throw new Problem(400, 'İstek okunamadı.');
  }
}

const cookies = (header = '') => Object.fromEntries(header.split(/; */).map((pair) => pair.split('=')));

async function file(folder, path) {
  const name = normalize(path);
  const type = TYPES[extname(name)];
  const found = type && !name.includes('..') && (await stat(join(folder, name)).catch(() => undefined));
  return found?.isFile() ? { status: 200, stream: createReadStream(join(folder, name)), type } : undefined;
}

/** `/siparis/:no` and a path → its parts, or undefined. */
function match(pattern, path) {
  const names = [];
  const text = pattern.replace(/:(\w+)/g, (_, name) => (names.push(name), '([\\w-]+)'));
  const found = new RegExp(`^${text}$`).exec(path);
  return found && Object.fromEntries(names.map((name, at) => [name, found[at + 1]]));
}

/**
 * Serves `routes`: `'POST /sepet/:urun': async ({ params, query, body, headers, cookies }) => answer`.
 * `failed` makes an answer of what they throw.
 */
export function serve({ routes, folder, failed }) {
  const rows = Object.entries(routes).map(([row, run]) => [...row.split(' '), run]);
  const answer = async (request) => {
    const url = new URL(request.url, 'http://shop');
    for (const [method, pattern, run] of rows) {
      const params = method === request.method && match(pattern, url.pathname);
      if (!params) continue;
      const body = method === 'POST' ? await read(request) : {};
      const query = Object.fromEntries(url.searchParams);
      return run({ params, query, body, headers: request.headers, cookies: cookies(request.headers.cookie) });
    }
    const found = request.method === 'GET' && (await file(folder, url.pathname));
    if (found) return found;
    throw new Problem(404, 'Aradığınız sayfa bulunamadı.');
  };
  return createServer(async (request, response) => {
    const { status, body, stream, type, headers } = await answer(request).catch((error) => failed(error, request));
    const given = type ? { 'content-type': type, 'x-content-type-options': 'nosniff' } : {};
    response.writeHead(status, { ...given, ...headers });
    if (stream) stream.pipe(response);
    else response.end(body);
  });
}
