import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ExitCode, printableLine } from '@chaos/spec';
import type { CliContext } from '../context.js';
import { ask } from '../init/ask.js';
import { TITLES } from '../init/init-service.js';
import { lookAtProject } from '../init/look/project-facts.js';
import { planOf, type Plan } from '../init/plan.js';
import { writeFiles } from '../init/write/write-files.js';
import { print } from '../output/print.js';
import { table } from '../output/table.js';
import { tell } from '../output/tell.js';

/** Flags of `chaos init`. */
export interface InitFlags {
  /** Asks nothing. */
  readonly yes?: boolean;
}

const PACKAGES = ['@chaos/cli', '@chaos/test'];

/** `chaos init`: writes a first configuration, driver and tests for the program in this folder. */
export async function init({ yes }: InitFlags, context: CliContext): Promise<ExitCode> {
  const { cwd, stdout } = context;
  const guessed = planOf(lookAtProject(cwd));
  const isAsked = yes !== true && process.stdin.isTTY === true && stdout.isTTY === true;
  const plan = isAsked ? await ask(guessed, cwd, context) : guessed;
  if (plan === undefined) {
    tell(context, '\nNothing was written. chaos init --yes asks nothing.');
    return ExitCode.interrupted;
  }
  const written = writeFiles(plan, cwd);
  print(
    context,
    `${printableLine(summaryOf(plan))}\n\n${operationsOf(plan)}${table(written.map(({ file, what }) => [file, what]))}\n`,
  );
  print(context, `${nextOf(plan, cwd).join('\n')}\n`);
  return ExitCode.passed;
}

function summaryOf({ command, programs, services, readyPath, readPath, hasPort }: Plan): string {
  const names = services.map((service) => TITLES[service]);
  const ready =
    readyPath !== undefined
      ? `ready when ${readyPath} answers`
      : readPath === undefined
        ? 'without HTTP'
        : hasPort
          ? 'ready when it listens'
          : `ready when ${readPath} answers`;
  const others = programs.slice(1).map((program) => ` and \`${program.command}\``);
  return `Starts \`${command}\`${others.join('')} with ${names.length === 0 ? 'no service' : names.join(', ')}, ${ready}.`;
}

const CERTAINTY: Partial<Record<Plan['readIs'], string>> = {
  documented: 'in the OpenAPI document',
  guess: 'a guess: does it read what the program keeps, and change nothing?',
  health: 'nothing else was found',
};

/** Which route became which operation. */
function operationsOf({ readPath, readyPath, readIs }: Plan): string {
  if (readPath === undefined) return '';
  const rows = [
    ['read', `GET ${readPath}`, CERTAINTY[readIs] ?? ''],
    ['health', `GET ${readyPath ?? readPath}`, ''],
  ];
  return `${table(rows.map((row) => row.map(printableLine)))}\n\n`;
}

function nextOf({ missingFile, isSaid, unreached, unset, readPath, readIs }: Plan, folder: string): readonly string[] {
  const missing = PACKAGES.filter((name) => !isInstalled(name, folder));
  return [
    ...unreached.map(
      (service) =>
        `Look at target.env in chaos.yaml: ${TITLES[service]} seems to be used, but no variable has its address.`,
    ),
    ...(unset.length === 0 ? [] : [`Look at target.env in chaos.yaml: not set are ${unset.join(', ')}.`]),
    ...(readPath === undefined || readIs !== 'health'
      ? []
      : [printableLine(`\`read\` is only ${readPath}: edit it in chaos/driver.ts, then test.fixme in the tests.`)]),
    ...(missingFile === undefined ? [] : [isSaid ? `Build the program first: ${missingFile} is not there.` : UNKNOWN]),
    ...(missing.length === 0 ? [] : [`Next: npm install --save-dev ${missing.join(' ')}`]),
    `${missing.length === 0 ? 'Next' : 'Then'}: npx chaos`,
  ];
}

const UNKNOWN =
  'Set target.command in chaos.yaml: there is no start script, and no file that looks like the program. One that comes with a package is node_modules/.bin/NAME, or a file of it.';

function isInstalled(name: string, folder: string): boolean {
  for (let current = folder; ; current = dirname(current)) {
    if (existsSync(join(current, 'node_modules', name))) return true;
    if (current === dirname(current)) return false;
  }
}
