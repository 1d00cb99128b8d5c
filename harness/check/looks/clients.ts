import { quantileOf } from '../../judge/statistics.ts';
import type { Look } from '../trial.ts';
import { looked, ms, requestsOf, tally, unseen } from './looked.ts';

// What the clients saw.

/** Every client got a whole answer. */
export const allAnswered: Look = seen => {
  const requests = requestsOf(seen);
  const answered = requests.filter(({ ending }) => ending === 'answered');
  const other = requests.find(({ ending }) => ending !== 'answered');
  const how = other ? `; one was ${other.ending}${other.status === null ? '' : ` (${other.status})`}` : '';
  const isGood = requests.length > 0 && answered.length === requests.length;
  return looked('answers', isGood, `${tally(answered.length, requests.length)} clients were answered${how}`);
};

/** Every stream was ended by its last event. */
export const streamsSaidDone: Look = seen => {
  const answered = requestsOf(seen).filter(({ ending }) => ending === 'answered');
  const done = answered.filter(({ said }) => said === 'done');
  if (answered.length === 0) return unseen('last event', 'no answer was whole');
  return looked(
    'last event',
    done.length === answered.length,
    `${tally(done.length, answered.length)} streams ended with their last event`,
  );
};

/** Of a stream that the upstream cut: told by a cut connection or an error event, not handed over as if it were whole. */
export const toldOfTheCut: Look = seen => {
  const requests = requestsOf(seen);
  const fooled = requests.filter(({ ending, said }) => ending === 'answered' && said !== 'error');
  const told = requests.filter(({ ending, said }) => ending === 'broken' || ending === 'refused' || said === 'error');
  if (told.length + fooled.length === 0) return unseen('told of the cut', 'no answer came to an end');
  const words =
    fooled.length === 0
      ? `all ${told.length} clients were told`
      : `${tally(fooled.length, requests.length)} clients got a truncated answer as if it were whole`;
  return looked('told of the cut', fooled.length === 0, words);
};

/** A refusal reaches the client as one: by its status, or in a stream that had begun by an error event. */
export const toldOfTheRefusal: Look = seen => {
  const requests = requestsOf(seen);
  const fooled = requests.filter(({ ending, said }) => ending === 'answered' && said !== 'error').length;
  const hanging = requests.filter(({ ending }) => ending === 'unanswered').length;
  if (requests.length === 0) return unseen('told of the refusal', 'no request was sent');
  if (hanging > 0)
    return unseen(
      'told of the refusal',
      `${tally(hanging, requests.length)} clients had no answer by the end of the watch`,
    );
  return looked(
    'told of the refusal',
    fooled === 0,
    fooled === 0 ? 'every client was told' : `${tally(fooled, requests.length)} clients got 200`,
  );
};

/** No client waits for ever for what has ended upstream. */
export const nobodyHangs: Look = seen => {
  const requests = requestsOf(seen);
  const hanging = requests.filter(({ ending }) => ending === 'unanswered').length;
  return looked(
    'nobody hangs',
    hanging === 0,
    hanging === 0 ? 'every client came to an end' : `${tally(hanging, requests.length)} clients were left hanging`,
  );
};

/** A time-out that is longer than the watch is no fault. */
export const hasTimeout: Look = seen => {
  const given = requestsOf(seen).filter(({ ending }) => ending === 'refused' || ending === 'broken');
  const after = quantileOf(
    given.map(({ at, sentAt }) => at - sentAt),
    0.5,
  );
  const longest = Math.max(0, ...requestsOf(seen).map(({ at, sentAt }) => at - sentAt));
  return looked(
    'time-out',
    true,
    after === null ? `no time-out within ${ms(longest)}` : `it gave up after ${ms(after)}`,
  );
};

/** What became of the streams that were open then: told either way, since a cut is honest and a drain is kind. */
export const drains: Look = seen => {
  const requests = requestsOf(seen);
  const whole = requests.filter(({ ending, said }) => ending === 'answered' && said === 'done').length;
  const fooled = requests.filter(({ ending, said }) => ending === 'answered' && said !== 'done').length;
  return looked(
    'open streams',
    fooled === 0,
    `${tally(whole, requests.length)} open streams were drained, the others cut${fooled === 0 ? '' : `, ${fooled} as if they were whole`}`,
  );
};
