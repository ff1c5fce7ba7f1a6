const WITHOUT = new Set([
  'check',
  'proxy',
  'merge-reports',
  'env',
  'config',
  'heal',
  'doctor',
  'help',
  '--help',
  '-h',
  '--version',
  '-V',
]);

/** Whether a command line will load test files, as far as can be seen without parsing it. */
export function needsWorker(argv: readonly string[]): boolean {
  return !argv.some((word, index) => (index === 0 || word.startsWith('-')) && WITHOUT.has(word));
}
