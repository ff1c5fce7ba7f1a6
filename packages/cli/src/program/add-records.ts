import type { Command } from 'commander';
import type { ExitCode } from '@chaos/spec';
import type { CheckFlags } from '../commands/check.js';
import type { MergeFlags } from '../commands/reports/merge-reports.js';
import type { ShowFlags } from '../commands/reports/show-report.js';
import type { CliContext } from '../context.js';
import { collect } from './collect.js';
import { REPORTER_HELP } from './reporter-help.js';

/** Adds the commands that read earlier recordings: `chaos show-report`, `merge-reports` and `check`. */
export function addRecords(program: Command, context: CliContext, onExit: (code: ExitCode) => void): void {
  program
    .command('show-report')
    .description('open the HTML report of the last run')
    .argument('[folder]', 'where it is; default: html in the folder of the results')
    .option('-c, --config <file>', 'whose folder of results is meant')
    .option('--single-file <file>', 'write it as one file, to be sent to somebody, and open nothing')
    .option('--no-open', 'say only where it is')
    .action(async (folder: string | undefined, flags: ShowFlags) =>
      onExit(await (await import('../commands/reports/show-report.js')).showReport(folder, flags, context)),
    );

  program
    .command('merge-reports')
    .description('report the runs of several blob reports (shards, machines) as one')
    .argument('[folder]', 'where they are, in folders below it too', 'blob-report')
    .option('-c, --config <file>', 'whose reporters and root folder are used')
    .option('--reporter <names>', REPORTER_HELP, collect)
    .option('--root-dir <folder>', 'where the tests are now, when they ran elsewhere')
    .option('--verbose', 'print diagnostics')
    .action(async (folder: string, flags: MergeFlags) =>
      onExit(await (await import('../commands/reports/merge-reports.js')).mergeReportsCommand(folder, flags, context)),
    );

  program
    .command('check')
    .description('say whether a recorded history is consistent: exit 0 it is, 1 it is not, 4 unknown')
    .argument('<file>', 'NDJSON, EDN of Jepsen, Elle, Knossos or Porcupine, or the etcd log; - for standard input')
    .requiredOption(
      '-m, --model <name>',
      'what to check: serializable, linearizable-register, bank…; an unknown name lists them',
    )
    .option('--format <name>', 'auto, ndjson, json, edn, etcd-log', 'auto')
    .option('--set <name=value>', 'an option of the checker, such as total=100; several times', collect)
    .option('--html <file>', 'write the verdict as a page: every anomaly as a picture, with a replay')
    .option('--svg <file>', 'write the worst anomaly as a picture')
    .option('--psql <file>', 'write psql sessions that replay the worst anomaly of transactions')
    .option('--minimal <file>', 'write the operations of the worst anomaly alone, as NDJSON')
    .option('--json', 'as JSON')
    .action(async (file: string, flags: CheckFlags) =>
      onExit(await (await import('../commands/check.js')).check(file, flags, context)),
    );
}
