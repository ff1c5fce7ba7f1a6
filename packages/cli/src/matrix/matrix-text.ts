import { printableLine } from '@chaos/spec';
import { isCaught, type DetectionCell } from '@chaos/triage';
import type { PlannedVariant } from './plan-matrix.js';
import { wrap } from '../output/wrap.js';

/** What became of a variant. */
export type VariantVerdict = 'caught' | 'missed' | 'unclear';

/** A line for one variant, while the matrix runs. */
export function variantLine(
  { variant, part }: PlannedVariant,
  cells: ReadonlyMap<string, DetectionCell>,
  verdict: VariantVerdict,
  { width, seconds }: { readonly width: number; readonly seconds: number | undefined },
): string {
  const marks = [...cells].map(([name, cell]) => `${markOf(cell)}${name}`).join(' ');
  const time = seconds === undefined ? 'known' : `${seconds.toFixed(1)} s`;
  return printableLine(
    `  ${verdict.padEnd(7)}  ${(variant ?? '').padEnd(width)}  ${part.padEnd(11)}  ${time.padStart(7)}  ${marks || 'no test names it'}`,
  );
}

function markOf(cell: DetectionCell): string {
  if (isCaught(cell)) return '●';
  if (cell.caught > 0) return `◐${cell.caught}/${cell.caught + cell.silent} `;
  return cell.silent > 0 ? '·' : '?';
}

/** The end of a matrix: counts, what is not caught, what to do next. */
export function matrixText(
  verdicts: ReadonlyMap<string, VariantVerdict>,
  idle: readonly string[],
  files: readonly string[],
): string {
  const names = (wanted: VariantVerdict): readonly string[] =>
    [...verdicts].flatMap(([name, verdict]) => (verdict === wanted ? [name] : []));
  const [missed, unclear] = [names('missed'), names('unclear')];
  const next =
    missed.length > 0
      ? `make a test sharper: chaos run --variant ${missed[0]} --retries 0`
      : 'nothing to do: every variant that can be judged here is caught.';
  return [
    '',
    `${verdicts.size} variants: ${names('caught').length} caught, ${missed.length} missed, ${unclear.length} unclear`,
    ...told('Missed', missed),
    ...told('Unclear, since what names them says nothing on this machine', unclear),
    ...told('Tests that catch nothing of what they name', idle),
    wrap(printableLine(`Written: ${files.join(', ')}`), 80, '  '),
    wrap(printableLine(`Next: ${next}`), 80, '  '),
    '',
  ].join('\n');
}

function told(what: string, names: readonly string[]): readonly string[] {
  return names.length === 0 ? [] : [wrap(printableLine(`${what}: ${names.join(', ')}`), 80, '  ')];
}
