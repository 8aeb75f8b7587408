// Colours for light and dark, a width for screens and phones. Series are s1..s4 (lines) and f1..f4 (areas).
#include "cli/report/style.h"

namespace cli::report {

std::string_view style() {
  return R"CSS(
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5a6676; --line: #d9dee5; --paper: #f6f7f9; --card: #fff;
  --c1: #1f66c1; --c2: #c8590c; --c3: #1b7f4d; --c4: #b3261e; --code: #eef1f5; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ee; --soft: #9aa6b6; --line: #333c48; --paper: #12161c;
  --card: #1a2028; --c1: #6ba6f5; --c2: #f29b57; --c3: #55c48c; --c4: #f07a72; --code: #232b35; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); line-height: 1.45;
  font: 16px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 24px 16px 48px; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 36px 0 10px; }
h3 { font-size: 1rem; margin: 0 0 6px; font-weight: 600; }
p { margin: 6px 0; } .soft { color: var(--soft); font-size: .9rem; overflow-wrap: anywhere; }
nav { display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 10px 0 0; font-size: .9rem; }
a { color: var(--c1); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: 12px; margin-top: 18px; }
.tile, figure, .card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px; }
.tile b { display: block; font-size: 1.45rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.tile span { color: var(--soft); font-size: .85rem; }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr)); gap: 16px;
  align-items: start; }
figure { margin: 0; min-width: 0; } figcaption { color: var(--soft); font-size: .88rem; margin-top: 6px; }
svg { display: block; width: 100%; height: auto; max-width: 560px; margin: 0 auto; font: 12px system-ui, sans-serif; }
svg text { fill: var(--ink); } svg .tick, svg .small { fill: var(--soft); } svg .small { font-size: 10px; }
svg .end { text-anchor: end; } svg .middle { text-anchor: middle; } svg .cell { font-size: 11px; }
svg .onfill { fill: var(--card); } .grid-line, svg .grid { stroke: var(--line); fill: none; }
svg .axis { stroke: var(--soft); fill: none; } svg .ideal { stroke: var(--soft); stroke-dasharray: 4 4; fill: none; }
svg .kept { stroke: var(--c3); stroke-dasharray: 3 3; fill: none; }
svg .curve { fill: none; stroke-width: 2; stroke-linejoin: round; } svg .s1 { stroke: var(--c1); }
svg .s2 { stroke: var(--c2); stroke-dasharray: 7 3; } svg .s3 { stroke: var(--c3); } svg .s4 { stroke: var(--c4); }
svg .f1 { fill: var(--c1); } svg .f2 { fill: var(--c2); } svg .f3 { fill: var(--c3); } svg .f4 { fill: var(--c4); }
svg .rest { opacity: 0; } svg .rest:hover { opacity: 1; }
svg .marks { stroke: var(--c1); stroke-width: 5; stroke-linecap: round; stroke-opacity: .5; fill: none; }
svg .thin { stroke-width: 3; stroke-opacity: .35; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .92rem; }
th, td { padding: 5px 12px 5px 0; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { color: var(--soft); font-weight: 600; } th:first-child, td:first-child, .left { text-align: left; }
td.wrap { min-width: 9em; white-space: normal; overflow-wrap: anywhere; } tr:last-child td { border-bottom: 0; }
.card table { width: 100%; } td.wrong { color: var(--c4); } code, pre { font: .88rem/1.5 ui-monospace, "DejaVu Sans Mono", monospace; }
pre { background: var(--code); border-radius: 6px; padding: 10px 12px; margin: 6px 0; white-space: pre-wrap;
  overflow-wrap: anywhere; }
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(112px, 1fr)); gap: 12px; }
.pictures figure { padding: 8px; text-align: center; } .pictures figcaption { font-size: .82rem; line-height: 1.3; }
.pictures img { width: 100%; max-width: 120px; aspect-ratio: 1; object-fit: contain; image-rendering: pixelated; background: #000;
  border-radius: 4px; }
.pairs { grid-template-columns: repeat(auto-fill, minmax(196px, 1fr)); } .pairs img { width: 46%; }
footer { margin-top: 40px; }
@media (max-width: 900px) { .tiles { grid-template-columns: repeat(3, minmax(0, 1fr)); } }
@media (max-width: 480px) { main { padding: 16px 10px 32px; } h1 { font-size: 1.35rem; }
  .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); } .tile b { font-size: 1.2rem; } figure, .card, .tile { padding: 10px; }
  table { font-size: .76rem; } th, td { padding-right: 6px; } td:first-child { white-space: normal; } }
@media print { body { background: #fff; } figure, .card, .tile { break-inside: avoid; } nav { display: none; } }
)CSS";
}

}  // namespace cli::report
