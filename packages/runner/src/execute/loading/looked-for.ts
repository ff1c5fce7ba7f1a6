import { existsSync } from 'node:fs';
import { installedPath } from '../../modules/find/installed-path.js';
import type { RunOptions } from '../../run-options.js';

/** Text after "No tests found", and advice for whoever has none at all, where nothing narrows the search. */
export function lookedFor({ filters, grep, grepInvert, ids, testList, config, cwd }: RunOptions): {
  readonly lookedFor: string;
  readonly advice: string;
} {
  const asked = [
    ...filters.map((filter) => `"${filter}"`),
    ...(grep ? [`--grep ${grep.source}`] : []),
    ...(grepInvert ? [`--grep-invert ${grepInvert.source}`] : []),
  ].join(' ');
  const missing = filters.filter((filter) => /^@[\w.-]+\/[\w.-]+/.test(filter) && !installedPath(filter, cwd));
  const hint = missing.length === 0 ? '' : `. ${missing.join(', ')} is not in node_modules: is the package installed?`;
  const isAll = asked === '' && !testList && !ids;
  const { projects } = config.runner;
  const list = (of: readonly string[]): string => [...new Set(of)].join(', ');
  const patterns = list(projects.flatMap(({ testMatch }) => testMatch));
  const folders = list(projects.map(({ testDir }) => told(testDir)));
  const text = [
    asked ? ` for ${asked}` : '',
    testList ? ' among those of the test list' : '',
    ids ? ' among those that failed or did not run last time' : '',
    ` (looked for ${patterns} in ${folders})`,
    hint,
  ].join('');
  return { lookedFor: text, advice: isAll ? '. chaos init writes a first test' : '' };
}

function told(folder: string): string {
  return existsSync(folder) ? folder : `${folder}, which does not exist`;
}
