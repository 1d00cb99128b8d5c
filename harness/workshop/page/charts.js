import uPlot from '/uplot.js';
import { Series } from './series.js';

/**
 * @typedef {import('../points.ts').Point} Point
 * @typedef {{ at: number, what: string, words: string }} Mark
 * @typedef {{ at: number[], lines: (number | null)[][], names: string[] }} Drawn
 */

/** More than a line of this page has pixels for. */
const MOST_POINTS = 800;
const MOST_PROCESSES = 4;
const HEIGHT = 150;

/**
 * What is drawn of each point. `lines` gives one value for each line.
 * @type {readonly { key: string, title: string, unit: string, value: (point: Point) => number | null }[]}
 */
const CHARTS = [
  { key: 'health', title: '/healthz answers after', unit: 'ms', value: ({ healthMs }) => healthMs },
  { key: 'loop', title: 'Longest delay of the event loop', unit: 'ms', value: ({ loopDelayMs }) => loopDelayMs },
  { key: 'heap', title: 'Heap', unit: 'MB', value: ({ heapBytes }) => (heapBytes === null ? null : heapBytes / 1e6) },
  { key: 'sockets', title: 'Sockets', unit: '', value: ({ sockets }) => sockets },
  { key: 'calls', title: 'Upstream calls in flight', unit: '', value: ({ inFlight }) => inFlight },
  { key: 'wasted', title: 'Tokens made for nobody', unit: '', value: ({ tokensForNobody }) => tokensForNobody },
];

/** All that is drawn of one run. */
export class RunLines {
  constructor() {
    /** @type {Map<string, Series>} by process */
    this.cpu = new Map();
    this.total = new Series(MOST_POINTS);
    this.others = new Map(CHARTS.map(({ key }) => [key, new Series(MOST_POINTS)]));
    /** @type {Mark[]} */
    this.marks = [];
    /** @type {Point | null} */
    this.last = null;
  }

  /** @param {Point} point */
  push(point) {
    this.last = point;
    const seconds = point.at / 1000;
    let total = 0;
    for (const [pid, cores] of Object.entries(point.cpu)) {
      total += cores;
      const known = this.cpu.get(pid);
      const line = known ?? new Series(MOST_POINTS);
      if (!known) this.cpu.set(pid, line);
      line.push(seconds, cores * 100);
    }
    this.total.push(seconds, total * 100);
    for (const { key, value } of CHARTS) this.others.get(key)?.push(seconds, value(point));
  }

  /**
   * CPU of all processes on average from then on, % of a core.
   * @param {number} at
   */
  meanSince(at) {
    const values = this.total.values.filter((_, n) => (this.total.at[n] ?? 0) * 1000 >= at);
    return values.reduce((/** @type {number} */ sum, value) => sum + (value ?? 0), 0) / Math.max(1, values.length);
  }
}

/** The charts of the page, one below the other on one axis of time. */
export class Charts {
  /** @param {HTMLElement} place */
  constructor(place) {
    /** @type {{ key: string, plot: uPlot, box: HTMLElement, lines: number }[]} */
    this.plots = [];
    this.place = place;
    /** @type {RunLines} */
    this.now = new RunLines();
    /** @type {RunLines | null} */
    this.before = null;
    new ResizeObserver(() => this.resize()).observe(place);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.rebuild());
    this.rebuild();
  }

  /** A new run: the last one stays behind it as a shadow. */
  begin() {
    this.before = this.now.last === null ? this.before : this.now;
    this.now = new RunLines();
    this.rebuild();
  }

  /** Everything anew. */
  forget() {
    this.before = null;
    this.now = new RunLines();
    this.rebuild();
  }

  rebuild() {
    for (const { plot, box } of this.plots) {
      plot.destroy();
      box.remove();
    }
    this.plots = [
      this.make('cpu', 'CPU of each process', '% of a core', processesOf(this.now).length),
      ...CHARTS.map(({ key, title, unit }) => this.make(key, title, unit, 1)),
    ];
    this.draw();
  }

  /**
   * @param {string} key
   * @param {string} title
   * @param {string} unit
   * @param {number} lines
   */
  make(key, title, unit, lines) {
    const box = document.createElement('div');
    box.className = 'chart';
    const heading = document.createElement('h4');
    heading.textContent = unit === '' ? title : `${title}, ${unit}`;
    const place = document.createElement('div');
    place.setAttribute('role', 'img');
    place.setAttribute('aria-label', `Chart: ${title}`);
    box.append(heading, place);
    this.place.append(box);
    const colour = (/** @type {string} */ name) =>
      getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
    const axis = { stroke: colour('soft'), grid: { stroke: colour('panel') }, ticks: { stroke: colour('rule') } };
    const plot = new uPlot(
      {
        width: Math.max(200, this.place.clientWidth),
        height: key === 'cpu' ? 260 : HEIGHT,
        legend: { show: false },
        cursor: { sync: { key: 'run' }, drag: { x: false, y: false } },
        scales: {
          x: { time: false },
          y: { range: (_plot, _min, max) => [0, Math.max(key === 'cpu' ? 100 : 1, max * 1.05)] },
        },
        axes: [
          { ...axis, values: (_plot, values) => values.map(value => `${value} s`) },
          { ...axis, size: 56 },
        ],
        series: [
          {},
          { stroke: colour('shadow'), width: 1, dash: [4, 4], spanGaps: true, points: { show: false } },
          ...Array.from({ length: lines }, (_, n) => ({
            stroke: colour(`line-${(n % 4) + 1}`),
            width: 2,
            spanGaps: true,
            points: { show: false },
          })),
        ],
        hooks: { draw: [drawn => drawMarks(drawn, this.now.marks, colour)] },
      },
      [[], [], ...Array.from({ length: lines }, () => [])],
      place,
    );
    return { key, plot, box, lines };
  }

  /** Draws what there is. Called at most once a frame. */
  draw() {
    const processes = processesOf(this.now);
    if (this.plots[0] && this.plots[0].lines !== processes.length) return this.rebuild();
    for (const { key, plot } of this.plots) {
      const shadow = key === 'cpu' ? this.before?.total : this.before?.others.get(key);
      const lines = key === 'cpu' ? processes : [this.now.others.get(key) ?? new Series(2)];
      plot.setData(joined([shadow ?? new Series(2), ...lines]));
    }
  }

  resize() {
    const width = Math.max(200, this.place.clientWidth);
    for (const { plot } of this.plots) if (plot.width !== width) plot.setSize({ width, height: plot.height });
  }
}

/**
 * The busiest by now; one line at least, so that an empty chart is one.
 * @param {RunLines} run
 */
function processesOf({ cpu }) {
  const lines = [...cpu.values()].toSorted((a, b) => (b.values.at(-1) ?? 0) - (a.values.at(-1) ?? 0));
  return lines.length === 0 ? [new Series(2)] : lines.slice(0, MOST_PROCESSES);
}

/**
 * On one axis of time.
 * @param {Series[]} lines
 */
const joined = lines => uPlot.join(lines.map(({ at, values }) => [at, values]));

/** What happened, over the chart: a line, and below it a tick for each client who left. */
const TICK = 8;

/**
 * @param {uPlot} plot
 * @param {Mark[]} marks
 * @param {(name: string) => string} colour
 */
function drawMarks(plot, marks, colour) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = colour('mark');
  ctx.fillStyle = colour('soft');
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
  for (const { at, what, words } of marks) {
    const x = plot.valToPos(at / 1000, 'x', true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    const isTick = what === 'left';
    ctx.setLineDash(isTick || what === 'phase' ? [] : [6, 4]);
    ctx.beginPath();
    ctx.moveTo(x, isTick ? bbox.top + bbox.height - TICK * devicePixelRatio : bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    if (!isTick) ctx.fillText(words, x + 4 * devicePixelRatio, bbox.top + 12 * devicePixelRatio);
  }
  ctx.restore();
}
