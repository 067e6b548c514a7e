// Where mockpos is: MOCKPOS_BIN, else the one that was built last in this repository, else the one on the PATH.
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export function binary() {
  const age = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const paths = ['release', 'debug'].map((kind) => fileURLToPath(new URL(`../../target/${kind}/mockpos`, import.meta.url)));
  return process.env.MOCKPOS_BIN ?? paths.filter(age).sort((a, b) => age(b) - age(a))[0];
}
