const WITHOUT = new Set([
  'check',
  'proxy',
  'merge-reports',
  'show-report',
  'ui',
  'env',
  'config',
  'heal',
  'doctor',
  'init',
  'help',
  '--help',
  '-h',
  '--version',
  '-V',
  '-v',
]);

/** True if a command line will load test files, as far as a look at its words shows. */
export function needsWorker(argv: readonly string[]): boolean {
  return !argv.some((word, index) => (index === 0 || word.startsWith('-')) && WITHOUT.has(word));
}
