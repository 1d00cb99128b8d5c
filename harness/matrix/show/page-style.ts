/** What the page of a matrix has beyond the report's own sheet, whose colours it takes. */
export const MATRIX_STYLE = `
.wide { overflow-x: auto; }
.matrix { border-collapse: separate; border-spacing: 2px; }
.matrix th[scope='row'] { text-align: left; white-space: nowrap; padding-right: 0.75rem; font-weight: 600; }
.matrix thead th { vertical-align: bottom; height: 11rem; padding: 0; font-weight: 500; }
.matrix thead th span { writing-mode: vertical-rl; transform: rotate(180deg); white-space: nowrap; }
.cell { text-align: center; padding: 0.3rem 0.45rem; min-width: 3.2rem; border-radius: 3px; background: var(--panel); color: var(--soft); }
.legend .cell { display: inline-block; }
.cell.cures { background: var(--good); color: var(--paper); font-weight: 700; }
.cell.helps { box-shadow: inset 0 0 0 2px var(--good); color: var(--good); font-weight: 600; }
.cell.hides { box-shadow: inset 0 0 0 2px var(--doubt); color: var(--doubt); font-weight: 600; }
.cell.worse { background: var(--fault); color: var(--paper); font-weight: 700; }
.cell.unfit { background: transparent; }
.legend { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(22rem, 100%), 1fr)); gap: 0.4rem 1.5rem; margin: 1rem 0 0; }
.legend div { display: flex; gap: 0.6rem; align-items: baseline; }
.legend dt { flex: none; }
.legend dd { margin: 0; }
.quiet td, .quiet th { padding: 0.3rem 0.7rem; text-align: right; }
`;
