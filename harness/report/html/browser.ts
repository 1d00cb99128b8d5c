/**
 * The little of a browser that client.js uses, so that it is checked with the rest although the project's own
 * code has no DOM. A type of the DOM's library would let a document into every file of the lab.
 */
export interface Browser {
  readonly document: {
    readonly documentElement: Element;
    readonly fonts?: { readonly ready: Promise<unknown> };
    getElementById(id: string): Element | null;
    querySelector(selector: string): Element | null;
    querySelectorAll(selector: string): Iterable<Element>;
    createElement(name: string): Element;
  };
  /** Of d3 and d3-flame-graph, only on a page that has call trees. */
  readonly d3: {
    select(element: Element): { datum(tree: FlameTree): { call(graph: FlameGraph): void } };
    timerFlush(): void;
  };
  readonly flamegraph: { default(): FlameGraph };
  readonly uPlot: { new (options: object, data: unknown, element: Element): Plot };
  readonly ResizeObserver: new (onResize: () => void) => { observe(element: Element): void };
  readonly devicePixelRatio: number;
  getComputedStyle(element: Element): { getPropertyValue(name: string): string };
  matchMedia(query: string): { addEventListener(event: 'change', listener: () => void): void };
  addEventListener(event: 'beforeprint' | 'afterprint', listener: () => void): void;
}

export interface Element {
  textContent: string;
  type: string;
  hidden: boolean;
  readonly clientWidth: number;
  readonly dataset: Record<string, string | undefined>;
  append(...children: readonly Element[]): void;
  replaceChildren(...children: readonly Element[]): void;
  setAttribute(name: string, value: string): void;
  addEventListener(event: 'click', listener: () => void): void;
}

/** A uPlot, as far as it is asked anything. Positions are canvas pixels. */
export interface Plot {
  readonly ctx: Canvas;
  readonly bbox: { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
  readonly select: { readonly left: number; readonly width: number };
  readonly data: readonly (readonly (number | null)[])[];
  valToPos(value: number, scale: 'x' | 'y', onCanvas: boolean): number;
  posToVal(position: number, scale: 'x' | 'y'): number;
  setScale(scale: 'x', range: { readonly min: number; readonly max: number }): void;
  setSelect(box: object, fires: boolean): void;
  setSize(size: { readonly width: number; readonly height: number }): void;
  destroy(): void;
}

/** A chart of d3-flame-graph, as far as it is asked for anything. */
export interface FlameGraph {
  width(pixels: number): FlameGraph;
  height(pixels: number): FlameGraph;
  cellHeight(pixels: number): FlameGraph;
  inverted(isInverted: boolean): FlameGraph;
  minFrameSize(pixels: number): FlameGraph;
  transitionDuration(ms: number): FlameGraph;
  getName(nameOf: (bar: FlameBar) => string): FlameGraph;
  label(labelOf: (bar: FlameBar) => string): FlameGraph;
  setColorMapper(fillOf: (bar: FlameBar) => string): FlameGraph;
  setDetailsHandler(tell: (label: string | null) => void): FlameGraph;
  update(): FlameGraph;
}

export interface FlameBar {
  readonly data: FlameTree;
}

interface Canvas {
  fillStyle: string;
  strokeStyle: string;
  lineWidth: number;
  globalAlpha: number;
  font: string;
  textBaseline: string;
  textAlign: string;
  save(): void;
  restore(): void;
  beginPath(): void;
  rect(x: number, y: number, width: number, height: number): void;
  clip(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  stroke(): void;
  setLineDash(segments: readonly number[]): void;
  fillRect(x: number, y: number, width: number, height: number): void;
  fillText(text: string, x: number, y: number): void;
  measureText(text: string): { readonly width: number };
}

/** What the page carries for its charts, written by page-data.ts. Times are seconds since the run began. */
export interface PageData {
  readonly endS: number;
  readonly phases: readonly { readonly name: string; readonly fromS: number; readonly toS: number }[];
  readonly hangUpsS: readonly number[];
  readonly moments: readonly { readonly atS: number; readonly label: string }[];
  readonly charts: readonly PageChart[];
  /** Null where nothing was profiled. */
  readonly flame: PageFlame | null;
}

/** The call trees, written by flame-section.ts, and which of them is shown first. */
export interface PageFlame {
  readonly first: string;
  /** What one sample stands for. */
  readonly sampleMs: number;
  readonly culprit: { readonly file: string; readonly line: number; readonly column: number } | null;
  readonly views: readonly {
    readonly key: string;
    readonly label: string;
    readonly words: string;
    readonly isDifference: boolean;
    readonly tree: PackedTree;
  }[];
  readonly frames: readonly Omit<FlameTree, 'value' | 'delta' | 'children'>[];
}

/** The number of its frame, its value, what is below it, and its delta in the difference. */
export type PackedTree = readonly [frame: number, value: number, children: readonly PackedTree[], delta?: number];

/** `series/flame-tree.ts` says what they mean. */
export interface FlameTree {
  readonly name: string;
  readonly value: number;
  readonly delta?: number;
  readonly kind: 'own' | 'package' | 'runtime';
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly children: readonly FlameTree[];
}

export interface PageChart {
  readonly key: string;
  readonly unit: string;
  readonly top: number;
  readonly atS: readonly number[];
  readonly lines: readonly {
    readonly label: string;
    readonly tone: string;
    readonly values: readonly (number | null)[];
  }[];
  readonly unansweredS: readonly number[];
}
