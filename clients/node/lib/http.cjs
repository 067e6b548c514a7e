// One HTTP call. node:http and not fetch, which test environments replace, mock or leave out.
'use strict';

const http = require('node:http');
const https = require('node:https');
const { MockposError } = require('./errors.cjs');

/**
 * @param {string} method @param {string} url
 * @param {{ headers?: Record<string, string>, body?: string }} [options]
 * @returns {Promise<{ status: number, headers: http.IncomingHttpHeaders, text: string }>}
 */
function send(method, url, { headers = {}, body } = {}) {
  const client = url.startsWith('https:') ? https : http;
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const lost = (cause) => reject(new MockposError(`${method} ${url}: ${cause.message}`, { cause }));
    const request = client.request(url, { method, headers: { ...headers, ...length }, agent: false }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('error', lost);
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: answer.statusCode, headers: answer.headers, text });
      });
    });
    request.on('error', lost);
    request.end(body);
  });
}

/** The JSON of an answer, or undefined. */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

module.exports = { send, parsed };
