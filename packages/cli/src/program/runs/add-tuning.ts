import type { Command } from 'commander';
import type { ExitCode } from '@chaos/spec';
import type { FlakeFlags } from '../../commands/tuning/flake.js';
import type { MatrixFlags } from '../../commands/tuning/matrix.js';
import type { TriageFlags } from '../../commands/tuning/triage.js';
import type { CliContext } from '../../context.js';
import { configured } from '../configured.js';

/** Adds the commands that run tests again to find the cause of failures: `chaos triage`, `flake`, `matrix`. */
export function addTuning(program: Command, context: CliContext, onExit: (code: ExitCode) => void): void {
  configured(program.command('triage'))
    .description('find the cause of each failure by running it again under controlled changes')
    .argument('[run]', 'a path of a record or blob report, an id or its beginning, last, last~1', 'last')
    .option('--top <n>', 'show only the most urgent')
    .option('--issues <folder>', 'write a Markdown text for each failure, ready for a tracker')
    .option('--budget <seconds>', 'time for reruns, a failure (default: 60)')
    .option('--no-rerun', 'decide by the record alone')
    .option('--variant <name>', 'rerun with this variant of the target, instead of the one of the run')
    .option('--seed <seed>', 'rerun with this seed, instead of the one of the run')
    .option('--json', 'as JSON')
    .action(async (run: string, flags: TriageFlags) =>
      onExit(await (await import('../../commands/tuning/triage.js')).triage(run, flags, context)),
    );

  configured(program.command('flake'))
    .description('repeat tests until their flake rates are bounded, and find those that depend on their order')
    .argument('[filters...]', 'files, folders, file:line, or regular expressions')
    .option('-g, --grep <pattern>', 'only tests whose title or tags match')
    .option('--variant <name>', 'a variant of the target')
    .option('--runs <n>', 'run each test so often, whatever comes out')
    .option('--below <ratio>', 'the rate to show, from 0 to 1 (default: 0.01)')
    .option('--confidence <ratio>', 'how sure, from 0 to 1 (default: 0.95)')
    .option('--max-runs <n>', 'give up on a test after so many runs (default: 400)')
    .option('--json', 'as JSON')
    .action(async (filters: string[], flags: FlakeFlags) =>
      onExit(await (await import('../../commands/tuning/flake.js')).flake(filters, flags, context)),
    );

  configured(program.command('matrix'))
    .description('find out which test catches which variant of the target: runs each with the tests that name it')
    .argument('[variants...]', 'only these; the others stay as they were written')
    .option('--all', 'run every test of the category of those that name it')
    .option('--runs <n>', 'run each test so often (default: 1)')
    .option('--sample <n>', 'run so many variants again although nothing changed, those first that waited longest')
    .option('--no-cache', 'run everything again')
    .option('-j, --workers <n>', 'tests at a time: a number, or a share of the CPUs (50%)')
    .option('--output <folder>', 'where detection.json and detection.md go (default: docs/reference)')
    .option('--json', 'as JSON')
    .action(async (variants: string[], flags: MatrixFlags) =>
      onExit(await (await import('../../commands/tuning/matrix.js')).matrix(variants, flags, context)),
    );
}
