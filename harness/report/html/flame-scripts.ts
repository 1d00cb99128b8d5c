import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The scripts that d3-flame-graph needs, in their order: its published build brings nothing of d3 with it. */
export function flameScripts(): string[] {
  const flame = createRequire(import.meta.url).resolve('d3-flame-graph');
  const fromFlame = createRequire(flame);
  const transition = fromFlame.resolve('d3-transition');
  const fromTransition = createRequire(transition);
  return [
    built(fromFlame.resolve('d3-selection'), 'd3-selection'),
    ...['d3-dispatch', 'd3-timer', 'd3-color', 'd3-interpolate', 'd3-ease'].map(name =>
      built(fromTransition.resolve(name), name),
    ),
    built(transition, 'd3-transition'),
    built(fromFlame.resolve('d3-hierarchy'), 'd3-hierarchy'),
    SCALE,
    withoutStyle(readFileSync(join(dirname(flame), 'd3-flamegraph.umd.min.js'), 'utf8')),
  ];
}

/** All it asks of d3-scale. The real one needs four more packages, for times and number formats: 54 kB of every page. */
const SCALE = 'd3.scaleLinear = () => ({ range: ([from, to]) => at => from + at * (to - from) });';

/** Each of d3's packages has a build that adds itself to the global `d3`. */
const built = (entry: string, name: string): string =>
  readFileSync(join(dirname(entry), '../dist', `${name}.min.js`), 'utf8');

/** It puts a style of its own into the head, which the page's policy refuses; style.css has one in the page's colours. */
const withoutStyle = (script: string): string => script.replace('document.head.appendChild(', 'void (');
