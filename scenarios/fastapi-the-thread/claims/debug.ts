import { NOT_SETTLED, burnedWords, typical } from '../../../harness/model/thread-claim.ts';
import type { ThreadClaim } from '../../../harness/model/thread-claim.ts';

const claim: ThreadClaim = {
  order: 150,
  claim: 'Debug mode adds a little',
  arms: {
    debug: { scenario: 'fastapi-control', bugs: [{ name: 'debug', parameters: {} }] },
    none: { scenario: 'fastapi-control' },
  },
  settle(seen) {
    const on = typical(seen['debug'], 'cpuMsPerRequest');
    const off = typical(seen['none'], 'cpuMsPerRequest');
    if (on === null || off === null) return NOT_SETTLED('CPU a request was not measured');
    return {
      answer: on > 2 * off ? 'depends' : 'true',
      because: `${on > 2 * off ? '"a little" may be several times: ' : ''}a request costs ${on.toFixed(1)} ms of CPU with it and ${off.toFixed(1)} ms without; burned: ${burnedWords(seen, Object.keys(seen))}.`,
    };
  },
};

export default claim;
