// The package for `import`: the same objects that `require` gives, so that both may be used in one process.
import mockpos from './index.cjs';

export const { start, attach, Server, Sandbox, MockposError, VerificationError } = mockpos;
