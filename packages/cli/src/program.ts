import { Command } from 'commander';
import { printable, type ExitCode } from '@chaos/spec';
import type { CliContext } from './context.js';
import { addDoctor } from './program/add-doctor.js';
import { addDriver } from './program/add-driver.js';
import { addFleet } from './program/add-fleet.js';
import { addMachine } from './program/add-machine.js';
import { addNet } from './program/add-net.js';
import { addProxy } from './program/add-proxy.js';
import { addRecords } from './program/add-records.js';
import { addTuning } from './program/runs/add-tuning.js';
import { addRuns } from './program/runs/add-runs.js';
import { addTests } from './program/add-tests.js';
import { version } from './version.js';

// The help lists the commands in this order.
const GROUPS = [addTests, addFleet, addDriver, addTuning, addRuns, addRecords, addMachine, addProxy, addNet, addDoctor];

/** The command line for commander; each command loads its code when it is called. */
export function createProgram(context: CliContext, onExit: (code: ExitCode) => void): Command {
  const program = new Command('chaos')
    .description('Breaks a real service on purpose, and says whether it held.')
    .version(version(), '-v, --version', 'print the version')
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(printable(text)),
    })
    .addHelpText(
      'after',
      '\nWithout a command it is `run`; its flags: chaos run --help\nExit codes: 0 passed, 1 failed, 2 usage, 3 environment, 4 unknown (check), 130 SIGINT, 143 SIGTERM',
    );

  for (const add of GROUPS) add(program, context, onExit);
  return program;
}
