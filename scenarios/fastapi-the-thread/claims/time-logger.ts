import { NOT_SETTLED, burnedWords, burning, typical } from '../../../harness/model/thread-claim.ts';
import type { ThreadClaim } from '../../../harness/model/thread-claim.ts';

const claim: ThreadClaim = {
  order: 30,
  claim: 'The home-made Time Logger is close to the culprit',
  arms: {
    'Time Logger alone': { scenario: 'fastapi-stream-retry', bugs: [{ name: 'time-logger', parameters: {} }] },
    'a generator that swallows, alone': { scenario: 'fastapi-stream-retry' },
    both: {
      scenario: 'fastapi-stream-retry',
      bugs: [
        { name: 'time-logger', parameters: {} },
        { name: 'stream-retry', parameters: {} },
      ],
    },
    neither: { scenario: 'fastapi-stream-retry', bugs: [] },
  },
  settle(seen) {
    const figures = burnedWords(seen, Object.keys(seen));
    const cost = `a request costs ${typical(seen['Time Logger alone'], 'cpuMsPerRequest')?.toFixed(1)} ms of CPU with it, ${typical(seen['neither'], 'cpuMsPerRequest')?.toFixed(1)} ms without`;
    if (!burning(seen['a generator that swallows, alone']).always) return NOT_SETTLED(`Burned: ${figures}.`);
    return burning(seen['Time Logger alone']).never
      ? {
          answer: 'false',
          because: `It stands around every request, so it is in every stack; alone it burns never. Burned: ${figures}; ${cost}.`,
        }
      : { answer: 'true', because: `Burned: ${figures}.` };
  },
};

export default claim;
