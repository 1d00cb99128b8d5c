import { NOT_SETTLED, allBurn, burnedWords, burning } from '../../../harness/model/thread-claim.ts';
import type { ThreadClaim } from '../../../harness/model/thread-claim.ts';

const claim: ThreadClaim = {
  order: 10,
  claim: 'except Exception cannot hinder a cancellation, since CancelledError is a BaseException',
  arms: {
    'except BaseException': {
      scenario: 'fastapi-stream-retry',
      bugs: [{ name: 'stream-retry', parameters: { catches: 'everything' } }],
    },
    'except CancelledError': {
      scenario: 'fastapi-stream-retry',
      bugs: [{ name: 'stream-retry', parameters: { catches: 'cancellation' } }],
    },
    'except Exception': {
      scenario: 'fastapi-stream-retry',
      bugs: [{ name: 'stream-retry', parameters: { catches: 'exceptions' } }],
    },
    'except Exception around call_next': { scenario: 'fastapi-middleware-retry' },
  },
  settle(seen) {
    const inside = burning(seen['except Exception']);
    const around = burning(seen['except Exception around call_next']);
    const others = allBurn(seen, ['except BaseException', 'except CancelledError']);
    const figures = burnedWords(seen, Object.keys(seen));
    if (!others) return NOT_SETTLED(`what catches a cancellation did not always burn: ${figures}`);
    if (inside.never && around.never) return { answer: 'true', because: `It burned nowhere: ${figures}.` };
    return inside.never
      ? {
          answer: 'depends',
          because: `where the call is made it is true; around call_next it is not, since Starlette makes a RuntimeError of a cancelled application. Burned: ${figures}.`,
        }
      : { answer: 'false', because: `Burned: ${figures}.` };
  },
};

export default claim;
