import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { findExecutable } from '@chaos/programs';
import type { TargetConfig } from '@chaos/spec';
import type { Check } from './check.js';

/** Checks that the program under test can be started, as far as its files show. */
export function checkTarget({ command, cwd, driver }: TargetConfig, path: string | undefined): Check {
  const name = 'target';
  const bad = (detail: string, fix: string): Check => ({ name, status: 'fail', detail, fix });
  if (!command)
    return {
      name,
      status: 'warn',
      detail: 'there is none: tests that need one are refused',
      fix: 'Set target.command in chaos.yaml.',
    };
  if (!existsSync(cwd)) return bad(`its folder ${cwd} is not there`, 'Correct target.cwd in chaos.yaml.');
  if (findExecutable(command[0], { path: path ?? '', cwd }) === undefined)
    return bad(
      `${JSON.stringify(command[0])} is no command that can be run`,
      'Install it, or correct target.command in chaos.yaml.',
    );
  const script =
    command[0] === 'node' ? command.slice(1).find((argument) => /\.[cm]?[jt]s$/.test(argument)) : undefined;
  if (script !== undefined && !existsSync(resolve(cwd, script)))
    return bad(`${resolve(cwd, script)} is not there`, 'Build it, or correct target.command in chaos.yaml.');
  if (driver !== undefined && !existsSync(driver))
    return bad(`its driver ${driver} is not there`, 'Build it, or correct target.driver in chaos.yaml.');
  return { name, status: 'ok', detail: command.join(' ') };
}
