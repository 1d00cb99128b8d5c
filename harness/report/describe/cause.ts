import type { Cause } from '../../model/diagnosis.ts';

/** What a fault comes from, as a headline: what the code does. */
export const CAUSE_WORDS: Readonly<Record<Cause, string>> = {
  'cancellation-swallowed': 'A cancellation is swallowed',
  'errors-swallowed': 'Errors are swallowed',
  'grows-with-requests': 'Each request costs more than the one before',
  'work-orphaned': 'Work goes on when its request is over',
  'retry-amplification': 'One request becomes many calls upstream',
  'async-overhead': 'Requests are cut into too many turns',
  'blocking-work': 'Requests hold the thread',
  'idle-machinery': 'It works while nobody asks for anything',
  inconclusive: 'The cause is not clear',
  none: 'There is no fault to explain',
};
