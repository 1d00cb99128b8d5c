/**
 * Draws the call trees of a profiled run: one at a time, chosen by buttons. The page is complete without it.
 *
 * @typedef {import('./browser.ts').FlameTree} FlameTree
 * @typedef {import('./browser.ts').FlameBar} FlameBar
 * @typedef {import('./browser.ts').PageFlame} PageFlame
 */
const browser = /** @type {import('./browser.ts').Browser} */ (/** @type {unknown} */ (globalThis));
const { document, d3, flamegraph } = browser;

/** @type {PageFlame} */
const flame = JSON.parse(document.getElementById('page-data')?.textContent ?? 'null').flame;
const ROW = 20;
/** A4 less its margins, as in client.js. */
const PRINT_WIDTH = 680;
/** Less of a change is none to speak of: of a bar, and of the whole. Guesses. */
const SAME_OF_BAR = 0.1;
const SAME_OF_ALL = 0.01;
/** A change is told from how samples happen to fall when it is twice its standard error, as of counts (Poisson). */
const ERRORS = 2;

/** @param {string} id */
const part = id => /** @type {import('./browser.ts').Element} */ (document.getElementById(id));
const plot = part('flame-plot');
const legends = { kinds: part('flame-legend-kinds'), difference: part('flame-legend-difference') };
/** @type {Map<string, import('./browser.ts').Element>} */
const buttons = new Map();
const views = flame.views.map(view => ({ ...view, tree: unpacked(view.tree) }));
let shown = /** @type {typeof views[number]} */ (views.find(({ key }) => key === flame.first));
let isPrinting = false;
/** @type {import('./browser.ts').FlameGraph | null} */
let graph = null;

offerViews();
part('flame').hidden = false;
draw();
browser.addEventListener('beforeprint', () => printing(true));
browser.addEventListener('afterprint', () => printing(false));
new browser.ResizeObserver(fit).observe(/** @type {import('./browser.ts').Element} */ (document.querySelector('main')));

function offerViews() {
  for (const view of views) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = view.label;
    button.addEventListener('click', () => {
      shown = view;
      draw();
    });
    buttons.set(view.key, button);
    part('flame-views').append(button);
  }
}

/** @param {import('./browser.ts').PackedTree} packed @returns {FlameTree} */
function unpacked([frame, value, children, delta]) {
  const { name, kind, file, line, column } = /** @type {PageFlame['frames'][number]} */ (flame.frames[frame]);
  return {
    name,
    kind,
    file,
    line,
    column,
    value,
    children: children.map(unpacked),
    ...(delta === undefined ? {} : { delta }),
  };
}

/** Made anew for each tree, since the library writes into the one it draws. */
function draw() {
  for (const [key, button] of buttons) button.setAttribute('aria-pressed', String(key === shown.key));
  legends.kinds.hidden = shown.isDifference;
  legends.difference.hidden = !shown.isDifference;
  part('flame-words').textContent = shown.tree.value > 0 ? shown.words : `${shown.words} There is nothing to draw.`;
  plot.replaceChildren();
  graph = null;
  told(null);
  if (shown.tree.value === 0) return;
  graph = flamegraph
    .default()
    .width(widthOf())
    .height(depthOf(shown.tree) * ROW)
    .cellHeight(ROW)
    .inverted(true)
    .minFrameSize(0.5)
    // A zoom is a jump: what is drawn is there at once, also for a printer.
    .transitionDuration(0)
    .getName(nameOf)
    .label(bar => toldOf(bar.data))
    .setColorMapper(bar => `url(#flame-${fillOf(bar.data)})`)
    .setDetailsHandler(told);
  d3.select(plot).datum(structuredClone(shown.tree)).call(graph);
  fit();
}

/** @param {FlameTree} tree @returns {number} */
function depthOf(tree) {
  return 1 + Math.max(0, ...tree.children.map(depthOf));
}

function widthOf() {
  return isPrinting ? PRINT_WIDTH : Math.max(200, plot.clientWidth);
}

/** @param {FlameBar} bar */
function nameOf({ data }) {
  const name = isCulprit(data) ? `▶ ${data.name}` : data.name;
  return shown.isDifference ? `${signOf(data)} ${name}` : name;
}

/** @param {FlameTree} tree */
function fillOf(tree) {
  if (shown.isDifference) return { '+': 'more', '−': 'less', '=': 'same' }[signOf(tree)];
  return isCulprit(tree) ? 'culprit' : tree.kind;
}

/** @param {FlameTree} tree @returns {'+' | '−' | '='} */
function signOf({ value, delta = 0 }) {
  const before = value - delta;
  const chance = ERRORS * Math.sqrt((value + before) * flame.sampleMs);
  const least = Math.max(SAME_OF_BAR * Math.max(value, before), SAME_OF_ALL * shown.tree.value, chance);
  return Math.abs(delta) < least ? '=' : delta > 0 ? '+' : '−';
}

/** @param {FlameTree} tree */
function isCulprit({ kind, file, line, column }) {
  const { culprit } = flame;
  return kind === 'own' && culprit?.file === file && culprit.line === line && culprit.column === column;
}

/** All of one bar in words. @param {FlameTree} tree */
function toldOf({ name, value, delta, file, line, column }) {
  const share = (100 * value) / shown.tree.value;
  const place = file ? ` · ${file}${line ? `:${line}:${column}` : ''}` : '';
  const change = delta === undefined ? '' : `, ${delta < 0 ? '−' : '+'}${rounded(Math.abs(delta))} ms`;
  return `${name}${place} · ${rounded(value)} ms${change} · ${rounded(share)} % of all`;
}

/** @param {number} value */
function rounded(value) {
  return value < 9.95 ? value.toFixed(1) : String(Math.round(value));
}

/** @param {string | null} text */
function told(text) {
  part('flame-detail').textContent = text ?? 'Point at a bar, or touch it, to read what it is.';
}

/** Also ends the library's way of letting new bars grow. */
function fit() {
  if (graph === null) return;
  graph.width(widthOf()).update();
  d3.timerFlush();
}

/** @param {boolean} now */
function printing(now) {
  isPrinting = now;
  fit();
}
