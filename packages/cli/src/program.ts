import { Command } from 'commander';
import { printable, type ExitCode } from '@chaos/spec';
import type { CheckFlags } from './commands/check.js';
import { addNet } from './add-net.js';
import type { MergeFlags } from './commands/merge-reports.js';
import type { ProxyFlags } from './commands/proxy.js';
import type { CliContext } from './context.js';
import type { ConfigFlags, RunFlags, SelectionFlags } from './flags.js';
import { REPORTERS } from './reporter-names.js';
import { version } from './version.js';

const REPORTER_HELP = `${REPORTERS.join(', ')}, a module or a package; separated by commas, or several times`;
const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

/** The command line as commander knows it; each command loads its code when it is called. */
export function createProgram(context: CliContext, onExit: (code: ExitCode) => void): Command {
  const program = new Command('chaos')
    .description('Breaks a real service on purpose, and says whether it held.')
    .version(version())
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(printable(text)),
    })
    .addHelpText(
      'after',
      '\nWithout a command it is `run`; its flags: chaos run --help\nExit codes: 0 passed, 1 failed, 2 usage, 3 environment, 130 SIGINT, 143 SIGTERM',
    );

  selecting(program.command('run', { isDefault: true }).alias('test'))
    .description('run tests (the default)')
    .option('-j, --workers <n>', 'tests at a time: a number, or a share of the CPUs (50%)')
    .option('--retries <n>', 'how often a failed test is tried again')
    .option('--timeout <ms>', 'time for one test, in milliseconds')
    .option('--global-timeout <ms>', 'time for the whole run, in milliseconds')
    .option('--concurrency <n>', 'requests at a time, not scaled any more')
    .option('--request-timeout <ms>', 'budget of one request, in milliseconds, not scaled any more')
    .option('--pool-size <n>', 'connections in the pool of the target')
    .option('--load-multiplier <factor>', 'how much of the configured load this machine takes')
    .option('--max-inconclusive <share>', 'share of tests that may prove nothing, 0 to 1')
    .option('--seed <text>', 'repeat the random choices of the run that printed it')
    .option('--variant <name>', 'start the target as this variant of it')
    .option('--no-faults', 'inject nothing: what fails then is the test or the target')
    .option('--no-quarantine', 'let tests in quarantine count')
    .option('--list', 'list the tests and run none')
    .option('--reporter <names>', REPORTER_HELP, collect)
    .option('--add-reporter <names>', 'on top of the configured ones', collect)
    .option('--quiet', 'keep what tests print from the terminal')
    .option('--output <folder>', 'where results go')
    .option('--max-failures <n>', 'stop after this many failures')
    .option('-x', 'stop after the first failure')
    .option('--fully-parallel', 'let the tests of one file run side by side')
    .option('--repeat-each <n>', 'run each test this often')
    .option('--forbid-only', 'fail when a test is focused by .only')
    .option('--fail-on-flaky-tests', 'fail when a test passed only when tried again')
    .option('--shuffle [seed]', 'run in a random order')
    .option(
      '--until <end>',
      'repeat the tests, none is tried again, until one fails (fail), each is known to be stable or not (stable), so many runs of each (200), or for some time (90s, 10m, 1h)',
    )
    .option('--pass-with-no-tests', 'exit 0 when no test was found')
    .option('--verbose', 'print diagnostics')
    .action(async (filters: string[], flags: RunFlags) =>
      onExit(await (await import('./commands/run.js')).run(withoutOwn(filters, context), flags, context)),
    );

  selecting(program.command('list'))
    .description('list the tests')
    .action(async (filters: string[], flags: SelectionFlags) =>
      onExit(await (await import('./commands/list.js')).list(withoutOwn(filters, context), flags, context)),
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
      onExit(await (await import('./commands/merge-reports.js')).mergeReportsCommand(folder, flags, context)),
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
      onExit(await (await import('./commands/check.js')).check(file, flags, context)),
    );

  configured(program.command('env'))
    .description('show what this machine is, and what it can')
    .option('--json', 'as JSON')
    .option('--calibrate', 'measure its speed, too (150 ms)')
    .action(async (flags: ConfigFlags & { json?: boolean; calibrate?: boolean }) =>
      onExit(await (await import('./commands/env.js')).env(flags, context)),
    );

  configured(program.command('config'))
    .description('show each setting in force, and where it comes from')
    .option('--json', 'as JSON')
    .action(async (flags: ConfigFlags & { json?: boolean }) =>
      onExit(await (await import('./commands/config.js')).config(flags, context)),
    );

  program
    .command('heal')
    .description('undo what killed runs have left behind')
    .option('--json', 'as JSON')
    .option('--discard', 'forget what cannot be undone')
    .action(async (flags: { json?: boolean; discard?: boolean }) =>
      onExit(await (await import('./commands/heal.js')).heal(flags, context)),
    );

  program
    .command('clear-cache')
    .description('remove the transformed code of test files that is kept between runs, of all projects')
    .option('--json', 'as JSON')
    .action(async (flags: { json?: boolean }) =>
      onExit(await (await import('./commands/clear-cache.js')).clearCache(flags, context)),
    );

  program
    .command('proxy')
    .description('serve fault proxies, steered over the HTTP API of Toxiproxy')
    .option('--host <host>', 'where the API listens', '127.0.0.1')
    .option('--port <port>', 'where the API listens, 0 for any free port', '8474')
    .option('--config <file>', "proxies to begin with: Toxiproxy's JSON, toxics too")
    .option('--seed <text>', 'repeat the random choices of the run that printed it')
    .option(
      '--allow-host <name>',
      'a name under which clients may call the API, besides localhost; several times',
      collect,
    )
    .option('--proxy-metrics', 'serve the bytes of the proxies at /metrics')
    .option('--runtime-metrics', 'serve the figures of this process at /metrics')
    .action(async (flags: ProxyFlags) => onExit(await (await import('./commands/proxy.js')).proxy(flags, context)));

  addNet(program, context, onExit);

  configured(program.command('doctor'))
    .description('check that a run would find what it needs')
    .option('--json', 'as JSON')
    .action(async (flags: ConfigFlags & { json?: boolean }) =>
      onExit(await (await import('./commands/doctor.js')).doctor(flags, context)),
    );

  return program;
}

// What follows `--` is the tests' own: they see it in `testInfo.config.argv`.
function withoutOwn(filters: readonly string[], { argv }: CliContext): readonly string[] {
  const dashes = argv.indexOf('--');
  return dashes < 0 ? filters : filters.slice(0, Math.max(0, filters.length - (argv.length - 1 - dashes)));
}

function configured(command: Command): Command {
  return command
    .option('-c, --config <file>', 'chaos.yaml or chaos.config.ts to use')
    .option('--environment <name>', 'which environment of it');
}

function selecting(command: Command): Command {
  return configured(command)
    .argument('[filters...]', 'files, folders, file:line, or regular expressions')
    .option('-g, --grep <pattern>', 'only tests whose title or tags match')
    .option('-G, --grep-invert <pattern>', 'only tests that do not match')
    .option('--project <names...>', 'only these projects, * as wildcard, and what they depend on')
    .option('--no-deps', 'without what the projects depend on')
    .option('--shard <i/n>', 'one of n parts, such as 2/3')
    .option('--tsconfig <file>', 'the tsconfig.json for all files, instead of the nearest of each')
    .option('--last-failed', 'only what failed or did not run last time')
    .option('--last-failed-file <file>', 'where that is written, instead of .last-run.json in the output folder')
    .option('--test-list <file>', 'only the tests in this file: an id or file:line each line')
    .option('--test-list-invert <file>', 'all but the tests in this file')
    .option('--only-changed [ref]', 'only test files that changed since this git reference, or that import what did')
    .option('--json', 'JSON alone on standard output');
}
