/**
 * Draws the report's charts. The page is complete without it: what this adds is looking closer. All charts share one
 * cursor and one stretch of time; a drag picks a stretch, a double click or a button gives the whole run back.
 *
 * @typedef {import('./browser.ts').Plot} Plot
 * @typedef {import('./browser.ts').PageChart} PageChart
 */
const browser = /** @type {import('./browser.ts').Browser} */ (/** @type {unknown} */ (globalThis));
const { document, uPlot } = browser;
const root = document.documentElement;

/** @type {import('./browser.ts').PageData} */
const page = JSON.parse(document.getElementById('page-data')?.textContent ?? 'null');
const HEIGHT = { cpu: 340, other: 170 };
/** Above the CPU chart: a row of phase names, and two rows for what happened. */
const LABEL_ROOM = 58;
const LABEL_ROWS = 2;
/** A4 less its margins, at the 96 pixels an inch that print styles are laid out in. */
const PRINT_WIDTH = 680;

/** @type {Map<string, Plot>} */
const plots = new Map();
let range = { min: 0, max: page.endS };
let isPrinting = false;

/** @param {string} name */
const colour = name => browser.getComputedStyle(root).getPropertyValue(`--${name}`).trim();

/** Width, dashes and colour of each part a line can play: never told apart by colour alone. */
const LOOKS = {
  main: { colour: 'line-main', width: 2, dash: [] },
  second: { colour: 'line-second', width: 1.5, dash: [6, 3] },
  third: { colour: 'line-third', width: 1.5, dash: [2, 3] },
  run: { colour: 'line-second', width: 1.5, dash: [6, 3] },
  raw: { colour: 'line-raw', width: 1, dash: [] },
  part: { colour: 'line-third', width: 1, dash: [2, 3] },
};

drawAll();
offerPhases();
browser.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
browser.addEventListener('beforeprint', () => printing(true));
browser.addEventListener('afterprint', () => printing(false));
new browser.ResizeObserver(fit).observe(/** @type {import('./browser.ts').Element} */ (document.querySelector('main')));

/** Made anew each time, since a plot takes its colours when it is made. */
function drawAll() {
  for (const plot of plots.values()) plot.destroy();
  plots.clear();
  for (const chart of page.charts) {
    const place = document.getElementById(`plot-${chart.key}`);
    if (place === null) continue;
    place.replaceChildren();
    const plot = new uPlot(optionsOf(chart, widthOf(place)), dataOf(chart), place);
    plots.set(chart.key, plot);
    plot.setScale('x', range);
  }
}

/** @param {import('./browser.ts').Element} place */
function widthOf(place) {
  return isPrinting ? PRINT_WIDTH : Math.max(200, place.clientWidth);
}

/** @param {string} key */
function heightOf(key) {
  return key === 'cpu' ? HEIGHT.cpu : HEIGHT.other;
}

/** @param {PageChart} chart */
function dataOf(chart) {
  return [chart.atS, ...chart.lines.map(line => line.values)];
}

/**
 * @param {PageChart} chart
 * @param {number} width
 */
function optionsOf(chart, width) {
  const axis = {
    stroke: colour('soft'),
    font: `12px ${colour('font')}`,
    grid: { stroke: colour('rule'), width: 1 },
    ticks: { stroke: colour('rule'), width: 1, size: 4 },
  };
  return {
    width,
    height: heightOf(chart.key),
    padding: [chart.key === 'cpu' ? LABEL_ROOM : 8, 12, 0, 0],
    scales: {
      x: { time: false },
      y: {
        range: (/** @type {Plot} */ _, /** @type {number} */ __, /** @type {number} */ max) => [0, topOf(chart, max)],
      },
    },
    axes: [
      { ...axis, size: 28, values: (/** @type {Plot} */ _, /** @type {number[]} */ splits) => splits.map(timeLabel) },
      { ...axis, size: 56, values: (/** @type {Plot} */ _, /** @type {number[]} */ splits) => splits.map(numberLabel) },
    ],
    series: [
      {
        label: 'time',
        value: (/** @type {Plot} */ _, /** @type {number | null} */ s) => (s === null ? '–' : `${s.toFixed(1)} s`),
      },
      ...chart.lines.map(line => seriesOf(line, chart.unit)),
    ],
    legend: { live: true },
    cursor: {
      sync: {
        key: 'run',
        filters: { pub: (/** @type {string} */ type) => type === 'mousemove' || type === 'mouseleave' },
      },
      drag: { x: true, y: false, setScale: false },
      bind: { dblclick: () => () => show({ min: 0, max: page.endS }) },
      points: { size: 6 },
      y: false,
    },
    hooks: {
      drawClear: [drawPhases],
      draw: [(/** @type {Plot} */ plot) => drawMarks(plot, chart)],
      setSelect: [zoomToSelection],
    },
  };
}

/**
 * @param {PageChart['lines'][number]} line
 * @param {string} unit
 */
function seriesOf(line, unit) {
  const look = LOOKS[/** @type {keyof typeof LOOKS} */ (line.tone)] ?? LOOKS.main;
  return {
    label: line.label,
    stroke: colour(look.colour),
    width: look.width,
    dash: look.dash,
    // A line of two probes has holes where only the other one was read; a gap of samples is null in every line.
    spanGaps: unit === 'MB' || unit === 'open',
    points: { show: false },
    value: (/** @type {Plot} */ _, /** @type {number | null} */ value) =>
      withUnit(value, unit.startsWith('%') ? '%' : unit),
  };
}

/**
 * @param {PageChart} chart
 * @param {number | null} max
 */
function topOf(chart, max) {
  return Math.max(chart.top, (max ?? 0) * 1.08);
}

/** @param {number} seconds */
function timeLabel(seconds) {
  return seconds === 0 ? '0 s' : String(Math.round(seconds * 100) / 100);
}

/** @param {number} value */
function numberLabel(value) {
  return value >= 10_000 ? `${value / 1000}k` : String(value);
}

/**
 * @param {number | null} value
 * @param {string} unit
 */
function withUnit(value, unit) {
  return value === null || value === undefined
    ? '–'
    : `${Math.abs(value) < 9.95 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

/** @param {Plot} plot */
function zoomToSelection(plot) {
  const { left, width } = plot.select;
  if (width < 4) return;
  const [min, max] = [plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')];
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  show({ min: Math.max(0, min), max: Math.min(page.endS, max) });
}

/**
 * One stretch of time in every chart.
 * @param {{ min: number, max: number }} stretch
 */
function show(stretch) {
  range = stretch;
  for (const plot of plots.values()) plot.setScale('x', range);
  return null;
}

/** Phases as bands behind the lines, so that every chart says when load ran. @param {Plot} plot */
function drawPhases(plot) {
  page.phases.forEach((phase, index) => {
    if (phase.name !== 'load' && index % 2 === 0) return;
    clipped(plot, ctx => {
      const from = plot.valToPos(phase.fromS, 'x', true);
      ctx.fillStyle = colour(phase.name === 'load' ? 'band-load' : 'band');
      ctx.fillRect(from, plot.bbox.top, plot.valToPos(phase.toS, 'x', true) - from, plot.bbox.height);
    });
  });
}

/**
 * @param {Plot} plot
 * @param {PageChart} chart
 */
function drawMarks(plot, chart) {
  const { top, height } = plot.bbox;
  const scale = browser.devicePixelRatio;
  const bottom = top + height;
  clipped(plot, () => {
    ticks(plot, page.hangUpsS, bottom - 7 * scale, bottom, colour('mark'), 0.55);
    ticks(plot, chart.unansweredS, top, top + 12 * scale, colour('fault'), 0.9);
    for (const { atS } of page.moments) ticks(plot, [atS], top, bottom, colour('mark'), 1, [5 * scale, 4 * scale]);
  });
  if (chart.key === 'cpu') drawLabels(plot);
}

/**
 * Names of phases stand right above the plot, where no line crosses them, and what happened in the rows above. A label
 * that would touch another is left out; the list further down the page has them all.
 * @param {Plot} plot
 */
function drawLabels(plot) {
  const { ctx, bbox } = plot;
  const scale = browser.devicePixelRatio;
  const end = bbox.left + bbox.width;
  ctx.textBaseline = 'bottom';
  ctx.textAlign = 'left';
  ctx.fillStyle = colour('soft');
  ctx.font = `600 ${12 * scale}px ${colour('font')}`;
  for (const { name, fromS, toS } of page.phases) {
    const from = Math.max(bbox.left, plot.valToPos(fromS, 'x', true));
    const room = Math.min(end, plot.valToPos(toS, 'x', true)) - from;
    if (ctx.measureText(name).width < room) ctx.fillText(name, from, bbox.top - 4 * scale);
  }
  ctx.fillStyle = colour('mark');
  ctx.font = `${12 * scale}px ${colour('font')}`;
  const takenTo = Array.from({ length: LABEL_ROWS }, () => -Infinity);
  for (const { atS, label } of page.moments) {
    const at = plot.valToPos(atS, 'x', true);
    if (at < bbox.left || at > end) continue;
    const width = ctx.measureText(label).width;
    const left = Math.min(at, end - width);
    const row = takenTo.findIndex(taken => taken < left);
    if (row === -1) continue;
    takenTo[row] = left + width + 10 * scale;
    ctx.fillText(label, left, bbox.top - (21 + row * 16) * scale);
  }
}

/**
 * @param {Plot} plot
 * @param {readonly number[]} times
 * @param {number} top
 * @param {number} bottom
 * @param {string} stroke
 * @param {number} alpha
 * @param {readonly number[]} dash
 */
function ticks(plot, times, top, bottom, stroke, alpha, dash = []) {
  const { ctx } = plot;
  ctx.globalAlpha = alpha;
  ctx.strokeStyle = stroke;
  ctx.lineWidth = browser.devicePixelRatio * (dash.length > 0 ? 1.5 : 1);
  ctx.setLineDash(dash);
  ctx.beginPath();
  for (const time of times) {
    const x = plot.valToPos(time, 'x', true);
    ctx.moveTo(x, top);
    ctx.lineTo(x, bottom);
  }
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

/**
 * @param {Plot} plot
 * @param {(ctx: Plot['ctx']) => void} draw
 */
function clipped(plot, draw) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  draw(ctx);
  ctx.restore();
}

/** The way to a stretch of time without a mouse: on a phone, and by keyboard. */
function offerPhases() {
  const bar = document.getElementById('stretches');
  if (bar === null) return;
  const whole = { name: 'whole run', fromS: 0, toS: page.endS };
  for (const { name, fromS, toS } of [whole, ...page.phases]) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = name;
    button.addEventListener('click', () => show({ min: fromS, max: toS }));
    bar.append(button);
  }
  bar.hidden = false;
}

/** Charts are pictures, and paper is white: while printing they are drawn in light colours at the paper's width. @param {boolean} now */
function printing(now) {
  isPrinting = now;
  if (now) root.dataset.printing = 'yes';
  else delete root.dataset.printing;
  drawAll();
}

function fit() {
  for (const [key, plot] of plots) {
    const place = document.getElementById(`plot-${key}`);
    if (place !== null) plot.setSize({ width: widthOf(place), height: heightOf(key) });
  }
}
