/** Colours of the pictures, light and dark; relations have one each, in the arrows and in the reasons below them. */
export const PICTURE_STYLE: string = `
.chaos-picture { --ink:#1f2933; --soft:#6b7785; --line:#e3e8ee; --card:#fff; --paper:#fafbfc; --fault:#f59e0b; --ww:#b45309; --wr:#1d6fd8; --rw:#d1293d; --process:#5b6775; --realtime:#7c3aed; font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif; }
@media (prefers-color-scheme: dark) { .chaos-picture { --ink:#e6eaf0; --soft:#94a1b2; --line:#2b3440; --card:#1b222c; --paper:#12171e; --fault:#f5a524; --ww:#f0a05a; --wr:#6aa9ff; --rw:#ff7a87; --process:#a7b3c2; --realtime:#b794ff; } }
.chaos-picture .paper { fill:var(--paper); }
.chaos-picture text { fill:var(--ink); }
.chaos-picture .title { font-size:17px; font-weight:650; }
.chaos-picture .soft { fill:var(--soft); font-size:12px; }
.chaos-picture .lane { stroke:var(--line); stroke-width:1.5; }
.chaos-picture .tick { stroke:var(--line); stroke-dasharray:2 4; }
.chaos-picture .box { fill:var(--card); stroke:var(--soft); stroke-width:1.2; }
.chaos-picture .fail { stroke-dasharray:5 4; }
.chaos-picture .info { stroke-dasharray:2 4; }
.chaos-picture .name { font-weight:650; }
.chaos-picture .step { font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace; }
.chaos-picture .fault { fill:var(--fault); opacity:.13; }
.chaos-picture .faultname { fill:var(--fault); font-size:12px; font-weight:600; }
.chaos-picture .arrow { fill:none; stroke-width:2; }
.chaos-picture .pill { fill:var(--paper); stroke-width:1.4; }
.chaos-picture .pilltext { font-size:12px; font-weight:650; text-anchor:middle; }
${['ww', 'wr', 'rw', 'process', 'realtime'].map((name) => `.chaos-picture .s-${name} { stroke:var(--${name}); } .chaos-picture .f-${name} { fill:var(--${name}); }`).join('\n')}
`;

/** The class of a relation's colour; of one that has none of its own, that of real time. */
export function relationClass(relation: string): string {
  return ['ww', 'wr', 'rw', 'process', 'realtime'].includes(relation) ? relation : 'realtime';
}
