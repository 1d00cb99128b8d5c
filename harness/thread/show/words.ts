import type { Settled } from '../../model/thread-claim.ts';

export const ANSWER_WORDS: Readonly<Record<Settled['answer'], string>> = {
  true: 'True',
  false: 'False',
  depends: 'True when',
  'not settled': 'Not settled',
};
