// What goes wrong, in the words of whoever said it.
'use strict';

/** mockpos refused, could not be reached, or did not start. */
class MockposError extends Error {
  /** @param {string} message @param {{ status?: number, hint?: string, body?: unknown, cause?: unknown }} [more] */
  constructor(message, { status, hint, body, cause } = {}) {
    super(hint ? `${message}\nhint: ${hint}` : message, cause === undefined ? undefined : { cause });
    this.name = 'MockposError';
    this.status = status;
    this.hint = hint;
    this.body = body;
  }
}

/** What was expected did not happen; `report` has all that was found. */
class VerificationError extends MockposError {
  constructor(message, report) {
    super(message, { status: 409, body: report });
    this.name = 'VerificationError';
    this.report = report;
  }
}

module.exports = { MockposError, VerificationError };
