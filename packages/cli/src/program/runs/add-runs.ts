import type { Command } from 'commander';
import type { ExitCode } from '@chaos/spec';
import type { CompareFlags } from '../../commands/runs/compare.js';
import type { ExportFlags } from '../../commands/runs/export.js';
import type { GateFlags } from '../../commands/runs/gate.js';
import type { CliContext } from '../../context.js';

const RUN = 'a path of a record or blob report, an id or its beginning, last, last~1';
const RUNS = `${RUN}, a folder, a range last~9..last~5, all; several with commas`;

/** Adds the commands that judge runs from their records: `chaos gate`, `compare` and `export`. */
export function addRuns(program: Command, context: CliContext, onExit: (code: ExitCode) => void): void {
  program
    .command('gate')
    .description('say whether a run is good enough: exit 0 it is, 1 it is not, 3 there is no readable run')
    .argument('[run]', RUN, 'last')
    .option('-c, --config <file>', 'the project whose history is used')
    .option('--target <percent>', 'share of tests that should pass, instead of pass_rates of the environment')
    .option('--acceptable <percent>', 'share of tests that must pass, instead of pass_rates of the environment')
    .option('--max-flaky <ratio>', 'share of tests that may be flaky, from 0 to 1 (default: 0.05)')
    .option('--max-inconclusive <ratio>', 'share of tests that may show nothing, instead of runner.max_inconclusive')
    .option('--json', 'as JSON')
    .action(async (run: string, flags: GateFlags) =>
      onExit(await (await import('../../commands/runs/gate.js')).gate(run, flags, context)),
    );

  program
    .command('compare')
    .description('compare two sets of runs: pass rates, durations, recovery times and resources, with significance')
    .argument('<before>', RUNS)
    .argument('<after>', 'the same')
    .option('-c, --config <file>', 'the project whose history is used')
    .option('--json', 'as JSON')
    .action(async (before: string, after: string, flags: CompareFlags) =>
      onExit(await (await import('../../commands/runs/compare.js')).compare(before, after, flags, context)),
    );

  program
    .command('export')
    .description('write the history of runs for other tools')
    .argument('[runs]', RUNS, 'all')
    .option('-c, --config <file>', 'the project whose history is used')
    .option('--format <name>', 'csv, json, openmetrics', 'csv')
    .option('--list', 'list the runs instead, with their ids')
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .option('--json', 'as --format json; with --list, the list as JSON')
    .action(async (runs: string, flags: ExportFlags) =>
      onExit(await (await import('../../commands/runs/export.js')).exportRuns(runs, flags, context)),
    );
}
