import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

// Runs in its own process, because vitest loads modules in its own way.
const SCRIPT = `
import { createRequire } from 'node:module';
const require = createRequire(process.cwd() + '/');
const differ = [];
for (const name of ['@chaos/spec', '@chaos/stats', '@chaos/assert', '@chaos/runner', '@chaos/test']) {
  const [imported, required] = [await import(name), require(name)];
  for (const key of new Set([...Object.keys(imported), ...Object.keys(required)])) if (imported[key] === undefined || imported[key] !== required[key]) differ.push(name + '#' + key);
}
const { InvariantViolation } = await import('@chaos/test');
if (InvariantViolation !== require('@chaos/spec').InvariantViolation) differ.push('InvariantViolation');
console.log(JSON.stringify(differ));
`;

test('import and require give the same objects, of every package that test files import', () => {
  expect(
    JSON.parse(
      execFileSync(process.execPath, ['--input-type=module', '--eval', SCRIPT], {
        encoding: 'utf8',
        cwd: new URL('..', import.meta.url),
      }),
    ),
  ).toEqual([]);
});
