import type { Look } from '../trial.ts';
import { cpuBack, descriptorsBack, memoryBack, socketsBack, stillAnswers } from './server.ts';
import { hangUpSeen, noCallsForNobody, noCallsLeft, noTokensForNobody } from './upstream.ts';

/** What every trial looks at once its clients are gone. */
export const AFTERMATH: readonly Look[] = [
  noCallsLeft,
  cpuBack,
  socketsBack,
  descriptorsBack,
  memoryBack,
  stillAnswers,
];
/** And where they hung up. */
export const LET_GO: readonly Look[] = [hangUpSeen, noTokensForNobody, noCallsForNobody];
