import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

// ci-info reads the environment when it is loaded, so each case runs in its own process, over the built package.
function detectIn(env: Readonly<Record<string, string>>): unknown {
  const script = `import { detectCi } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)}; console.log(JSON.stringify(await detectCi()));`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { env, encoding: 'utf8' }));
}

it('detectCi() names a known service', () => {
  expect(detectIn({ CI: 'true', GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'pull_request' })).toEqual({
    isCi: true,
    name: 'GitHub Actions',
    isPullRequest: true,
  });
});

it.each([
  [{ CI: '1' }, true],
  [{ CI: 'false' }, false],
  [{}, false],
])('detectCi() in %j', (env, isCi) => {
  expect(detectIn(env)).toEqual({ isCi });
});
