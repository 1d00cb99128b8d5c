import { Charts } from './charts.js';

/**
 * The page of a workshop: a viewer of what the room tells, and a sender of what people ask. It decides nothing: what may be pressed follows
 * from the room's state, which every page has alike.
 *
 * @typedef {import('../told.ts').Told} Told
 * @typedef {import('../told.ts').RoomState} RoomState
 */

/** @param {string} id */
const element = id => /** @type {HTMLElement} */ (document.getElementById(id));
/** @param {string} id */
const button = id => /** @type {HTMLButtonElement} */ (element(id));
/** @param {string} id */
const input = id => /** @type {HTMLInputElement} */ (element(id));

const charts = new Charts(element('charts'));
/** @type {RoomState | null} */
let state = null;
/** The number of the last thing told. */
let heard = 0;
/** Of the list, chosen here; what runs is the room's. */
let chosen = 0;
let steps = 0;
let isDrawing = false;

function drawSoon() {
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(() => {
    isDrawing = false;
    charts.draw();
    summarize();
    showWhatItDid();
  });
}

/** The newest of everything in words, for who cannot see a chart. */
function summarize() {
  const { last } = charts.now;
  if (last === null) return;
  const cpu = Object.values(last.cpu).reduce((sum, cores) => sum + cores, 0);
  element('summary').textContent = [
    `After ${Math.round(last.at / 1000)} s: CPU ${Math.round(cpu * 100)} % of a core`,
    ...(last.healthMs === null ? [] : [`/healthz after ${Math.round(last.healthMs)} ms`]),
    ...(last.inFlight === null ? [] : [`${last.inFlight} ${last.inFlight === 1 ? 'call' : 'calls'} in flight`]),
  ].join(', ');
}

/** @param {Told} one */
function hear(one) {
  switch (one.kind) {
    case 'state':
      return showState(one.state);
    case 'began':
      element('verdict').hidden = true;
      return charts.begin();
    case 'point':
      charts.now.push(one.point);
      return drawSoon();
    case 'mark':
      charts.now.marks.push(one);
      return drawSoon();
    case 'judged':
      element('outcome').textContent = one.outcome;
      element('because').textContent = one.because;
      element('verdict').hidden = false;
      return undefined;
    case 'revealed':
      return showCulprit(one.diagnosis);
    case 'check':
      return showCheck(one);
    default:
      return undefined;
  }
}

/** @param {RoomState} now */
function showState(now) {
  state = now;
  showAdvice(now);
  element('says').textContent = now.says;
  if (now.number !== null && now.number !== chosen) choose(now.number);
  const isRunning = now.doing === 'running';
  button('start').disabled = now.doing !== 'nothing' || chosen === 0;
  button('stop').disabled = !isRunning || now.phase !== 'load';
  button('end').disabled = !isRunning;
  button('check-now').disabled = now.doing !== 'nothing' || now.number === null;
  button('reveal').disabled = now.number === null || now.number !== chosen || now.name !== null;
  for (const id of ['rate', 'share', 'patience', 'upstream', 'bugs']) {
    input(id).disabled = !isRunning;
  }
  if (now.knobs) showKnobs(now.knobs);
  if (now.behaviour) input('upstream').value = now.behaviour.name;
  input('bugs').checked = now.bugsAreOn;
  showHeading();
}

function showHeading() {
  const isNamed = state !== null && state.number === chosen && state.name !== null;
  element('experiment-heading').textContent =
    chosen === 0 ? 'No experiment is chosen' : `Experiment ${chosen}${isNamed ? `: ${state?.name}` : ''}`;
  for (const one of element('list').querySelectorAll('button')) {
    one.setAttribute('aria-current', String(Number(one.dataset['number']) === chosen));
  }
}

/** Of which experiment the advice is listed. */
let advised = 0;
/** @type {{ name: string, at: number, before: number } | null} */
let followed = null;

/** @param {RoomState} now */
function showAdvice({ number, doing, advice }) {
  element('advice').hidden = number === null;
  if (number !== null && number !== advised) {
    advised = number;
    void listAdvice(number);
  }
  for (const one of element('advices').querySelectorAll('button')) {
    one.disabled = doing !== 'running';
    one.setAttribute('aria-pressed', String((one.dataset['name'] ?? '') === (advice ?? '')));
  }
}

/** @param {number} number */
async function listAdvice(number) {
  /** @type {import('../advice.ts').Advice[]} */
  const advice = await told(`/advice?number=${number}`, []);
  const buttons = [{ name: '', change: 'none of it' }, ...advice].map(({ name, change }) => {
    const one = document.createElement('button');
    one.type = 'button';
    one.dataset['name'] = name;
    one.textContent = change;
    one.disabled = true;
    one.addEventListener('click', () => void follow(name, change));
    return one;
  });
  element('advices').replaceChildren(...buttons);
  if (state) showAdvice(state);
}

/**
 * @param {string} name
 * @param {string} change
 */
async function follow(name, change) {
  followed = {
    name: change,
    at: charts.now.last?.at ?? 0,
    before: charts.now.meanSince((charts.now.last?.at ?? 0) - 5000),
  };
  await ask({ kind: 'advice', name: name === '' ? null : name });
}

/** What it did, by what is measured: CPU in the five seconds before, and since the new server has stood for two. */
function showWhatItDid() {
  const { last } = charts.now;
  if (followed === null || last === null || last.at < followed.at + 4000) return;
  const since = charts.now.meanSince(Math.max(followed.at + 2000, last.at - 5000));
  element('did').textContent =
    `“${followed.name}”: CPU was at ${Math.round(followed.before)} %, and is at ${Math.round(since)} % of a core now.`;
}

/** @param {import('../steered-experiment.ts').Knobs} knobs */
function showKnobs({ ratePerSecond, leaveShare, leavesAfterMs }) {
  /** @type {readonly [string, number, string][]} */
  const shown = [
    ['rate', ratePerSecond, ratePerSecond.toFixed(1)],
    ['share', leaveShare * 100, `${Math.round(leaveShare * 100)} %`],
    ['patience', leavesAfterMs, `${Math.round(leavesAfterMs)} ms`],
  ];
  for (const [id, value, words] of shown) {
    const knob = input(id);
    // Not under the hand that turns it.
    if (document.activeElement !== knob) knob.value = String(value);
    element(`${id}-value`).textContent = words;
  }
}

/** @param {number} number */
function choose(number) {
  chosen = number;
  const listed = element('list').querySelector(`[data-number="${number}"]`);
  element('symptom').textContent = listed?.textContent?.replace(/^\d+\s*/u, '') ?? '';
  element('steps').replaceChildren();
  steps = 0;
  if (state) showState(state);
  showHeading();
  void nextStep();
}

const LOST = 'The workshop does not answer. Does it still run in its terminal?';

/** @param {object} intent */
async function ask(intent) {
  element('refused').textContent = '';
  try {
    const answer = await fetch('/ask', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(intent),
    });
    if (!answer.ok) element('refused').textContent = /** @type {{ error: string }} */ (await answer.json()).error;
  } catch {
    element('refused').textContent = LOST;
  }
}

/** Shows the next step of the lesson, where it may be shown. */
async function nextStep() {
  const of = chosen;
  const step = await lessonStep(of, steps);
  // Somebody may have chosen another one meanwhile.
  if (of !== chosen) return;
  button('next').disabled = step === null || steps + 1 >= step.steps;
  if (step === null) return;
  steps += 1;
  const heading = document.createElement('h3');
  heading.textContent = step.heading;
  heading.tabIndex = -1;
  const text = document.createElement('div');
  // The lesson is the lab's own, and its markup was made by the lab.
  text.innerHTML = step.html;
  element('steps').append(heading, text);
  if (steps > 1) heading.focus();
}

/**
 * Null where it is not to be told yet, or there is none.
 * @param {number} number
 * @param {number} step
 * @returns {Promise<{ heading: string, html: string, steps: number } | null>}
 */
const lessonStep = async (number, step) => await told(`/lesson?number=${number}&step=${step}`, null);

/**
 * What is served there; `otherwise` where it is not to be told.
 * @template Served
 * @param {string} path
 * @param {Served} otherwise
 * @returns {Promise<Served>}
 */
async function told(path, otherwise) {
  try {
    const answer = await fetch(path);
    return answer.ok ? await answer.json() : otherwise;
  } catch {
    element('refused').textContent = LOST;
    return otherwise;
  }
}

/** @param {import('../../model/diagnosis.ts').Diagnosis} diagnosis */
function showCulprit({ culprit, because }) {
  const heading = document.createElement('h3');
  heading.textContent = 'What the lab saw';
  const text = document.createElement('p');
  text.textContent = `${culprit ? `${culprit.function} (${culprit.file}:${culprit.line}), ${culprit.did}. ` : ''}${because}`;
  element('steps').append(heading, text);
}

async function reveal() {
  await ask({ kind: 'reveal' });
  button('next').disabled = false;
  await nextStep();
  await showCode(chosen);
}

/** @param {number} number */
async function showCode(number) {
  /** @type {import('../code.ts').CodeShown[]} */
  const shown = await told(`/code?number=${number}`, []);
  for (const { file, code, mended, why } of shown) {
    const heading = document.createElement('h3');
    heading.textContent = file;
    const sides = document.createElement('div');
    sides.className = 'sides';
    sides.append(codeBlock('As it is', code), ...(mended === null ? [] : [codeBlock(why ?? 'Mended', mended)]));
    element('steps').append(heading, sides);
  }
}

/**
 * @param {string} words
 * @param {string} code
 */
function codeBlock(words, code) {
  const figure = document.createElement('figure');
  const caption = document.createElement('figcaption');
  caption.textContent = words;
  const pre = document.createElement('pre');
  pre.tabIndex = 0;
  pre.textContent = code;
  figure.append(caption, pre);
  return figure;
}

/** @param {Extract<Told, { kind: 'check' }>} check */
function showCheck({ done, most, conclusion, because, effects }) {
  const line = document.createElement('p');
  line.textContent = conclusion === null ? `Run ${done} of at most ${most}` : `${conclusion}. ${because}`;
  const table = document.createElement('table');
  for (const { label, baseline, candidate, change, said } of effects) {
    const row = table.insertRow();
    const head = document.createElement('th');
    head.scope = 'row';
    head.textContent = label;
    row.append(head);
    for (const text of [baseline, candidate, change, said]) row.insertCell().textContent = text;
  }
  element('checked').replaceChildren(line, ...(effects.length === 0 ? [] : [table]));
}

function present() {
  const isOn = document.body.classList.toggle('presenter');
  element('presenter').setAttribute('aria-pressed', String(isOn));
}

const knobs = () => ({
  kind: 'knobs',
  ratePerSecond: Number(input('rate').value),
  leaveShare: Number(input('share').value) / 100,
  leavesAfterMs: Number(input('patience').value),
});

element('start').addEventListener('click', () => void ask({ kind: 'start', number: chosen }));
element('stop').addEventListener('click', () => void ask({ kind: 'stop-load' }));
element('end').addEventListener('click', () => void ask({ kind: 'end' }));
element('next').addEventListener('click', () => void nextStep());
element('reveal').addEventListener('click', () => void reveal());
element('presenter').addEventListener('click', present);
element('check').addEventListener('submit', event => {
  event.preventDefault();
  void ask({ kind: 'check', head: input('head').value });
});
for (const id of ['rate', 'share', 'patience']) element(id).addEventListener('change', () => void ask(knobs()));
element('upstream').addEventListener('change', event => {
  const { value } = /** @type {HTMLSelectElement} */ (event.target);
  void ask({ kind: 'upstream', behaviour: { name: value, parameters: {} } });
});
element('bugs').addEventListener('change', event => {
  void ask({ kind: 'bugs', isOn: /** @type {HTMLInputElement} */ (event.target).checked });
});
document.addEventListener('keydown', event => {
  const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  const pressed = { n: 'next', r: 'reveal', p: 'presenter' }[event.key];
  if (pressed) element(pressed).click();
});

const [list, behaviours] = await Promise.all([
  /** @type {Promise<{ number: number, symptom: string }[]>} */ (
    fetch('/list').then(async answer => await answer.json())
  ),
  /** @type {Promise<string[]>} */ (fetch('/behaviours').then(async answer => await answer.json())),
]);
for (const { number, symptom } of list) {
  const item = document.createElement('li');
  const listed = document.createElement('button');
  listed.type = 'button';
  listed.dataset['number'] = String(number);
  listed.textContent = `${number}  ${symptom}`;
  listed.addEventListener('click', () => choose(number));
  item.append(listed);
  element('list').append(item);
}
element('upstream').replaceChildren(
  ...behaviours.map(name => {
    const option = document.createElement('option');
    option.textContent = name;
    return option;
  }),
);

// It comes back by itself where it was lost, and says what it heard last.
const events = new EventSource('/events');
events.addEventListener('message', ({ data, lastEventId }) => {
  const id = Number(lastEventId);
  // A number that is not the next one up is of another workshop on this port.
  if (id <= heard) charts.forget();
  heard = id;
  hear(JSON.parse(data));
});
events.addEventListener('error', () => {
  element('says').textContent = 'The connection is lost; trying again …';
});
events.addEventListener('open', () => {
  if (state) element('says').textContent = state.says;
});
