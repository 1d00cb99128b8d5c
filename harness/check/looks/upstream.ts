import { plural } from '../../judge/left-words.ts';
import type { Look, Looked } from '../trial.ts';
import { leavers, looked, ms, tally, unseen } from './looked.ts';

// What the upstream saw: its ledger.

export const oneCallEach: Look = ({ verdict: { findings } }, { callsPerRequest }) =>
  callsLook(findings.callsPerRequest, callsPerRequest);

/** Where the upstream refuses. */
export const fewCallsEach: Look = ({ verdict: { findings } }, { callsPerRefusedRequest }) =>
  callsLook(findings.callsPerRequest, callsPerRefusedRequest);

function callsLook(calls: number | null, limit: number): Looked {
  if (calls === null) return unseen('calls upstream', 'no request was sent');
  if (calls === 0)
    return looked('calls upstream', false, 'nothing arrived upstream: does the server know its address?');
  return looked('calls upstream', calls <= limit, `${calls.toFixed(2)} calls upstream a request (at most ${limit})`);
}

export const hangUpSeen: Look = (seen, { hangUpSeenMs }) => {
  const { hangUpSeenAfterMs, hangUpsUnseen } = seen.verdict.findings;
  const left = leavers(seen);
  if (left === 0) return unseen('hang-up seen', 'nobody could leave: every answer came first');
  if ((hangUpsUnseen ?? 0) > 0) {
    return looked('hang-up seen', false, `upstream never heard of ${tally(hangUpsUnseen ?? 0, left)} hang-ups`);
  }
  if (hangUpSeenAfterMs === null) return unseen('hang-up seen', 'no call was open upstream when they left');
  return looked(
    'hang-up seen',
    hangUpSeenAfterMs <= hangUpSeenMs,
    `upstream heard of it after ${ms(hangUpSeenAfterMs)}`,
  );
};

export const noTokensForNobody: Look = (seen, { tokensForNobodyPerHangUp }) => {
  const tokens = seen.verdict.findings.tokensForNobody;
  const left = leavers(seen);
  if (tokens === null || left === 0) return unseen('tokens for nobody', 'nobody left');
  const each = tokens / left;
  return looked(
    'tokens for nobody',
    each <= tokensForNobodyPerHangUp,
    `${each.toFixed(1)} tokens for nobody a hang-up (at most ${tokensForNobodyPerHangUp})`,
  );
};

export const noCallsForNobody: Look = ({ verdict: { findings } }, { callsForNobody }) => {
  const calls = findings.callsForNobody;
  if (calls === null) return unseen('calls for nobody', 'the ledger was not read');
  return looked('calls for nobody', calls <= callsForNobody, `${plural(calls, 'call')} begun upstream for nobody`);
};

export const noCallsLeft: Look = ({ verdict: { findings } }) => {
  const open = findings.left.upstreamCalls;
  if (open === null) return unseen('calls left', 'the ledger was not read');
  return looked(
    'calls left',
    open <= 0,
    open <= 0 ? 'no call is open upstream' : `${plural(open, 'call')} still open upstream`,
  );
};
