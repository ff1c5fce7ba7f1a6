// The one source of the law; require() of an ES module works from Node 20.19 on.
const { floors } = require('./scripts/check/floors.mjs');

const TEST = '(\\.(test|spec)\\.|^packages/[^/]+/test/)';
const any = (names) => `(?:${names.join('|')})`;
const source = (name) => `^packages/${name}/src/`;

// Package to package. Seen from a package another one is its built entry, or its sources where the resolver went
// through.
const floorRules = Object.entries(floors).map(([name, { may }]) => ({
  name: `floor-of-${name}`,
  comment: `@chaos/${name} may import of ours: ${may.join(', ') || 'nothing'}`,
  severity: 'error',
  from: { path: source(name) },
  to: { path: ['^packages/', '^suites/', '^tests/', '^examples/'], pathNot: [`^packages/${any([name, ...may])}/`] },
}));

// Folder to folder inside the runner: main, slot and worker are three processes that meet only through ipc/.
// Main's rooms are execute → dispatch → processes. A folder without a row is a leaf: it may import leaves.
const RUNNER = {
  ledger: [],
  info: [],
  fixtures: ['declare'],
  declare: ['info', 'fixtures'],
  modules: ['declare'],
  plan: ['declare', 'fixtures', 'modules'],
  worker: ['declare', 'fixtures', 'info', 'modules', 'ipc', 'ledger'],
  slot: ['ipc', 'ledger', 'modules'],
  processes: ['ipc', 'ledger', 'modules'],
  dispatch: ['plan', 'processes', 'ipc'],
  execute: ['dispatch', 'plan', 'processes', 'modules', 'ipc', 'ledger'],
};
const inner = any(Object.keys(RUNNER));
const folderRule = (name, path, pathNot) => ({
  name,
  severity: 'error',
  from: { path, pathNot: TEST },
  to: { path: `^packages/runner/src/${inner}/`, ...(pathNot && { pathNot }) },
});
const folderRules = [
  ...Object.entries(RUNNER).map(([folder, may]) =>
    folderRule(
      `runner-folder-${folder}`,
      `^packages/runner/src/${folder}/`,
      `^packages/runner/src/${any([folder, ...may])}/`,
    ),
  ),
  folderRule('runner-folder-leaf', `^packages/runner/src/(?!${inner}/)[^/]+/`),
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...floorRules,
    ...folderRules,
    {
      name: 'runner-leaves',
      comment:
        'Files beside the folders are either entries (index, runtime, run, heal, base-test) or leaves that every folder may import.',
      severity: 'error',
      from: {
        path: '^packages/runner/src/[^/]+\\.ts$',
        pathNot: ['^packages/runner/src/(index|runtime|run|heal|base-test)\\.ts$', TEST],
      },
      to: { path: '^packages/runner/src/[^/]+/' },
    },
    {
      name: 'suites-import-test-only',
      comment: 'A suite is what a user writes: it sees @chaos/test and its driver, nothing below.',
      severity: 'error',
      from: { path: '^(suites|examples)/' },
      to: { path: ['^packages/', '^tests/'], pathNot: '^packages/test/' },
    },
    {
      name: 'no-cycle',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-index-from-inside',
      comment: 'Inside a package import the file, never the index; but for what builds it into another file.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/src/', pathNot: [TEST, '^packages/runner/src/runtime\\.ts$'] },
      to: { path: '^packages/$1/src/index\\.ts$' },
    },
    {
      name: 'nothing-heavy-at-load',
      comment: 'Import it with await import() where it is first used: importing @chaos/test must load no driver.',
      severity: 'error',
      from: { path: '^packages/', pathNot: [TEST, '^packages/sample-service/'] },
      to: {
        path: `node_modules/${any(['pg', 'ioredis', 'jose', 'execa', 'systeminformation', 'tinybench'])}/`,
        dynamic: false,
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'no-undeclared-dependency',
      severity: 'error',
      // The page of the report is built in one piece: nobody has to install Preact.
      from: { path: '^packages/', pathNot: [TEST, '\\.config\\.ts$', '^packages/report-html/src/page/'] },
      // commander is built into the command (decision 0011): nobody has to install it.
      to: {
        dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: '/node_modules/commander/',
      },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: { path: '^(packages|suites|tests|examples)/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'tests-stay-outside',
      comment: 'Shipped code imports no test.',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: TEST },
      to: { path: [TEST, 'node_modules/vitest/'] },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^packages/[^/]+/dist/'] },
    exclude: {
      path: ['(^|/)\\.tsc/', '(^|/)(dist|\\.turbo|chaos-results|test-results)/.*\\.map$', '\\.tsup\\.config'],
    },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.json', '.d.ts'],
    },
  },
};
