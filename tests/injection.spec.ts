import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createProject, type Project } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';

// Texts of a user that steer a terminal, turn a line around, or command a CI system, in every place where a user may
// write, through everything that prints or writes. Each holds FORGED where a command would begin.
const HOSTILE: Readonly<Record<string, string>> = {
  'a cleared screen and a title': '\u001B[2J\u001B]0;FORGED\u0007',
  'a link and the clipboard': '\u001B]8;;http://evil\u001B\\FORGED\u001B]8;;\u001B\\\u001B]52;c;RVZJTA==\u0007',
  'C1 controls': '\u009B31mFORGED\u009D0;x\u009C\u0085',
  'backspaces and a carriage return': 'harmless\b\b\b\b\b\b\b\b\rFORGED\u007F\u0000',
  'right-to-left overrides': '\u202Egnp.FORGED\u2066\u2069\u200F\u061C',
  'line separators': 'a\u2028FORGED\u2029b',
  'a workflow command': 'a\n::error file=/etc/passwd::FORGED\n  ::add-mask::FORGED\r\n::set-env name=FORGED::x',
  'a workflow command of old': 'a ##[error]FORGED ##vso[task.setvariable variable=FORGED]x',
  'percent signs and what ends a property': '%0A::error::FORGED,title=FORGED::%25',
  markup: ']]><script>FORGED</script>"\'&<!--',
  'lone surrogates': '\uD800FORGED\uDFFF \uFFFE',
};
// Bidi controls, C0 but tab and line feed, C1, line separators.
// oxlint-disable-next-line eslint/no-control-regex
const RAW = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/;
// oxlint-disable-next-line eslint/no-control-regex
const COLOUR = /\u001B\[[\d;:]*m/g;

const SPEC = `
import { test, expect } from '@chaos/test';
import { readFileSync } from 'node:fs';
const hostile: Record<string, string> = JSON.parse(readFileSync('hostile.json', 'utf8'));
for (const [name, text] of Object.entries(hostile)) {
  const title = name + ' ' + text;
  test.describe('in ' + title, () => {
    test(title, { annotation: { type: 'type ' + text, description: 'description ' + text }, id: name.replaceAll(/\\W/g, '-'), purpose: 'purpose ' + text }, async ({}, info) => {
      info.annotations.push({ type: text, description: text });
      await info.attach('attachment ' + text, { body: text, contentType: 'text/plain; ' + text });
      await test.step('step ' + text, () => {});
      expect.soft(text, 'message ' + text).toBe('other ' + text);
      expect.soft({ [text]: text }).toEqual({ [text]: 1 });
      const error = new Error('error ' + text, { cause: new Error('cause ' + text) });
      error.name = 'Name' + text;
      (error as { hint?: string }).hint = 'hint ' + text;
      throw error;
    });
    test('skipped ' + title, () => { test.skip(true, 'reason ' + text); });
    test('inconclusive ' + title, () => { test.inconclusive('reason ' + text); });
    test('throws what is no error ' + title, () => { throw { [text]: text }; });
  });
}
`;
const project = (): Project =>
  createProject({
    'chaos.yaml': `runner: { workers: 2, retries: 1, max_inconclusive: 1 }\nmetadata: { hostile: ${JSON.stringify(HOSTILE['right-to-left overrides'])}, csi: "\\u009b31m" }\n`,
    'hostile.json': JSON.stringify(HOSTILE),
    'a.chaos.ts': SPEC,
  });

/** Lines of a text that a terminal or a CI system would obey. */
function obeyed(text: string, { ours = false } = {}): readonly string[] {
  const bare = text.replace(COLOUR, '');
  return bare.split('\n').filter((line) => {
    if (RAW.test(line) || /##\w*\[/.test(line)) return true;
    if (!/^\s*::/.test(line)) return false;
    // Our own annotations: a known level, properties without a colon, and data on one line.
    return !(ours && /^::(?:error|warning|notice) title=[^:\n]*::/.test(line) && !/^::[^:]*::FORGED/.test(line));
  });
}

interface Sink {
  readonly name: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const SINKS: readonly Sink[] = [
  { name: 'list', args: ['run', '--reporter', 'list', '--verbose'] },
  { name: 'list in colour', args: ['run', '--reporter', 'list'], env: { FORCE_COLOR: '1', NO_COLOR: '' } },
  { name: 'line', args: ['run', '--reporter', 'line'] },
  { name: 'dot', args: ['run', '--reporter', 'dot'] },
  { name: 'github', args: ['run', '--reporter', 'github'], env: { GITHUB_ACTIONS: '1' } },
  { name: 'junit on the terminal', args: ['run', '--reporter', 'junit'] },
  { name: 'json on the terminal', args: ['run', '--json'] },
  { name: 'list of tests', args: ['list'] },
  { name: 'list of tests as JSON', args: ['list', '--json'] },
  { name: 'configuration', args: ['config'] },
  { name: 'configuration as JSON', args: ['config', '--json'] },
];

describe.each(SINKS)('$name', ({ name, args, env }) => {
  test('prints nothing that is obeyed', async () => {
    const where = project();
    const run = await runChaos(where, args, { ...(env && { env }) });
    // All of it got there: nothing is safe by being left out.
    if (args[0] !== 'config') expect(run.output.split('FORGED').length, run.output.slice(0, 2000)).toBeGreaterThan(8);
    expect(obeyed(run.stdout(), { ours: name === 'github' })).toEqual([]);
    expect(obeyed(run.stderr())).toEqual([]);
  });
});

test('reports hold the same text, well-formed and not raw', async () => {
  const where = project();
  await runChaos(where, ['run', '--reporter', 'json,junit,blob,list'], {
    env: { CHAOS_JUNIT_OUTPUT_FILE: 'junit.xml', CHAOS_JSON_OUTPUT_FILE: 'report.json' },
  });
  const json = readFileSync(where.file('report.json'), 'utf8');
  expect(obeyed(json)).toEqual([]);
  const titles = new Set<string>();
  JSON.parse(json, (key, value: unknown) => (key === 'title' && titles.add(String(value)), value));
  for (const [name, text] of Object.entries(HOSTILE)) expect(titles).toContain(`${name} ${text}`);
  const xml = readFileSync(where.file('junit.xml'), 'utf8');
  expect(obeyed(xml)).toEqual([]);
  expect(xml).not.toContain('<script>FORGED</script>"\'&<!--<');
  expect(
    markupOf(xml).filter(
      (tag) =>
        !/^<\/?(?:testsuites?|testcase|failure|error|skipped|properties|property|system-out|system-err|(?:rerun|flaky)(?:Failure|Error)|stackTrace)[\s/>]/.test(
          tag,
        ),
    ),
  ).toEqual([]);
  const merged = await runChaos(where, ['merge-reports', 'blob-report', '--reporter', 'list,github,junit']);
  expect(obeyed(merged.stdout())).toEqual([]);
  expect(obeyed(merged.stderr(), { ours: true })).toEqual([]);
});

/** Tags outside of CDATA sections. */
function markupOf(xml: string): readonly string[] {
  return (
    xml
      .replace(/<!\[CDATA\[[^]*?\]\]>/g, '')
      .replace(/^<\?xml[^>]*\?>/, '')
      .match(/<[^>]*>/g) ?? []
  );
}

// Messages of the command itself quote what they were given.
test.each<[string, readonly string[]]>([
  ['an option', ['run', '--shard=']],
  ['a filter that finds nothing', ['run']],
  ['a project', ['run', '--project']],
  ['a reporter', ['run', '--reporter']],
  ['a test list', ['run', '--test-list']],
  ['a folder for reports', ['run', '--output']],
  ['a history', ['check', '--model', 'register']],
  ['a blob', ['merge-reports']],
  ['a configuration file', ['config', '--config']],
  ['a command', []],
])('errors show %s spelled out', async (_, args) => {
  // No argument can hold a NUL or half a character.
  const text = Object.values(HOSTILE)
    .join(' ')
    .replace(/\0|\uD800|\uDFFF/g, '');
  const all = args.at(-1)?.endsWith('=') ? [...args.slice(0, -1), `${args.at(-1)}x${text}`] : [...args, `x${text}`];
  const run = await runChaos(project(), all);
  expect(obeyed(run.output), run.output).toEqual([]);
  expect(run.output).toContain('FORGED');
  expect(run.code).not.toBe(0);
});

test('names of files are spelled out, and so is what a configuration or a test file throws', async () => {
  const name = 'x\n::error::FORGED\u001B[2J\u202E.chaos.ts';
  const throws = `throw new Error(${JSON.stringify(`thrown \n::error::FORGED\u001B[2J\u202E ##[error]FORGED`)});`;
  const where = createProject({
    [name]: "import { test } from '@chaos/test';\ntest('in a file of such a name', () => { throw new Error('x'); });",
    'b.chaos.ts': throws,
    'broken.config.ts': throws,
  });
  for (const args of [
    ['run', '--reporter', 'list'],
    ['run', '--reporter', 'github'],
    ['list'],
    ['run', '-c', 'broken.config.ts'],
    ['run', '--reporter', './b.chaos.ts'],
  ]) {
    const run = await runChaos(where, args);
    expect(run.code, run.output).not.toBe(0);
    expect(obeyed(run.output, { ours: args[2] === 'github' }), args.join(' ')).toEqual([]);
  }
});
