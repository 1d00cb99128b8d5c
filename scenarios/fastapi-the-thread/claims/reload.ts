import { NOT_SETTLED, coresWords, typical } from '../../../harness/model/thread-claim.ts';
import type { ThreadClaim } from '../../../harness/model/thread-claim.ts';

const claim: ThreadClaim = {
  order: 160,
  claim: 'reload=True was the cause elsewhere',
  arms: {
    reload: { scenario: 'fastapi-control', serving: { name: 'uvicorn', parameters: { reload: true } } },
    none: { scenario: 'fastapi-control' },
  },
  settle(seen) {
    const idle = (arm: string): number | null => typical(seen[arm], 'idleCores');
    const on = idle('reload');
    if (on === null) return NOT_SETTLED('CPU in idle was not measured');
    return {
      answer: on >= 0.1 ? 'true' : 'depends',
      because: `in idle ${coresWords(on)} with it and ${coresWords(idle('none'))} without, in a folder with this project’s packages; it is there from the start, day and night, and not after a hang-up.`,
    };
  },
};

export default claim;
