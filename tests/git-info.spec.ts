import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createProject, type Project } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';
import { HEAD } from './support/run-tests.ts';

const SOURCE = `${HEAD}test('sees it', ({}, info) => mark(JSON.stringify(info.config.metadata)));\n`;

function git(project: Project, ...args: readonly string[]): string {
  return execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args], {
    cwd: project.path,
    encoding: 'utf8',
  }).trim();
}

// Two commits on a branch of their own.
function repository(config: string): Project {
  const project = createProject({
    'chaos.yaml': config,
    'a.chaos.ts': SOURCE,
    'seen.txt': 'first\n',
    '.gitignore': 'tmp\nmarks\nnode_modules\nchaos-results\n',
  });
  git(project, 'init', '-q', '-b', 'topic');
  git(project, 'add', '-A');
  git(project, 'commit', '-q', '-m', 'First');
  writeFileSync(project.file('seen.txt'), 'second\n');
  git(project, 'commit', '-qa', '-m', 'Second\n\nbecause');
  return project;
}

async function metadataOf(
  project: Project,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly metadata: Record<string, unknown>; readonly output: string }> {
  const run = await runChaos(project, ['run'], { env });
  expect(run.code, run.output).toBe(0);
  const { actualWorkers: _, ...metadata } = (
    run.report() as unknown as { readonly config: { readonly metadata: Record<string, unknown> } }
  ).config.metadata;
  expect(JSON.parse(run.marks().at(-1) ?? '')).toEqual(metadata);
  return { metadata, output: run.output };
}

test('the commit and what has changed go into the metadata, for those who ask', async () => {
  const project = repository('metadata: { team: core }\nrunner: { capture_git_info: { commit: true, diff: true } }\n');
  const { metadata } = await metadataOf(project);
  const time = Number(git(project, 'log', '-1', '--pretty=%at')) * 1000;
  expect(metadata).toEqual({
    team: 'core',
    gitCommit: {
      hash: git(project, 'rev-parse', 'HEAD'),
      shortHash: git(project, 'rev-parse', '--short', 'HEAD'),
      subject: 'Second',
      body: 'Second\n\nbecause\n',
      author: { name: 'Ada', email: 'ada@example.org', time },
      committer: { name: 'Ada', email: 'ada@example.org', time },
      branch: 'topic',
    },
    gitDiff: expect.stringMatching(/^diff --git a\/seen\.txt[\s\S]*\n-first\n\+second\n$/),
  });
  writeFileSync(project.file('seen.txt'), 'third\n');
  expect((await metadataOf(project)).metadata['gitDiff']).toMatch(/\n-second\n\+third\n$/);
  writeFileSync(project.file('chaos.yaml'), '{}');
  expect((await metadataOf(project)).metadata).toEqual({});
});

test('in CI both are the default, and the diff is that of the pull request', async () => {
  const project = repository('{}');
  writeFileSync(project.file('seen.txt'), 'not committed\n');
  writeFileSync(
    project.file('event.json'),
    JSON.stringify({ pull_request: { number: 7, title: 'Topic', base: { sha: git(project, 'rev-parse', 'HEAD~1') } } }),
  );
  const env = {
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_SERVER_URL: 'https://example.org',
    GITHUB_REPOSITORY: 'a/b',
    GITHUB_SHA: 'abc',
    GITHUB_RUN_ID: '5',
    GITHUB_EVENT_PATH: project.file('event.json'),
  };
  const { metadata } = await metadataOf(project, env);
  expect(metadata['gitCommit']).toMatchObject({ subject: 'Second' });
  expect(metadata['gitDiff']).toMatch(/\n-first\n\+second\n$/);
  expect(metadata['ci']).toEqual({
    commitHref: 'https://example.org/a/b/commit/abc',
    commitHash: 'abc',
    buildHref: 'https://example.org/a/b/actions/runs/5',
    prHref: 'https://example.org/a/b/pull/7',
    prTitle: 'Topic',
    prBaseHash: git(project, 'rev-parse', 'HEAD~1'),
  });
  const push = await metadataOf(project, { ...env, GITHUB_EVENT_PATH: '' });
  expect(Object.keys(push.metadata).toSorted()).toEqual(['ci', 'gitCommit']);
  writeFileSync(project.file('chaos.config.ts'), 'export default { captureGitInfo: { commit: false } };');
  expect(Object.keys((await metadataOf(project, env)).metadata)).toEqual(['gitDiff']);
});

test('no commit to be found is said to whoever asked, and fails nothing', async () => {
  const files = { 'chaos.yaml': 'runner:\n  capture_git_info: { commit: true }\n', 'a.chaos.ts': SOURCE };
  const { metadata, output } = await metadataOf(createProject(files));
  expect(metadata).toEqual({});
  expect(output).toMatch(/warning: Cannot capture the commit of \S+ \(chaos\.yaml:2:31\): fatal: not a git repository/);
  expect((await metadataOf(createProject({ ...files, 'chaos.yaml': '{}' }), { CI: 'true' })).output).not.toMatch(
    /warning/,
  );
  const wrong = await runChaos(
    createProject({ ...files, 'chaos.yaml': 'runner:\n  capture_git_info: { commit: yes please }\n' }),
    ['run'],
  );
  expect(wrong.code).toBe(2);
  expect(wrong.output).toMatch(
    /chaos\.yaml:2:31: Cannot use runner\.capture_git_info\.commit: current value is "yes please", allowed is true or false/,
  );
});
