import type { Anomaly } from '../verdict.js';
import { hasTimes } from '../describe/moment.js';
import { headOf } from './head-of.js';
import { ARC_PX, drawArrows } from './picture/arrows.js';
import type { Arrow } from './picture/arrows.js';
import { escapeText } from './picture/escape.js';
import { LINE_PX, heading, layOut } from './picture/layout.js';
import type { Box, Layout } from './picture/layout.js';
import { PICTURE_STYLE, paint, relationClass } from './picture/style.js';
import { wrapText } from './picture/wrap-text.js';

const LEFT_PX = 116;
const RIGHT_PX = 40;
const AXIS_PX = 74;
const LEAST_WIDTH_PX = 760;
const TITLE_CHARACTER_PX = 9.5;
const AXIS_CHARACTER_PX = 7.2;

/**
 * An anomaly as an SVG picture that explains itself: a lane for each process with its operations from left to right,
 * the reasons as numbered arrows, the faults that were in force as shaded bands, and below all of it in words.
 */
export function anomalySvg(whole: Anomaly): string {
  const { shown: anomaly, left } = headOf(whole);
  const layout = layOut(anomaly);
  const width = Math.ceil(Math.max(LEAST_WIDTH_PX, LEFT_PX + layout.scale.widthPx + RIGHT_PX));
  const { title, words } = headline(anomaly, width);
  const lift = hasArc(anomaly, layout.lanes[0]!.process) ? ARC_PX - 4 : 0;
  const top = 84 + anomaly.faults.length * LINE_PX + lift;
  const reasons = top + layout.height + AXIS_PX + (hasArc(anomaly, layout.lanes.at(-1)!.process) ? ARC_PX - 16 : 0);
  const told =
    anomaly.steps.length > 0
      ? anomaly.steps.map(({ because }, at) => ({ because, at }))
      : words.map((because) => ({ because, at: -1 }));
  if (left > 0) told.push({ because: `… and ${left} operations more`, at: -1 });
  const height = reasons + told.length * 24 + 8;
  const boxOf = (position: number): Box =>
    layout.boxes.find(({ operation }) => operation === anomaly.operations[position])!;
  const arrows = drawArrows(anomaly.steps, boxOf);
  return paint(
    [
      `<svg xmlns="http://www.w3.org/2000/svg" class="chaos-picture" width="${width}" height="${height}" ` +
        `viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeText(anomaly.message)}">`,
      `<style>${PICTURE_STYLE}</style>`,
      `<defs>${[...new Set(anomaly.steps.map(({ relation }) => relationClass(relation)))].map((name) => `<marker id="head-${name}" viewBox="0 0 10 10" refX="2" refY="5" markerWidth="5" markerHeight="5" orient="auto"><path class="f-${name}" d="M0,0 L10,5 L0,10 z"/></marker>`).join('')}</defs>`,
      `<rect class="paper" width="${width}" height="${height}" rx="10"/>`,
      `<text class="title" x="20" y="34">${escapeText(title)}</text>`,
      `<text class="soft" x="20" y="54">${anomaly.forbiddenBy === undefined ? '' : `forbidden by ${escapeText(anomaly.forbiddenBy)} and everything stronger`}</text>`,
      `<g transform="translate(${LEFT_PX},${top})">`,
      ...faultBands(anomaly, layout, lift),
      ...axis(layout, reasons - top - AXIS_PX, anomaly.operations.some(hasTimes)),
      ...layout.lanes.map(
        ({ process, y, height: laneHeight }) =>
          `<line class="lane" x1="-12" x2="${layout.scale.widthPx + 12}" y1="${y + laneHeight / 2}" ` +
          `y2="${y + laneHeight / 2}"/><text class="soft" x="-20" y="${y + laneHeight / 2 + 4}" ` +
          `text-anchor="end">process ${process}</text>`,
      ),
      ...arrows.map(
        ({ path, relation }) =>
          `<path class="arrow s-${relationClass(relation)}" d="${path}" ` +
          `marker-end="url(#head-${relationClass(relation)})"/>`,
      ),
      ...layout.boxes.map(box),
      ...arrows.map(label),
      '</g>',
      ...told.map(({ because, at }, line) => reason(because, at === -1 ? undefined : arrows[at]!, reasons + line * 24)),
      '</svg>',
    ].join('\n'),
  );
}

// What it is stands above the picture if there is room for it, and all else below: of a cycle its steps.
function headline({ type, message, steps }: Anomaly, width: number): { title: string; words: readonly string[] } {
  const colon = message.indexOf(':');
  const whole = `${type}: ${colon === -1 ? message : message.slice(0, colon)}`;
  const hasRoom = whole.length * TITLE_CHARACTER_PX <= width - 40;
  const rest = hasRoom ? message.slice(colon === -1 ? message.length : colon + 2) : message;
  return { title: hasRoom ? whole : type, words: steps.length > 0 || rest === '' ? [] : wrapText(rest, width) };
}

function hasArc({ steps, operations }: Anomaly, process: number): boolean {
  return steps.some(({ from, to }) => operations[from]!.process === process && operations[to]!.process === process);
}

function box({ operation, name, lines, x, y, width, height }: Box): string {
  const end = heading(operation);
  return [
    `<g><rect class="box ${operation.type}" x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" ` +
      `height="${height}" rx="7"/>`,
    `<text class="name" x="${(x + 12).toFixed(1)}" y="${y + 22}">${name}${end === '' ? '' : ` <tspan class="soft" font-weight="400">${end}</tspan>`}</text>`,
    ...lines.map(
      (line, at) =>
        `<text class="step" x="${(x + 12).toFixed(1)}" y="${y + 22 + (at + 1) * LINE_PX}">${escapeText(line)}</text>`,
    ),
    '</g>',
  ].join('');
}

function label({ label: { x, y }, labelWidth, relation, number }: Arrow): string {
  const name = relationClass(relation);
  return `<g transform="translate(${x.toFixed(1)},${y.toFixed(1)})"><rect class="pill s-${name}" x="${-labelWidth / 2}" y="-11" width="${labelWidth}" height="22" rx="11"/><text class="pilltext f-${name}" y="4">${number} ${escapeText(relation)}</text></g>`;
}

function reason(because: string, arrow: Arrow | undefined, y: number): string {
  if (arrow === undefined) return `<text x="20" y="${y}">${escapeText(because)}</text>`;
  const name = relationClass(arrow.relation);
  return `<text class="f-${name}" style="font-weight:650" x="20" y="${y}">${arrow.number} ${escapeText(arrow.relation)}</text><text x="${LEFT_PX - 12}" y="${y}">${escapeText(because)}</text>`;
}

function faultBands({ faults }: Anomaly, { scale, height }: Layout, lift: number): string[] {
  return faults.flatMap(({ name, startNs, endNs }, at) => {
    const [from, to] = [
      startNs < scale.moments[0]! ? -12 : scale.x(startNs),
      endNs > scale.moments.at(-1)! ? scale.widthPx + 12 : scale.x(endNs),
    ];
    const y = -14 - lift - (faults.length - at) * LINE_PX;
    return [
      `<rect class="fault" x="${from.toFixed(1)}" y="${y}" width="${Math.max(2, to - from).toFixed(1)}" ` +
        `height="${height + 26 - y}"/>`,
      `<text class="faultname" x="${(from + 6).toFixed(1)}" y="${y + 14}">${escapeText(name)}</text>`,
    ];
  });
}

function axis({ scale }: Layout, height: number, isTimed: boolean): string[] {
  const digits = isTimed ? digitsFor(scale.moments) : 0;
  let free = -Infinity;
  return scale.moments.flatMap((moment) => {
    const x = scale.x(moment);
    const tick = `<line class="tick" x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="-8" y2="${height + 12}"/>`;
    const text = isTimed ? `+${(moment / 1e9).toFixed(digits)} s` : `event ${Math.round(moment)}`;
    const half = (text.length * AXIS_CHARACTER_PX) / 2;
    if (x - half < free) return [tick];
    free = x + half;
    return [tick, `<text class="soft" x="${x.toFixed(1)}" y="${height + 28}" text-anchor="middle">${text}</text>`];
  });
}

// Digits of seconds that tell the moments apart: milliseconds at least, nanoseconds at most.
function digitsFor(moments: readonly number[]): number {
  const closest = Math.min(...moments.slice(1).map((moment, at) => moment - moments[at]!));
  return Math.min(9, Math.max(3, Math.ceil(9 - Math.log10(Math.max(1, closest)))));
}
