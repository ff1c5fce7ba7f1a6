import type { RunOptions } from '../run-options.js';

/** Text after "No tests found". */
export function lookedFor({ filters, grep, grepInvert, ids, testList, config }: RunOptions): string {
  const asked = [
    ...filters.map((filter) => `"${filter}"`),
    ...(grep ? [`--grep ${grep.source}`] : []),
    ...(grepInvert ? [`--grep-invert ${grepInvert.source}`] : []),
  ].join(' ');
  return `${asked ? ` for ${asked}` : ''}${testList ? ' among those of the test list' : ''}${ids ? ' among those that failed or did not run last time' : ''} (looked for ${[...new Set(config.runner.projects.flatMap(({ testMatch }) => testMatch))].join(', ')} in ${[...new Set(config.runner.projects.map(({ testDir }) => testDir))].join(', ')})`;
}
