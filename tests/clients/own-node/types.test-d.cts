// Compiled, never run: the same for `require`.
import mockpos = require('mockpos');

export const url = async (): Promise<string> => (await mockpos.start()).url;
