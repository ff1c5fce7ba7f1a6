import { relative } from 'node:path';
import { printableLine } from '@chaos/spec';
import type { Inventory, InventoryEntry, Pattern } from '@chaos/triage';
import { wrap } from '../../output/wrap.js';

const MOST_SHOWN = 5;

/**
 * An inventory on one screen: counts, the most urgent failures with their evidence, what they share, what to do next.
 */
export function inventoryText(
  { runId, failures, patterns, errors }: Inventory,
  all: number,
  files: readonly string[],
  cwd: string,
): string {
  if (all === 0) return noFailure(runId, errors);
  const counts = [...new Set(failures.map(({ tag }) => tag))].map(
    (tag) => `${failures.filter((each) => each.tag === tag).length} ${tag}`,
  );
  const shown = failures.slice(0, MOST_SHOWN);
  const places = files.map((file) => relative(cwd, file) || file);
  return [
    `Run ${runId}: ${all} ${all === 1 ? 'failure' : 'failures'}: ${counts.join(', ')}`,
    '',
    ...shown.flatMap(blockOf),
    ...(all > shown.length ? [`… and ${all - shown.length} more in the inventory`, ''] : []),
    ...patterns
      .filter(({ kind, tests }) => kind !== 'cause' && tests.length > 1)
      .slice(0, 3)
      .map((pattern) => wrap(printableLine(sharedBy(pattern)))),
    ...outside(errors),
    wrap(`Written: ${places.join(', ')}`, 80, '  '),
    wrap(printableLine(`Next: ${nextOf(failures)}`), 80, '  '),
    '',
  ].join('\n');
}

function sharedBy({ kind, value, tests }: Pattern): string {
  return kind === 'phase'
    ? `${tests.length} spent most of their time in the phase "${value}"`
    : `${tests.length} share the ${kind} "${value}"`;
}

function noFailure(runId: string, errors: readonly string[]): string {
  if (errors.length === 0)
    return `No test failed in run ${runId}: there is nothing to explain.\n\nNext: \`chaos gate\`.\n`;
  return [
    `No test failed in run ${runId}.`,
    '',
    ...outside(errors),
    wrap('Next: mend that, and run again; the report of the run shows each error in full.', 80, '  '),
    '',
  ].join('\n');
}

// Tests that are run again cannot tell why something beside them failed.
function outside(errors: readonly string[]): readonly string[] {
  if (errors.length === 0) return [];
  const shown = errors.slice(0, MOST_SHOWN);
  return [
    'Failed outside of tests, which no rerun explains:',
    ...shown.map((line) => wrap(printableLine(line).slice(0, 240), 80, '    ', '  - ')),
    ...(errors.length > shown.length ? [`  and ${errors.length - shown.length} more in the inventory`] : []),
    '',
  ];
}

function blockOf({ priority, chaosId, title, tag, confidence, evidence, nextStep }: InventoryEntry): readonly string[] {
  const name = printableLine(`P${priority} ${chaosId === undefined ? '' : `${chaosId} `}${title}`);
  return [
    name.length <= 80 ? name : `${name.slice(0, 79)}…`,
    `   ${tag}, confidence ${Math.round(100 * confidence)} %`,
    ...evidence.slice(0, 6).map((line) => wrap(printableLine(line).slice(0, 240), 80, '     ', '   - ')),
    wrap(printableLine(nextStep), 80, '     ', '   → '),
    '',
  ];
}

function nextOf(failures: readonly InventoryEntry[]): string {
  const [first] = failures;
  return `begin with P${first!.priority}: ${first!.reproduce}`;
}
