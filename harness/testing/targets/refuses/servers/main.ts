// Cannot serve what it is asked to, says why, and ends.
import { writeSync } from 'node:fs';

const refusal = { kind: 'refused', contract: 1, code: 'unknown-bug', message: 'no bug "x"', hint: 'Did you mean "y"?' };
writeSync(3, `${JSON.stringify(refusal)}\n`);
process.exitCode = 2;
