import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { HEAD } from './support/run-tests.ts';
import { createProject, type Project } from './support/project.ts';
import { BIN } from './support/start-chaos.ts';

// The workflows of the guide, step by step, as their machines would run them.
const GUIDE = readFileSync(join(import.meta.dirname, '../docs/guide/ci.md'), 'utf8');
const blocks = [...GUIDE.matchAll(/```yaml\n([^]*?)```/g)].map(([, text]) => parse(text!) as unknown);

interface Step {
  readonly run?: string;
  readonly uses?: string;
}
const github = blocks[0] as { readonly jobs: Readonly<Record<'run' | 'gate', { readonly steps: readonly Step[] }>> };
const gitlab = blocks[1] as Readonly<Record<'chaos' | 'gate', { readonly script: readonly string[] }>>;

function tests(failing: number): Readonly<Record<string, string>> {
  const body = (name: string, count: number): string =>
    `${HEAD}${Array.from({ length: count }, (_, index) => `test('${name} ${index}', () => { expect(${index < failing}).toBe(false); });`).join('\n')}`;
  return { 'chaos.yaml': 'runner: { retries: 0 }', 'a.chaos.ts': body('a', 5), 'b.chaos.ts': body('b', 5) };
}

/** Runs a shell command of a workflow on its own machine: a copy of the project. */
function machine(project: Project): { sh(command: string, env?: Record<string, string>): number | null; path: string } {
  const path = `${project.file('.')}-machine-${Math.random().toString(36).slice(2)}`.replace('/.', '');
  cpSync(project.file('.'), path, { recursive: true, verbatimSymlinks: true });
  return {
    path,
    sh(command, env = {}) {
      const own = command.replaceAll('npx chaos', `${process.execPath} ${BIN}`);
      const { PATH = '', HOME = '', CHAOS_CACHE_DIR } = process.env;
      const shared = { PATH, HOME, CI: '1', ...(CHAOS_CACHE_DIR !== undefined && { CHAOS_CACHE_DIR }) };
      return spawnSync('sh', ['-c', own], { cwd: path, env: { ...shared, ...env }, encoding: 'utf8' }).status;
    },
  };
}

const chaosOnly = (commands: readonly (string | undefined)[]): readonly string[] =>
  commands.filter((command): command is string => command !== undefined && command !== 'npm ci');

test.each([
  ['passes', 0, 0],
  ['fails', 3, 1],
])('the workflow for GitHub %s by its gate', (_, failing, code) => {
  const project = createProject(tests(failing));
  const [run] = chaosOnly(github.jobs.run.steps.map((step) => step.run));
  const gate = machine(project);
  mkdirSync(join(gate.path, 'shards'));
  for (const shard of [1, 2]) {
    const own = machine(project);
    own.sh(run!.replace('${{ matrix.shard }}', String(shard)));
    cpSync(join(own.path, 'blob-report'), join(gate.path, 'shards'), { recursive: true });
    rmSync(own.path, { recursive: true });
  }
  const codes = chaosOnly(github.jobs.gate.steps.map((step) => step.run)).map((command) => gate.sh(command));
  expect(codes.at(-1)).toBe(code);
  expect(existsSync(join(gate.path, 'chaos-results/html/index.html'))).toBe(true);
  rmSync(gate.path, { recursive: true });
});

test('the pipeline for GitLab passes by its gate, and leaves JUnit', () => {
  const project = createProject(tests(0));
  const gate = machine(project);
  const commands = chaosOnly(gitlab.chaos.script);
  for (const index of ['1', '2']) {
    const own = machine(project);
    for (const command of commands) expect(own.sh(command, { CI_NODE_INDEX: index, CI_NODE_TOTAL: '2' })).toBe(0);
    cpSync(join(own.path, 'blob-report'), join(gate.path, 'blob-report'), { recursive: true });
    rmSync(own.path, { recursive: true });
  }
  for (const command of chaosOnly(gitlab.gate.script)) expect(gate.sh(command), command).toBe(0);
  const junit = readFileSync(join(gate.path, 'chaos-results/junit.xml'), 'utf8');
  expect(junit).toContain('tests="10"');
  expect(execFileSync('ls', [gate.path], { encoding: 'utf8' })).toContain('blob-report');
  rmSync(gate.path, { recursive: true });
});
