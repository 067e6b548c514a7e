// The package for `require`; `index.mjs` is the same for `import`.
'use strict';

const { start, attach, Server } = require('./lib/server.cjs');
const { Sandbox } = require('./lib/sandbox.cjs');
const { MockposError, VerificationError } = require('./lib/errors.cjs');

module.exports = { start, attach, Server, Sandbox, MockposError, VerificationError };
