/** The look of the HTML report: on a phone, on a screen by day and by night, and on paper. No font, image or script from anywhere. */
export const style = `
:root { color-scheme: light dark; --ink: #1d2330; --soft: #5a6475; --paper: #fff; --wash: #f3f5f8; --line: #d5dae2;
 --bad: #b42318; --warn: #9a6700; --good: #1a7f37; --note: #1f5fbf; --bar: #4d7fc4; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ef; --soft: #a0aaba; --paper: #14181f; --wash: #1e242e;
 --line: #363e4b; --bad: #ff8a80; --warn: #f0b94a; --good: #63d188; --note: #86b6ff; --bar: #6f9fe0; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; background: var(--paper); color: var(--ink);
 font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; margin: 0 0 .25rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 0; }
h4 { font-size: .95rem; margin: 1rem 0 .25rem; }
p, ul, ol, dl, pre { margin: .4rem 0; }
ul, ol { padding-left: 1.25rem; }
a { color: var(--note); }
code, pre { font: .85rem/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
pre { background: var(--wash); border-left: 3px solid var(--line); padding: .5rem .75rem; white-space: pre-wrap; }
pre.command { border-left-color: var(--note); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; }
dt { color: var(--soft); }
dd { margin: 0; }
summary { cursor: pointer; }
summary h3 { display: inline; }
.verdict { border-left: .4rem solid var(--soft); padding: .5rem .75rem; background: var(--wash); margin: .75rem 0; }
.verdict strong { margin-right: .5rem; }
.cause { border: 1px solid var(--line); border-left-width: .3rem; padding: .75rem; margin: 1rem 0; }
.down, .critical { border-left-color: var(--bad); } .degraded, .at-risk, .not-examined, .warning { border-left-color: var(--warn); }
.healthy { border-left-color: var(--good); } .starting, .info { border-left-color: var(--note); }
.down strong, .critical .tag { color: var(--bad); } .degraded strong, .at-risk strong, .not-examined strong, .warning .tag { color: var(--warn); }
.healthy strong { color: var(--good); } .starting strong, .info .tag { color: var(--note); }
.tag, .soft { color: var(--soft); font-size: .85rem; }
.destructive { color: var(--bad); font-weight: 600; }
table { border-collapse: collapse; font-size: .85rem; }
td, th { border: 1px solid var(--line); padding: .2rem .5rem; text-align: left; vertical-align: top; }
.timeline .row { display: grid; grid-template-columns: 19rem 1fr; gap: 0 .75rem; align-items: center; font-size: .8rem; line-height: 1.25; padding: 1px 0; }
.timeline .axis { color: var(--soft); }
svg { display: block; width: 100%; overflow: visible; }
svg text { fill: var(--soft); font: 11px system-ui, sans-serif; }
svg .grid { stroke: var(--line); } svg .now { stroke: var(--bad); stroke-dasharray: 3 2; }
.legend { color: var(--soft); font-size: .8rem; }
svg .bar { fill: var(--bar); } svg .good { fill: var(--good); } svg .warn { fill: var(--warn); } svg .bad { fill: var(--bad); }
@media (max-width: 40rem) { .timeline .row { grid-template-columns: 1fr; padding: 3px 0; } .timeline .axis span { display: none; } }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .3rem; } body { padding: .6rem; } }
@media print { * { print-color-adjust: exact; } :root { color-scheme: light; --ink: #000; --soft: #444; --paper: #fff; --wash: #f4f4f4; --line: #bbb;
 --bad: #a00; --warn: #850; --good: #060; --note: #036; --bar: #4d7fc4; }
 body { max-width: none; padding: 0; font-size: 11pt; } a { color: inherit; }
 details::details-content { content-visibility: visible; block-size: auto; }
 pre, tr, .row { break-inside: avoid; } h2, h3, h4, summary { break-after: avoid; } }
`
