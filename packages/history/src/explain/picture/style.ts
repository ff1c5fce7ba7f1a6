/** Colours by their use, in the light and in the dark. Relations have one each, in arrows and in reasons. */
const LIGHT = {
  ink: '#1f2933',
  soft: '#6b7785',
  line: '#e3e8ee',
  card: '#fff',
  paper: '#fafbfc',
  fault: '#f59e0b',
  ww: '#b45309',
  wr: '#1d6fd8',
  rw: '#d1293d',
  process: '#5b6775',
  realtime: '#7c3aed',
};
const DARK: typeof LIGHT = {
  ink: '#e6eaf0',
  soft: '#94a1b2',
  line: '#2b3440',
  card: '#1b222c',
  paper: '#12171e',
  fault: '#f5a524',
  ww: '#f0a05a',
  wr: '#6aa9ff',
  rw: '#ff7a87',
  process: '#a7b3c2',
  realtime: '#b794ff',
};
const RELATIONS = ['ww', 'wr', 'rw', 'process', 'realtime'] as const;

// Colours stand in the rules themselves: many viewers know no CSS variables and would draw everything black.
function colours(theme: typeof LIGHT): string {
  return [
    `.paper { fill:${theme.paper}; }`,
    `text { fill:${theme.ink}; }`,
    `.soft { fill:${theme.soft}; }`,
    `.lane { stroke:${theme.line}; }`,
    `.tick { stroke:${theme.line}; }`,
    `.box { fill:${theme.card}; stroke:${theme.soft}; }`,
    `.fault { fill:${theme.fault}; }`,
    `.faultname { fill:${theme.fault}; }`,
    `.pill { fill:${theme.paper}; }`,
    ...RELATIONS.map((name) => `.s-${name} { stroke:${theme[name]}; }`),
    ...RELATIONS.map((name) => `.f-${name} { fill:${theme[name]}; }`),
  ]
    .map((rule) => `.chaos-picture ${rule}`)
    .join('\n');
}

/** The style of the pictures: colours of their own, in the light and in the dark. */
export const PICTURE_STYLE: string = `
.chaos-picture { font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif; }
.chaos-picture .title { font-size:17px; font-weight:650; }
.chaos-picture .soft { font-size:12px; }
.chaos-picture .lane { stroke-width:1.5; }
.chaos-picture .tick { stroke-dasharray:2 4; }
.chaos-picture .box { stroke-width:1.2; }
.chaos-picture .fail { stroke-dasharray:5 4; }
.chaos-picture .info { stroke-dasharray:2 4; }
.chaos-picture .name { font-weight:650; }
.chaos-picture .step { font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace; }
.chaos-picture .fault { opacity:.13; }
.chaos-picture .faultname { font-size:12px; font-weight:600; }
.chaos-picture .arrow { fill:none; stroke-width:2; }
.chaos-picture .pill { stroke-width:1.4; }
.chaos-picture .pilltext { font-size:12px; font-weight:650; text-anchor:middle; }
${colours(LIGHT)}
@media (prefers-color-scheme: dark) {
${colours(DARK)}
}
`;

// The same as attributes: a viewer that knows no style sheets draws everything black without them.
const ATTRIBUTES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  paper: { fill: LIGHT.paper },
  soft: { fill: LIGHT.soft },
  lane: { stroke: LIGHT.line },
  tick: { stroke: LIGHT.line },
  box: { fill: LIGHT.card, stroke: LIGHT.soft },
  fault: { fill: LIGHT.fault, opacity: '.13' },
  faultname: { fill: LIGHT.fault },
  arrow: { fill: 'none' },
  pill: { fill: LIGHT.paper },
  ...Object.fromEntries(
    RELATIONS.flatMap((name) => [
      [`s-${name}`, { stroke: LIGHT[name] }],
      [`f-${name}`, { fill: LIGHT[name] }],
    ]),
  ),
};

/** A picture whose elements have the light colours of their classes as attributes, too. Style sheets go before them. */
export function paint(svg: string): string {
  const painted = svg.replace(/(<\w+ class="([^"]+)")/g, (element, _, classes: string) => {
    const found = classes.split(' ').flatMap((name) => Object.entries(ATTRIBUTES[name] ?? {}));
    return element + found.map(([name, value]) => ` ${name}="${value}"`).join('');
  });
  return painted.replace('<svg ', `<svg fill="${LIGHT.ink}" font-family="sans-serif" font-size="13" `);
}

/** The class of a relation's colour; of one that has none of its own, that of real time. */
export function relationClass(relation: string): string {
  return (RELATIONS as readonly string[]).includes(relation) ? relation : 'realtime';
}
