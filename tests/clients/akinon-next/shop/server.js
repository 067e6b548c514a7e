// The shop's server: the package's proxy, login, logout, middlewares and page data behind one listener,
// each called with Next.js's own request and response. Only the rendering of pages is left out.
import 'next/dist/server/node-environment';
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { NextRequest } from 'next/server';
import { requestAsyncStorage } from 'next/dist/client/components/request-async-storage.external';
import { apiResolver } from 'next/dist/server/api-utils/node/api-resolver';
import { NodeNextRequest, NodeNextResponse } from 'next/dist/server/base-http/node';
import { sendResponse } from 'next/dist/server/send-response';
import auth from '@akinon/next/api/auth';
import * as proxy from '@akinon/next/api/client';
import * as logout from '@akinon/next/api/logout';
import { getMenu, getSeoData, getWidgetData } from '@akinon/next/data/server';
import { withPzDefault } from '@akinon/next/middlewares';

/** Every request of the package to the backend, with what came back. */
const upstream = [];
const realFetch = globalThis.fetch;
globalThis.fetch = async (input, init) => {
  const sent = new Request(input, init);
  const answer = await realFetch(input, init);
  upstream.push({
    method: sent.method,
    target: sent.url.slice(process.env.SERVICE_BACKEND_URL.length),
    headers: Object.fromEntries(sent.headers),
    status: answer.status,
    type: answer.headers.get('content-type') ?? '',
    cookies: answer.headers.getSetCookie().length,
    redirect: answer.headers.get('location')
  });
  return answer;
};

const middleware = withPzDefault(() => {});

function nextRequest(req) {
  const bodyless = req.method === 'GET' || req.method === 'HEAD';
  return new NextRequest(new URL(req.url, process.env.NEXT_PUBLIC_URL), {
    method: req.method,
    headers: req.headers,
    ...(bodyless ? {} : { body: Readable.toWeb(req), duplex: 'half' })
  });
}

/** The data that a layout asks for; the HTML around it is the theme's. */
async function page(request, shown) {
  const headers = new Headers(shown.headers);
  headers.set('content-type', 'application/json');
  const context = { headers: request.headers, cookies: request.cookies };
  const data = await requestAsyncStorage.run(context, async () => ({
    page: request.nextUrl.pathname,
    menu: await getMenu(),
    seo: await getSeoData('/'),
    widget: await getWidgetData({ slug: 'home' })
  }));
  return new Response(JSON.stringify(data), { headers });
}

async function answer(request) {
  const { pathname } = request.nextUrl;
  if (pathname.startsWith('/api/client/')) {
    const slug = pathname.slice('/api/client/'.length).split('/').filter(Boolean).map(decodeURIComponent);
    return proxy[request.method](request, { params: { slug } });
  }
  if (pathname === '/api/logout') return logout.POST(request);
  const shown = await middleware(request, {});
  const goesOn = shown.headers.has('x-middleware-rewrite') || shown.headers.has('x-middleware-next');
  return goesOn ? page(request, shown) : shown;
}

async function serve(req, res) {
  const url = new URL(req.url, process.env.NEXT_PUBLIC_URL);
  if (url.pathname === '/upstream') return res.end(JSON.stringify(upstream.splice(0)));
  if (url.pathname.startsWith('/api/auth/')) {
    const nextauth = url.pathname.slice('/api/auth/'.length).split('/').filter(Boolean);
    const query = { ...Object.fromEntries(url.searchParams), nextauth };
    return apiResolver(req, res, query, { default: auth }, {}, false, false);
  }
  return sendResponse(new NodeNextRequest(req), new NodeNextResponse(res), await answer(nextRequest(req)));
}

const server = createServer((req, res) => {
  serve(req, res).catch((error) => {
    console.error('shop:', error);
    res.statusCode = 500;
    res.end();
  });
});
server.listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  process.env.NEXT_PUBLIC_URL = url;
  process.env.NEXTAUTH_URL = url;
  process.send({ url });
});
process.on('disconnect', () => process.exit(0));
