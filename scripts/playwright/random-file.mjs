// Small random test files, as plain data that can be shrunk, and their text.

/**
 * @typedef {{ type: 'test', title: string, kind: '' | '.skip' | '.fixme' | '.fail', fixtures: string[], acts: string[],
 *   tag?: string, annotation?: string, timeoutMs?: number }} TestItem
 * @typedef {{ type: 'hook', hook: string, fixtures: string[], acts: string[], titled: boolean }} HookItem
 * @typedef {{ type: 'modifier', kind: string, condition: 'none' | 'true' | 'false' | 'fixture', value: boolean }} ModifierItem
 * @typedef {{ type: 'group', title: string, mode: '' | 'serial' | 'parallel' | 'default', kind: '' | '.skip' | '.fixme',
 *   retries?: number, items: Item[] }} GroupItem
 * @typedef {{ type: 'use', value: string }} UseItem
 * @typedef {TestItem | HookItem | ModifierItem | GroupItem | UseItem} Item
 * @typedef {{ fixtures: { name: string, scope: 'test' | 'worker', auto: boolean, needs: string[], acts: string[],
 *   downActs: string[] }[], mode: '' | 'serial' | 'parallel', items: Item[] }} FilePlan
 */

/** What code does in each attempt; passing is common. */
const BODY_ACTS = ['fail', 'soft', 'skip', 'fixme', 'expectFail', 'slow', 'reject', 'step', 'poll', 'attach', 'note'];
const HOOK_ACTS = ['fail', 'soft', 'skip', 'step', 'note'];
const FIXTURE_ACTS = ['fail', 'soft', 'note', 'noUse'];

/**
 * @param {import('@chaos/stats').Random} random
 * @returns {FilePlan}
 */
export function randomFile(random) {
  const chance = (share) => random.next() < share;
  const calm = chance(0.3) ? 0.95 : 0.75;
  let count = 0;
  const acts = (kinds) => Array.from({ length: 3 }, () => (chance(calm) ? 'pass' : random.pick(kinds)));
  const some = (list, share) => list.filter(() => chance(share));

  const fixtures = randomFixtures(random, acts);
  const names = fixtures.map(({ name }) => name);
  const worker = new Set(fixtures.filter(({ scope }) => scope === 'worker').map(({ name }) => name));

  const test = () => ({
    type: 'test',
    title: `t${++count}`,
    kind: chance(0.85) ? '' : random.pick(['.skip', '.fixme', '.fail']),
    fixtures: some(names, 0.3),
    acts: acts(BODY_ACTS),
    ...(chance(0.15) && { tag: random.pick(['@a', '@b']) }),
    ...(chance(0.1) && { annotation: 'issue' }),
  });
  const hook = () => {
    const kind = random.pick(['beforeAll', 'beforeEach', 'afterEach', 'afterAll']);
    const allowed = kind.endsWith('All') ? [...worker] : names;
    return { type: 'hook', hook: kind, fixtures: some(allowed, 0.3), acts: acts(HOOK_ACTS), titled: chance(0.2) };
  };
  const modifier = () => ({
    type: 'modifier',
    kind: random.pick(['skip', 'fixme', 'fail', 'slow']),
    condition: random.pick(['none', 'true', 'false', 'fixture']),
    value: chance(0.5),
  });
  const items = (depth) => {
    const list = [];
    for (let left = random.integer(1, 4); left > 0; left -= 1) {
      const roll = random.next();
      if (depth < 2 && roll < 0.25) list.push(group(depth + 1));
      else if (roll < 0.5) list.push(hook());
      else if (roll < 0.56) list.push(modifier());
      else list.push(test());
    }
    return list;
  };
  const group = (depth) => ({
    type: 'group',
    title: `g${++count}`,
    mode: chance(0.6) ? '' : random.pick(['serial', 'parallel', 'default']),
    kind: chance(0.92) ? '' : random.pick(['.skip', '.fixme']),
    ...(chance(0.1) && { retries: random.integer(0, 2) }),
    items: items(depth),
  });
  return { fixtures, mode: chance(0.85) ? '' : random.pick(['serial', 'parallel']), items: [...items(0), test()] };
}

function randomFixtures(random, acts) {
  const chance = (share) => random.next() < share;
  const names = ['f1', 'f2', 'f3'].slice(0, random.integer(0, 3));
  const fixtures = names.map((name, index) => ({
    name,
    scope: chance(0.3) ? 'worker' : 'test',
    auto: chance(0.25),
    needs: names.slice(0, index).filter(() => chance(0.3)),
    acts: acts(FIXTURE_ACTS),
    downActs: acts(['fail', 'soft', 'note']),
  }));
  const worker = new Set(fixtures.filter(({ scope }) => scope === 'worker').map(({ name }) => name));
  // A worker fixture can need worker fixtures only.
  for (const fixture of fixtures)
    if (fixture.scope === 'worker') fixture.needs = fixture.needs.filter((name) => worker.has(name));
  return fixtures;
}

/** The text of a file. `test` and `expect` come from `from`. */
export function fileText(plan, from) {
  const lines = [
    `import { test as base, expect } from '${from}';`,
    `import { appendFileSync } from 'node:fs';`,
    `const note = (what: string) => {`,
    `  const info = base.info();`,
    `  const path = info.titlePath.join(' > ');`,
    `  const of = [info.project.name, path, info.retry, info.repeatEachIndex];`,
    `  appendFileSync(process.env.FUZZ_LOG!, JSON.stringify([...of, what]) + '\\n');`,
    `};`,
    `const now = (acts: string[]) => acts[base.info().retry] ?? 'pass';`,
    `const act = async (acts: string[]) => {`,
    `  const what = now(acts);`,
    `  if (what === 'fail') throw new Error('it failed');`,
    `  if (what === 'reject') await Promise.reject(new Error('it was rejected'));`,
    `  if (what === 'soft') expect.soft(1).toBe(2);`,
    `  if (what === 'skip') base.skip(true, 'not now');`,
    `  if (what === 'fixme') base.fixme();`,
    `  if (what === 'expectFail') base.fail();`,
    `  if (what === 'slow') base.slow();`,
    `  if (what === 'step') await base.step('outer', () => base.step('inner', async () => expect(1).toBe(1)));`,
    `  if (what === 'poll') await expect.poll(() => 1).toBe(1);`,
    `  if (what === 'attach') await base.info().attach('text', { body: 'x' });`,
    `  if (what === 'note') base.info().annotations.push({ type: 'mine', description: 'd' });`,
    `};`,
    `const test = base.extend<any, any>({`,
    ...plan.fixtures.map(fixtureText),
    `});`,
    ...(plan.mode === '' ? [] : [`test.describe.configure({ mode: '${plan.mode}' });`]),
    ...plan.items.flatMap((item) => itemText(item, plan)),
  ];
  return `${lines.join('\n')}\n`;
}

function fixtureText({ name, scope, auto, needs, acts, downActs }) {
  const use = `if (now(${list(acts)}) !== 'noUse') await use('${name}');`;
  const up = `note('up ${name}'); await act(${list(acts)});`;
  const down = `note('down ${name}'); await act(${list(downActs)});`;
  const body = [up, use, down].join(' ');
  return `  ${name}: [async ({ ${needs.join(', ')} }: any, use: any) => { ${body} }, { scope: '${scope}', auto: ${auto} }],`;
}

function itemText(item, plan, indent = '') {
  const inner = `${indent}  `;
  if (item.type === 'group') {
    const { mode, retries } = item;
    const options = [mode && `mode: '${mode}'`, retries !== undefined && `retries: ${retries}`].filter(Boolean);
    return [
      `${indent}test.describe${item.kind}('${item.title}', () => {`,
      ...(options.length === 0 ? [] : [`${inner}test.describe.configure({ ${options.join(', ')} });`]),
      ...item.items.flatMap((each) => itemText(each, plan, inner)),
      `${indent}});`,
    ];
  }
  if (item.type === 'modifier') return [`${indent}${modifierText(item, plan)}`];
  const body = `async ({ ${item.fixtures.join(', ')} }: any) => { note('%'); await act(${list(item.acts)}); }`;
  if (item.type === 'hook') {
    const what = `${item.hook}${item.titled ? ' titled' : ''}`;
    return [
      `${indent}test.${item.hook}(${item.titled ? `'my hook', ` : ''}${body.replace('%', `${what} ${item.fixtures}`)});`,
    ];
  }
  const details = [
    item.tag && `tag: '${item.tag}'`,
    item.annotation && `annotation: { type: '${item.annotation}' }`,
  ].filter(Boolean);
  const given = details.length === 0 ? '' : `{ ${details.join(', ')} }, `;
  return [`${indent}test${item.kind}('${item.title}', ${given}${body.replace('%', `body ${item.title}`)});`];
}

function modifierText({ kind, condition, value }, plan) {
  if (condition === 'none') return `test.${kind}();`;
  if (condition !== 'fixture') return `test.${kind}(${condition}, 'because');`;
  const [first] = plan.fixtures;
  return `test.${kind}(({ ${first?.name ?? ''} }: any) => ${value}, 'because');`;
}

const list = (acts) => JSON.stringify(acts);
