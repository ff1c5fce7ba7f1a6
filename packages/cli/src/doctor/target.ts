import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { findExecutable } from '@chaos/programs';
import type { ResolvedConfig, TargetConfig } from '@chaos/spec';
import type { Check } from './check.js';
import { checkReachable } from './reachable.js';

/**
 * Checks that each program under test can be started, as far as its files show, or that it can be reached where it runs
 * already.
 */
export async function checkTargets(
  { target, targets }: Pick<ResolvedConfig, 'target' | 'targets'>,
  path: string | undefined,
): Promise<readonly Check[]> {
  const several = Object.entries(targets).map(([name, program]) => [`targets.${name}`, program] as const);
  const programs = several.length > 0 ? several : [['target', target] as const];
  const checks: Check[] = [];
  for (const [name, program] of programs) {
    const { external } = program;
    if (external) checks.push(await checkReachable(name, external.url, { 'http:': 80, 'https:': 443 }));
    else checks.push(checkProgram(name, program, path));
  }
  return checks;
}

function checkProgram(name: string, { command, setup, cwd }: TargetConfig, path: string | undefined): Check {
  const bad = (detail: string, fix: string): Check => ({ name, status: 'fail', detail, fix });
  if (!command)
    return {
      name,
      status: 'warn',
      detail: 'there is none: tests that need one are refused',
      fix: 'Set target.command in chaos.yaml.',
    };
  if (!existsSync(cwd)) return bad(`its folder ${cwd} is not there`, `Correct ${name}.cwd in chaos.yaml.`);
  for (const [key, argv] of [['command', command] as const, ['setup', setup] as const]) {
    if (argv === undefined) continue;
    if (findExecutable(argv[0], { path: path ?? '', cwd }) === undefined)
      return bad(
        `${JSON.stringify(argv[0])} is no command that can be run`,
        `Install it, or correct ${name}.${key} in chaos.yaml.`,
      );
    const script = argv[0] === 'node' ? argv.slice(1).find((argument) => /\.[cm]?[jt]s$/.test(argument)) : undefined;
    if (script !== undefined && !existsSync(resolve(cwd, script)))
      return bad(`${resolve(cwd, script)} is not there`, `Build it, or correct ${name}.${key} in chaos.yaml.`);
  }
  return { name, status: 'ok', detail: command.join(' ') };
}
