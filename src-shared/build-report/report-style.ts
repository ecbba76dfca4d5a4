// How the report looks: light or dark as its reader is or as it is told to be, on screen and on paper.

const LIGHT = `--paper:#fff; --ground:#f6f7f9; --ink:#1f242b; --dim:#5d6671; --rule:#dfe3e8;
--pretrain:#364fc7; --sft:#066649; --reward:#8a5a00; --ppo:#5f3dc4; --good:#066649; --bad:#a61e1e`
const DARK = `--paper:#181d23; --ground:#10141a; --ink:#d5dae1; --dim:#aab2bd; --rule:#2f3741;
--pretrain:#91a7ff; --sft:#38d9a9; --reward:#ffc963; --ppo:#b197fc; --good:#38d9a9; --bad:#ff8787`

export const REPORT_STYLE = `
:root { color-scheme: light dark; ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }
:root[data-theme=light] { color-scheme: light; ${LIGHT} }
:root[data-theme=dark] { color-scheme: dark; ${DARK} }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 14px/1.5 system-ui, sans-serif; font-variant-numeric: tabular-nums }
main { max-width: 1040px; margin: 0 auto; padding: 24px 20px 48px }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 4px }
h2 { font-size: 1.15rem; margin: 36px 0 8px }
h3 { font-size: 1rem; margin: 0 0 2px }
p { margin: 4px 0 10px; max-width: 78ch }
.dim { color: var(--dim); fill: var(--dim) }
.wrap, td, th, dd { overflow-wrap: anywhere }
section.card, .panel { background: var(--paper); border: 1px solid var(--rule); border-radius: 4px; padding: 14px 16px; margin: 0 0 14px }
section.card { border-top: 3px solid var(--accent) }
section.card .number { color: var(--accent) }
.pretrain { --accent: var(--pretrain) } .sft { --accent: var(--sft) } .reward { --accent: var(--reward) } .ppo, .rlhf { --accent: var(--ppo) }
.base { --accent: var(--pretrain) } .published, .other { --accent: var(--dim) }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 2px 14px; margin: 8px 0 }
dt { color: var(--dim) } dd { margin: 0 }
.formula { font-family: Cambria, "STIX Two Math", Georgia, serif; font-size: 1.1em; white-space: nowrap; overflow-x: auto }
.formula i { font-style: italic }
.curves { display: grid; grid-template-columns: repeat(auto-fit, minmax(280px, 1fr)); gap: 14px }
figure { margin: 8px 0 0 } figcaption { color: var(--dim); font-size: .86rem; display: flex; flex-wrap: wrap; gap: 0 14px }
figcaption i { display: inline-block; width: 16px; height: 0; border-top: 2px solid var(--accent); margin: 0 4px 3px 8px; vertical-align: middle }
figcaption i.held { border-top: 3px solid var(--ink) }
svg { display: block; width: 100%; height: auto; font: 11px system-ui, sans-serif } svg text { fill: currentColor } svg text.dim { fill: var(--dim) }
.curve svg { max-width: 460px } .wide { max-width: 980px; min-width: 680px } .triangle { max-width: 460px }
.scroll { overflow-x: auto }
.grid { stroke: var(--rule); fill: none } .even { stroke: var(--dim); stroke-dasharray: 4 3 } .side { stroke: var(--dim); fill: none }
.line { fill: none; stroke: var(--accent); stroke-width: 1.6 } .line.training { stroke-width: 1.2; opacity: .6 } .line.held { stroke: var(--ink); stroke-width: 2 } circle.held { fill: var(--ink) }
.rate circle { fill: var(--accent) } .interval { stroke: var(--accent); stroke-width: 3; opacity: .55 }
.rate.published circle { fill: var(--paper); stroke: var(--dim); stroke-width: 1.5 }
.triangle circle, .triangle rect { fill: var(--accent) } .triangle rect { fill: var(--paper); stroke: var(--accent); stroke-width: 2 }
.way { fill: none; stroke: var(--dim) } .way.unknown { stroke-dasharray: 4 3 }
table { border-collapse: collapse; width: 100%; font-size: .93rem } caption { text-align: left; color: var(--dim); padding-bottom: 4px }
th, td { text-align: left; vertical-align: top; padding: 6px 10px 6px 0; border-bottom: 1px solid var(--rule) }
th.n, td.n { text-align: right; white-space: nowrap } th { font-weight: 500 } thead th { color: var(--dim); font-weight: 600; white-space: nowrap } th.model { color: var(--accent); white-space: nowrap } table.even { table-layout: fixed; min-width: 640px }
td small, th small { display: block; color: var(--dim); font-weight: 400 }
.said { white-space: pre-wrap; font-family: ui-monospace, monospace; font-size: .88rem }
.cell { --shade: calc(var(--right) * 55%); background: color-mix(in srgb, var(--accent) var(--shade), transparent); padding: 6px 10px; text-align: right }
.bar { display: block; height: 8px; background: var(--accent); min-width: 1px; border-radius: 2px; margin-top: 6px }
ul.goals { list-style: none; padding: 4px 16px; margin: 0 } .goals li { display: grid; grid-template-columns: 8.5em minmax(0, 1fr); gap: 0 10px; padding: 5px 0; border-bottom: 1px solid var(--rule) } .goals li:last-child { border-bottom: 0 }
.goals b { color: var(--bad) } .goals .reached b { color: var(--good) } .goals .open b { color: var(--dim) } .goals small { color: var(--dim); display: block; font-size: .9rem }
footer { color: var(--dim); font-size: .86rem; margin-top: 36px }
@media print { :root, :root[data-theme] { color-scheme: light; ${LIGHT} } .bar, .cell { print-color-adjust: exact } body { background: #fff; font-size: 11pt } main { max-width: none; padding: 0 } section, figure, tr, li { break-inside: avoid } h2 { break-after: avoid } }
`
