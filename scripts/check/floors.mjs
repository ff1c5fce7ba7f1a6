/**
 * The import law: the packages that each package may import. Arrows may only point down. `.dependency-cruiser.cjs`
 * enforces it and docs/architecture.md shows it.
 */
const zero = ['spec', 'stats'];
const one = ['env', 'assert', 'monitor', 'net-proxy', 'load', 'history', 'record'];
const two = ['config', 'net-tc', 'programs', 'resources'];
const overNetwork = ['links'];
const overRecord = ['report', 'report-html', 'triage'];
const belowTest = [...zero, ...one, ...two, 'services', ...overNetwork, ...overRecord, 'runner'];

/** Floor and permitted imports by package; packages that are not built yet have their place already. */
export const floors = {
  spec: { floor: 0, may: [] },
  stats: { floor: 0, may: [] },
  ...Object.fromEntries(one.map((name) => [name, { floor: 1, may: zero }])),
  ...Object.fromEntries(two.map((name) => [name, { floor: 2, may: ['env', ...zero] }])),
  ...Object.fromEntries(overRecord.map((name) => [name, { floor: 2, may: ['record', ...zero] }])),
  services: { floor: 3, may: ['env', 'programs', ...zero] },
  links: { floor: 3, may: ['net-proxy', 'net-tc', ...zero] },
  runner: { floor: 3, may: ['config', 'env', 'monitor', 'record', ...zero] },
  fleet: { floor: 4, may: ['config', 'env', 'programs', 'record', 'runner', 'services', ...zero] },
  test: { floor: 4, may: belowTest },
  cli: { floor: 5, may: [...belowTest, 'test', 'fleet'] },
  'sample-service': { floor: 5, may: [] },
};
