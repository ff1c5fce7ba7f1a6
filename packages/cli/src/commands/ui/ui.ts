import { calibrate } from '@chaos/env';
import { healDeadRuns } from '@chaos/runner/heal';
import { createRunner, type Runner, type RunSelection } from '@chaos/runner/run';
import { ExitCode, redactDeep, UsageError, type RunEvent } from '@chaos/spec';
import type { LiveServer } from '@chaos/report-html';
import type { CliContext } from '../../context.js';
import type { RunFlags } from '../../flags.js';
import { withGitInfo } from '../../git/with-git-info.js';
import { tell } from '../../output/tell.js';
import { ownCapabilities } from '../../settings/load-definition.js';
import { overridesOf } from '../../settings/overrides-of.js';
import { resolveSettings } from '../../settings/resolve-settings.js';
import { runOptions } from '../../settings/run-options.js';
import { watchFiles } from './watch-files.js';

/** The flags of `chaos ui`. */
export interface UiFlags extends Partial<RunFlags> {
  readonly port?: string;
}

/** `chaos ui`: serves the page of the report while runs go on, until it gets a signal. */
export async function ui(filters: readonly string[], flags: UiFlags, context: CliContext): Promise<ExitCode> {
  const port = portOf(flags.port);
  const config = await withGitInfo(await resolveSettings(flags, overridesOf(flags), context), context);
  await healDeadRuns({ log: (line) => tell(context, line) });
  const { startLiveServer } = await import('@chaos/report-html');
  const options = runOptions(filters, flags, config, context);
  const session = new Session();
  const server = await startLiveServer(session, port);
  const runner = createRunner({
    ...options,
    reporters: [server.reporter],
    calibrate,
    // Its watchdog ends code that blocks this process when a signal comes.
    ownProcess: { exit: (code) => process.exit(code) },
    capabilities: await ownCapabilities(config),
    onReporterError: (error) => tell(context, `Cannot report: ${String(error)}`),
  });
  session.begin(runner, server, config);
  // Not earlier: until here the user's configuration is loaded, which may block this process, and nothing is to be
  // ended.
  const signalled = ended();
  // The token is a secret that this person has to see, so it is not masked.
  context.stdout.write(`${server.url}\nThe address works once; then your browser has a cookie. End it with Ctrl+C.\n`);
  const { tests, errors } = await runner.list();
  const { version } = options;
  const planned: RunEvent = { type: 'run-start', runId: '', startMs: Date.now(), version, argv: [], config, tests };
  server.reporter.onEvent(redactDeep(planned));
  for (const error of errors) server.reporter.onEvent(redactDeep({ type: 'run-error', error }));
  const signal = await signalled;
  await session.end();
  await server.close();
  return signal === 'SIGINT' ? ExitCode.interrupted : ExitCode.terminated;
}

/** One runner, one server, and what the page asks for. */
class Session {
  #runner: Runner | undefined;
  #server: LiveServer | undefined;
  #folders: { readonly rootDir: string; readonly outputDir: string } | undefined;
  #watch: (() => void) | undefined;
  readonly #changed = new Set<string>();

  begin(
    runner: Runner,
    server: LiveServer,
    { rootDir, runner: { outputDir } }: { readonly rootDir: string; readonly runner: { readonly outputDir: string } },
  ): void {
    [this.#runner, this.#server, this.#folders] = [runner, server, { rootDir, outputDir }];
  }

  run(ids: readonly string[] | undefined): void {
    void this.#run(ids === undefined ? {} : { ids: new Set(ids) }, '');
  }

  stop(): void {
    void this.#runner?.stop('stopped in the page');
  }

  watch(on: boolean): void {
    this.#watch?.();
    this.#watch = undefined;
    if (on && this.#folders !== undefined)
      this.#watch = watchFiles(this.#folders.rootDir, this.#folders.outputDir, (files) => {
        for (const file of files) this.#changed.add(file);
        this.#rerunChanged();
      });
    this.#server?.tell({ isWatching: on });
  }

  async end(): Promise<void> {
    this.watch(false);
    await this.#runner?.stop('chaos ui ends');
  }

  // What changes during a run waits for its end.
  #rerunChanged(): void {
    if (this.#changed.size === 0 || this.#runner?.isRunning !== false) return;
    const changed = new Set(this.#changed);
    this.#changed.clear();
    const names = [...changed].map((file) => file.slice(this.#folders!.rootDir.length + 1));
    void this.#run({ changed, passWithNoTests: true }, `changed: ${names.slice(0, 3).join(', ')}`);
  }

  async #run(selection: RunSelection, note: string): Promise<void> {
    if (this.#runner?.isRunning !== false) return;
    this.#server?.tell({ isRunning: true, note });
    try {
      await this.#runner.run(selection);
      this.#server?.tell({ isRunning: false });
    } catch (error) {
      this.#server?.tell({ isRunning: false, note: error instanceof Error ? error.message : String(error) });
    }
    this.#rerunChanged();
  }
}

function portOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError(`Cannot use --port ${text}: a port is a number from 0 to 65535`);
  return port;
}

async function ended(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, resolve);
  });
}
