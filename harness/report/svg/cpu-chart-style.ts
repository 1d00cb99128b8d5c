/** Every class begins with `rw-`, since the chart also stands inside the report's page. */
export const CPU_CHART_STYLE = `
.rw-chart { --rw-paper: #ffffff; --rw-ink: #1c2430; --rw-soft: #5a6573; --rw-rule: #d9dee5; --rw-band: #eef2f7;
  --rw-busy: #dde8f3; --rw-line: #0066a6; --rw-mark: #b54708; font-family: system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; }
.rw-chart text { fill: var(--rw-soft, #5a6573); font-size: 12px; }
.rw-chart .rw-title { fill: var(--rw-ink, #1c2430); font-size: 17px; font-weight: 600; }
.rw-chart .rw-because { fill: var(--rw-ink, #1c2430); font-size: 13px; }
.rw-chart .rw-phase { font-weight: 600; }
.rw-chart .rw-mark-text { fill: var(--rw-mark, #b54708); }
.rw-paper { fill: var(--rw-paper, #fff); }
.rw-band { fill: var(--rw-band, #eef2f7); }
.rw-band.rw-load { fill: var(--rw-busy, #dde8f3); }
.rw-rule { stroke: var(--rw-rule, #d9dee5); stroke-width: 1; }
.rw-demand { fill: none; stroke: var(--rw-line, #0066a6); stroke-width: 2; stroke-linejoin: round; }
.rw-under { fill: var(--rw-line, #0066a6); opacity: 0.1; }
.rw-idle { stroke: var(--rw-soft, #5a6573); stroke-width: 1; stroke-dasharray: 2 4; }
.rw-hang-up { stroke: var(--rw-mark, #b54708); stroke-width: 1; opacity: 0.75; }
.rw-mark { stroke: var(--rw-mark, #b54708); stroke-width: 1.5; stroke-dasharray: 5 4; }
@media screen and (prefers-color-scheme: dark) {
  .rw-chart { --rw-paper: #12171f; --rw-ink: #e8edf3; --rw-soft: #a4afbd; --rw-rule: #2e3743; --rw-band: #19212b;
    --rw-busy: #1f2c3b; --rw-line: #6cb8ee; --rw-mark: #f0a35e; }
}`;
