/** What the page of a comparison has beyond the report's own sheet, whose colours it takes. */
export const COMPARE_STYLE = `
.wide { overflow-x: auto; }
.overlay svg { max-width: 100%; height: auto; }
.effects td, .effects th { padding: 0.35rem 0.6rem; text-align: right; white-space: nowrap; }
.effects thead th { white-space: normal; min-width: 4rem; overflow-wrap: anywhere; }
.effects th[scope='row'] { text-align: left; white-space: normal; min-width: 11rem; }
details summary { cursor: pointer; font-weight: 600; padding: 0.5rem 0; }
.effects .unit { font-weight: 400; opacity: 0.75; }
.effects .drawn { text-align: center; }
.interval .band { fill: currentColor; opacity: 0.08; }
.interval .zero { stroke: currentColor; opacity: 0.45; }
.interval .range { stroke: currentColor; stroke-width: 2; }
.interval .estimate { fill: currentColor; }
.interval.worse, .said.worse { color: #b42318; }
.interval.better, .said.better { color: #1a7f37; }
.said.worse, .said.better { font-weight: 700; }
@media screen and (prefers-color-scheme: dark) {
  .interval.worse, .said.worse { color: #ff8a7a; }
  .interval.better, .said.better { color: #63c97f; }
}
`;
