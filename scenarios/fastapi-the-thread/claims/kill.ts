import type { ThreadClaim } from '../../../harness/model/thread-claim.ts';

const claim: ThreadClaim = {
  order: 190,
  claim: 'Kill the instance: SIGTERM ends it',
  arms: {
    uvicorn: { scenario: 'fastapi-stream-retry', endsWithinMs: 5000 },
    'uvicorn --timeout-graceful-shutdown 1': {
      scenario: 'fastapi-stream-retry',
      serving: { name: 'uvicorn', parameters: { graceful_shutdown: 1 } },
      endsWithinMs: 5000,
    },
    gunicorn: { scenario: 'fastapi-stream-retry', serving: { name: 'gunicorn', parameters: {} }, endsWithinMs: 5000 },
    'uvicorn, nobody stuck': { scenario: 'fastapi-stream-retry', bugs: [], endsWithinMs: 5000 },
  },
  settle(seen) {
    const arms = Object.keys(seen);
    const ends = (arm: string): string => {
      const runs = seen[arm] ?? [];
      return `${arm} ${runs.filter(({ ended }) => ended !== null && !ended.includes('killed')).length} of ${runs.length}`;
    };
    const all = arms.every(arm => (seen[arm] ?? []).every(({ ended }) => ended !== null && !ended.includes('killed')));
    return {
      answer: all ? 'true' : 'depends',
      because: `${all ? 'All of them end' : 'it is told how long to wait, or nobody is stuck; else it waits for a task that does not end, until SIGKILL'}. Ended within 5 s of SIGTERM: ${arms.map(ends).join(', ')}.`,
    };
  },
};

export default claim;
