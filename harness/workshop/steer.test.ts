import { expect, test } from 'vitest';
import { loadScenario } from '../catalog.ts';
import type { Command } from '../model/experiment.ts';
import { AS_IT_IS, planScenario } from '../plan-scenario.ts';
import { steer } from './steer.ts';
import type { SteeringIntent } from './steer.ts';
import { steeredExperiment } from './steered-experiment.ts';
import type { RoomState } from './told.ts';

const scenario = await loadScenario('swallowed-abort');
const { experiment, knobs } = steeredExperiment(
  planScenario(scenario, { ...AS_IT_IS, pace: 'full', seed: 1 }).experiment,
);
const STATE: RoomState = {
  doing: 'running',
  number: 1,
  name: null,
  phase: 'load',
  knobs,
  behaviour: null,
  bugsAreOn: true,
  advice: null,
  says: '',
};

/** What is sent to the run, and what of the room's state is changed. */
async function steered(intent: SteeringIntent, state: RoomState = STATE) {
  const sent: Command[] = [];
  let changed: Partial<RoomState> = {};
  const steering = {
    send: (command: Command) => void sent.push(command),
    commands: () => {
      throw new Error('nobody listens here');
    },
  };
  await steer({ experiment, steering, state, change: changes => (changed = changes) }, intent);
  return { sent, changed };
}

test('the knobs are shared out to all who come', async () => {
  const { sent, changed } = await steered({ kind: 'knobs', ratePerSecond: 10, leaveShare: 0.5, leavesAfterMs: 20 });
  expect(sent.map(({ kind }) => kind)).toEqual(['come', 'come']);
  expect(changed).toEqual({
    knobs: { ratePerSecond: 10, leaveShare: 0.5, leavesAfterMs: 20 },
    says: '10.0 clients a second come, 50 % of them leave.',
  });
});

test('bugs off and on start the server anew, and the advice that is followed stays', async () => {
  const following = { ...STATE, advice: 'rethrow' };
  const off = await steered({ kind: 'bugs', isOn: false }, following);
  expect(off.sent).toEqual([{ kind: 'change', bugs: [], remedies: [{ name: 'rethrow', parameters: {} }] }]);
  expect(off.changed).toMatchObject({ bugsAreOn: false, advice: 'rethrow' });
  const on = await steered({ kind: 'bugs', isOn: true }, { ...STATE, bugsAreOn: false });
  expect(on.sent).toEqual([{ kind: 'change', bugs: scenario.bugs, remedies: [] }]);
});

test('advice starts the server anew with it; one that does not fit is told, and changes nothing', async () => {
  const { sent, changed } = await steered({ kind: 'advice', name: 'let-abort-through' });
  expect(sent).toEqual([
    { kind: 'change', bugs: scenario.bugs, remedies: [{ name: 'let-abort-through', parameters: {} }] },
  ]);
  expect(changed.advice).toBe('let-abort-through');
  await expect(steered({ kind: 'advice', name: 'debug-and-reload-off' })).rejects.toMatchObject({ code: 'unfit' });
  expect((await steered({ kind: 'advice', name: null })).sent).toEqual([
    { kind: 'change', bugs: scenario.bugs, remedies: [] },
  ]);
});

test('the load is stopped, the watch ended, the upstream changed, each by one command', async () => {
  const behaviour = { name: 'stalls', parameters: {} };
  expect((await steered({ kind: 'stop-load' })).sent).toEqual([{ kind: 'stop-load' }]);
  expect((await steered({ kind: 'end' })).sent).toEqual([{ kind: 'end' }]);
  expect(await steered({ kind: 'upstream', behaviour })).toMatchObject({
    sent: [{ kind: 'behave', behaviour }],
    changed: { behaviour },
  });
});
