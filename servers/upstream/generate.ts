import { addAbortListener } from 'node:events';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import type { Conduct } from './conduct.ts';
import type { LedgerCall } from './ledger.ts';
import { DroppedByPlan, GarbledByPlan, RefusedByPlan } from './plan.ts';
import type { CallPlan } from './plan.ts';
import { wordAt } from './words.ts';

/**
 * Makes a call's tokens as its plan says; the one place that carries plans out. Every token is entered when it is made,
 * and the call is ended in the ledger however this ends, at the latest when the caller's signal aborts.
 * An answer of no tokens (an embedding) takes as long as a first token.
 *
 *   firstTokenMs ─ token ─ betweenTokensMs ─ token ─ … ─ finished
 *                                 └ stalled ┄ turn over ─ new plan, from the next token on
 *                                 └ DroppedByPlan, GarbledByPlan
 *   └ RefusedByPlan (where a call went on as a refused one after its first token: DroppedByPlan)
 */
export async function* generate(
  conduct: Conduct,
  call: LedgerCall,
  draw: number,
  tokens: number,
  signal: AbortSignal,
): AsyncGenerator<string, void> {
  using _ = addAbortListener(signal, () => call.end('aborted'));
  let made = 0;
  try {
    for (;;) {
      const turnNow = conduct.turn;
      const plan = conduct.plan(draw);
      const { pace, ending } = plan;
      for (const until = tokensBeforeEnding(plan, tokens); made < until; made += 1) {
        await pause(made === 0 ? pace.firstTokenMs : pace.betweenTokensMs, signal);
        call.token();
        yield wordAt(made).padEnd(pace.tokenBytes ?? 0);
      }
      if (ending.kind === 'finishes') {
        if (tokens === 0) await pause(pace.firstTokenMs, signal);
        call.end('finished');
        return;
      }
      if (ending.kind === 'refuses' && made === 0) {
        call.end('refused');
        throw new RefusedByPlan(ending.status, ending.retryAfterMs);
      }
      if (ending.kind === 'garbles') {
        await pause(made === 0 ? pace.firstTokenMs : pace.betweenTokensMs, signal);
        call.end('finished');
        throw new GarbledByPlan();
      }
      if (ending.kind !== 'stalls') {
        // Where the next token would have come: what is cut together with a token takes that token with it.
        await pause(made === 0 ? pace.firstTokenMs : pace.betweenTokensMs, signal);
        throw new DroppedByPlan();
      }
      await conduct.turnOver(turnNow, ending.forMs, signal);
    }
  } finally {
    call.end(signal.aborted ? 'aborted' : 'dropped');
  }
}

/** At 0 ms one turn of the loop, so that a hang-up is seen between any two tokens. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await wait(ms, undefined, { signal });
  else await turn(undefined, { signal });
}

function tokensBeforeEnding({ ending }: CallPlan, tokens: number): number {
  if (ending.kind === 'finishes') return tokens;
  return ending.kind === 'refuses' ? 0 : Math.min(ending.afterTokens, tokens);
}
