/** The page's whole style: nothing is loaded, and light or dark is the reader's own choice. */
export const style = `
:root {
  color-scheme: light dark;
  --page: #f6f5f1; --card: #ffffff; --sunk: #f0eee8; --ink: #1c2128; --faint: #5f6672; --rule: #dedbd2;
  --holds: #17703f; --holds-bg: #e3f3e9; --broken: #b42a20; --broken-bg: #fce8e5; --unknown: #7d5200; --unknown-bg: #fbefd3;
  --forged: #77339f; --forged-bg: #f4e9fb; --accent: #1f55b5; --accent-bg: #e8effb; --shadow: 0 1px 2px #1c212814, 0 6px 20px #1c21280a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #111418; --card: #191d23; --sunk: #13171c; --ink: #e6e8eb; --faint: #a1a9b4; --rule: #313842;
    --holds: #5fd394; --holds-bg: #15301f; --broken: #ff8b80; --broken-bg: #3b1a18; --unknown: #ecb854; --unknown-bg: #35270c;
    --forged: #d5a6f7; --forged-bg: #2e1d3c; --accent: #92b8ff; --accent-bg: #1b2a45; --shadow: 0 1px 2px #0006;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main, header, footer { max-width: 58rem; margin-inline: auto; padding-inline: 1.25rem; }
header { padding-block: 2.5rem 1.25rem; }
.brand { display: flex; align-items: center; gap: .55rem; color: var(--faint); font-weight: 600; letter-spacing: .01em; }
.brand svg { width: 1.6rem; height: 1.6rem; color: var(--accent); }
h1 { margin: .6rem 0 .25rem; font-size: clamp(1.5rem, 1.1rem + 2vw, 2.15rem); line-height: 1.2; letter-spacing: -.015em; text-wrap: balance; }
h2 { margin: 2.5rem 0 .9rem; font-size: 1.2rem; letter-spacing: -.01em; }
p { margin: .4rem 0; }
a { color: var(--accent); }
a:focus-visible, summary:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.meta { color: var(--faint); font-size: .92rem; }
.note { margin: .8rem 0 0; padding: .6rem .9rem; border-radius: .5rem; background: var(--unknown-bg); }
code, .mono { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; font-size: .88em; }
.tiles { display: grid; grid-template-columns: repeat(3, 1fr); gap: .8rem; margin: 1.4rem 0 .9rem; padding: 0; list-style: none; }
.tiles li { padding: .8rem 1rem; border-radius: .75rem; background: var(--card); border: 1px solid var(--rule); box-shadow: var(--shadow); color: var(--faint); }
.tiles b { display: block; font-size: 1.9rem; line-height: 1.15; font-variant-numeric: tabular-nums; color: var(--ink); }
.tiles .holds b { color: var(--holds); } .tiles .broken b { color: var(--broken); } .tiles .unknown b { color: var(--unknown); }
.tiles .none b { color: var(--faint); }
.bar { display: flex; gap: 3px; height: .55rem; }
.bar span { border-radius: 4px; min-width: 4px; }
.bar .holds { background: var(--holds); } .bar .broken { background: var(--broken); } .bar .unknown { background: var(--unknown); }
.card { background: var(--card); border: 1px solid var(--rule); border-radius: .8rem; box-shadow: var(--shadow); }
.matrix { width: 100%; border-collapse: collapse; font-size: .95rem; }
.matrix th, .matrix td { padding: .5rem .9rem; text-align: start; border-bottom: 1px solid var(--rule); vertical-align: baseline; }
.matrix tr:last-child > * { border-bottom: 0; }
.matrix thead th { color: var(--faint); font-weight: 600; font-size: .87rem; }
.matrix tbody th { font-weight: 400; }
.matrix td { white-space: nowrap; width: 1%; }
.pill { display: inline-flex; align-items: center; gap: .35em; padding: .1rem .6rem; border-radius: 99px; font-size: .84rem; font-weight: 600; white-space: nowrap; text-decoration: none; }
.pill.holds { color: var(--holds); background: var(--holds-bg); } .pill.broken { color: var(--broken); background: var(--broken-bg); } .pill.unknown { color: var(--unknown); background: var(--unknown-bg); }
a.pill:hover { text-decoration: underline; }
.failure { margin-block: .9rem; overflow: clip; }
.failure > summary { display: grid; grid-template-columns: auto 1fr auto; gap: .1rem .8rem; align-items: baseline; padding: .9rem 1.15rem; cursor: pointer; list-style: none; }
.failure > summary::-webkit-details-marker { display: none; }
.failure > summary::after { content: "+"; grid-area: 1 / 3; color: var(--faint); font: 600 1.25rem/1 ui-monospace, monospace; }
.failure[open] > summary::after { content: "\\2212"; }
.failure > summary:hover h3 { text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: .2em; }
.failure h3 { display: inline; margin: 0; font-size: 1.05rem; line-height: 1.4; }
.failure .teaser { grid-column: 2; color: var(--faint); font-size: .92rem; }
.failure[open] .teaser { display: none; }
.failure .subject { color: var(--faint); font-weight: 400; }
.body { padding: .2rem 1.15rem 1.2rem; border-top: 1px solid var(--rule); scroll-margin-top: 5rem; }
dl { display: grid; grid-template-columns: 6.5rem 1fr; gap: .45rem 1rem; margin: .9rem 0 1.1rem; }
dt { color: var(--faint); font-size: .92rem; } dd { margin: 0; overflow-wrap: anywhere; } dd p { margin: 0 0 .2rem; }
dd.happened { color: var(--broken); font-weight: 500; } .of-unknown dd.happened { color: var(--unknown); }
.replay { display: block; padding: .45rem .7rem; border-radius: .45rem; background: var(--sunk); border: 1px solid var(--rule); user-select: all; white-space: pre-wrap; overflow-wrap: anywhere; }
figure { margin: 0; padding: 1.1rem 1rem .6rem; background: var(--sunk); border: 1px solid var(--rule); border-radius: .7rem; }
.diagram { display: block; width: 100%; height: auto; max-width: 760px; margin-inline: auto; font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
.diagram.narrow { display: none; max-width: 460px; }
.diagram text { fill: var(--ink); paint-order: stroke; stroke: var(--sunk); stroke-width: 4px; stroke-linejoin: round; }
.diagram .centre { text-anchor: middle; }
.diagram .faint { fill: var(--faint); font-size: 12px; } .diagram .time { font-variant-numeric: tabular-nums; }
.diagram .name { font-weight: 600; stroke: none; fill: var(--accent); } .diagram .name.attacker { fill: var(--forged); }
.diagram .head { fill: var(--accent-bg); stroke: var(--accent); stroke-opacity: .35; } .diagram .head.attacker { fill: var(--forged-bg); stroke: var(--forged); }
.diagram .life { stroke: var(--faint); stroke-opacity: .45; stroke-width: 1.5; } .diagram .life.gap { stroke-dasharray: 1.5 5; stroke-linecap: round; stroke-opacity: .9; }
.diagram .arrow { stroke: var(--ink); stroke-width: 1.6; } .diagram .tip { fill: var(--ink); }
.diagram .arrow.answer { stroke-dasharray: 6 4; }
.diagram .arrow.lost { stroke: var(--unknown); stroke-dasharray: 6 4; } .diagram text.lost { fill: var(--unknown); } .diagram .cross { stroke: var(--unknown); stroke-width: 2.4; stroke-linecap: round; }
.diagram .arrow.forged { stroke: var(--forged); } .diagram .tip.forged, .diagram text.forged { fill: var(--forged); }
.diagram .arrow.wrong { stroke: var(--broken); stroke-width: 2; } .diagram .tip.wrong, .diagram text.wrong { fill: var(--broken); } .diagram text.wrong { font-weight: 600; }
.diagram .event { fill: var(--card); stroke: var(--rule); stroke-width: 1.3; } .diagram .event.wrong { fill: var(--broken-bg); stroke: var(--broken); } .diagram .event.forged { fill: var(--forged-bg); stroke: var(--forged); }
.diagram .inside { stroke: none; }
.words { margin-top: .7rem; } .words > summary, .held > summary { cursor: pointer; color: var(--faint); font-size: .92rem; }
.scroll { overflow-x: auto; }
.steps { border-collapse: collapse; width: 100%; margin-top: .5rem; font-size: .9rem; }
.steps caption { text-align: start; color: var(--faint); padding-bottom: .3rem; }
.steps th, .steps td { padding: .3rem .7rem .3rem 0; text-align: start; vertical-align: baseline; border-bottom: 1px solid var(--rule); }
.steps th { color: var(--faint); font-weight: 600; } .steps .when, .steps .who { white-space: nowrap; font-variant-numeric: tabular-nums; }
.steps .wrong { color: var(--broken); font-weight: 600; }
.held ul { margin: .6rem 0 0; padding: 0; list-style: none; } .held li { padding: .35rem 0; } .held .promise { color: var(--faint); font-size: .92rem; }
footer { padding-block: 2.5rem 3rem; color: var(--faint); font-size: .88rem; }
.empty { padding: 1.2rem; }
@media (max-width: 40rem) {
  header { padding-top: 1.6rem; }
  .tiles { gap: .5rem; } .tiles li { padding: .6rem .7rem; font-size: .88rem; } .tiles b { font-size: 1.5rem; }
  .matrix th, .matrix td { padding: .5rem .6rem; } .matrix .pill span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  dl { grid-template-columns: 1fr; gap: .1rem; } dd { margin-bottom: .6rem; }
  figure { padding-inline: .5rem; margin-inline: -.4rem; }
  .failure > summary { grid-template-columns: 1fr auto; } .failure > summary > *, .failure > summary > .teaser { grid-column: 1; } .failure > summary .pill { justify-self: start; } .failure > summary::after { grid-area: 1 / 2; }
  .diagram.wide { display: none; } .diagram.narrow { display: block; }
}
@media print {
  :root { --page: #fff; --sunk: #fff; --shadow: none; }
  body { font-size: 11pt; } main, header, footer { max-width: none; padding-inline: 0; }
  details::details-content { content-visibility: visible !important; block-size: auto !important; }
  .failure, .tiles li, figure { break-inside: avoid; } .failure > summary::after, .words { display: none; } .failure .teaser { display: none; }
  a { color: inherit; }
}
`
