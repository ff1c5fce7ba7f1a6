import type { Command } from 'commander';
import type { ExitCode } from '@chaos/spec';
import type { UiFlags } from '../commands/ui/ui.js';
import type { CliContext } from '../context.js';
import type { RunFlags, SelectionFlags } from '../flags.js';
import { overFleet } from './add-fleet.js';
import { collect } from './collect.js';
import { configured } from './configured.js';
import { REPORTER_HELP } from './reporter-help.js';

/** Adds the commands that select tests: `chaos run`, `chaos list` and `chaos ui`. */
export function addTests(program: Command, context: CliContext, onExit: (code: ExitCode) => void): void {
  addRun(program, context, onExit);
  selecting(program.command('list'))
    .description('list the tests')
    .action(async (filters: string[], flags: SelectionFlags) =>
      onExit(await (await import('../commands/list.js')).list(withoutOwn(filters, context), flags, context)),
    );
  selecting(program.command('ui'))
    .description('run tests from a page in the browser that shows them while they run')
    .option('-j, --workers <n>', 'tests at a time: a number, or a share of the CPUs (50%)')
    .option('--retries <n>', 'how often a failed test is tried again')
    .option('--variant <name>', 'start the target as this variant of it')
    .option('--no-faults', 'inject nothing: what fails then is the test or the target')
    .option('--output <folder>', 'where results go')
    .option('--port <n>', 'of the page, on the loopback device; default: a free one')
    .action(async (filters: string[], flags: UiFlags) =>
      onExit(await (await import('../commands/ui/ui.js')).ui(withoutOwn(filters, context), flags, context)),
    );
}

function addRun(program: Command, context: CliContext, onExit: (code: ExitCode) => void): void {
  overFleet(selecting(program.command('run', { isDefault: true }).alias('test')))
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
    .option('--no-history', 'write no record of the run into .chaos/runs')
    .option('--pass-with-no-tests', 'exit 0 when no test was found')
    .option('--verbose', 'print diagnostics')
    .action(async (filters: string[], flags: RunFlags) =>
      onExit(await (await import('../commands/run.js')).run(withoutOwn(filters, context), flags, context)),
    );
}

// Words after `--` belong to the tests, which find them in `testInfo.config.argv`.
function withoutOwn(filters: readonly string[], { argv }: CliContext): readonly string[] {
  const dashes = argv.indexOf('--');
  return dashes < 0 ? filters : filters.slice(0, Math.max(0, filters.length - (argv.length - 1 - dashes)));
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
    .option(
      '--only-changed [ref]',
      'only test files that changed since this git reference, or that import what did; all, if the configuration did',
    )
    .option('--json', 'JSON alone on standard output');
}
