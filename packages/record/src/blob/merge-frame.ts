import type { ResolvedConfig, RunEvent, RunStatus, SerializedError } from '@chaos/spec';
import type { Blob } from './scan-blob.js';

type RunEnd = Extract<RunEvent, { readonly type: 'run-end' }>;
type RunStart = Extract<RunEvent, { readonly type: 'run-start' }>;

const WORST_FIRST: readonly RunStatus[] = ['failed', 'timedout', 'interrupted', 'passed'];

/** One common start; `undefined` if no run reached its start. */
export function mergeStarts(blobs: readonly Blob[], rootDir: string): Omit<RunStart, 'tests'> | undefined {
  const starts = blobs.flatMap(({ start }) => (start === undefined ? [] : [start]));
  const [first] = starts;
  if (first === undefined) return undefined;
  const workers = starts.reduce((sum, { config }) => sum + config.runner.workers, 0);
  const metadata = Object.assign({}, ...starts.map(({ config }) => config.metadata)) as ResolvedConfig['metadata'];
  // The merged run is of the machine that merges; the origin of each other event stays.
  const { variant, withoutFaults: _faults, tests: _none, origin: _origin, ...rest } = first;
  const sameVariant = variant !== undefined && starts.every((start) => start.variant === variant);
  return {
    ...rest,
    runId: [...new Set(starts.map(({ runId }) => runId))].join('+'),
    startMs: Math.min(...starts.map(({ startMs }) => startMs)),
    config: { ...first.config, rootDir, metadata, runner: { ...first.config.runner, workers, shard: undefined } },
    ...(sameVariant && { variant }),
    ...(starts.some(({ withoutFaults }) => withoutFaults) && { withoutFaults: true }),
  };
}

/** One common end: the worst status (`failed` if parts are missing), from the first start to the last end. */
export function mergeEnds(blobs: readonly Blob[], startMs: number, incomplete: boolean): RunEnd {
  const ends = blobs.flatMap(({ end }) => (end === undefined ? [] : [end]));
  const statuses = new Set<RunStatus>([
    ...ends.map(({ status }) => status),
    ...(incomplete ? (['failed'] as const) : []),
  ]);
  const endMs = Math.max(startMs, ...ends.map((end) => end.endMs));
  const calibrations = ends.flatMap(({ calibration }) => (calibration === undefined ? [] : [calibration]));
  const during = calibrations.flatMap(({ duringContention }) => duringContention ?? []);
  return {
    type: 'run-end',
    status: WORST_FIRST.find((status) => statuses.has(status)) ?? 'passed',
    endMs,
    durationMs: endMs - startMs,
    ...(calibrations.length > 0 && {
      calibration: {
        speed: Math.min(...calibrations.map(({ speed }) => speed)),
        contention: Math.max(...calibrations.map(({ contention }) => contention)),
        deadlineFactor: Math.max(...calibrations.map(({ deadlineFactor }) => deadlineFactor)),
        ...(during.length > 0 && { duringContention: Math.max(...during) }),
      },
    }),
  };
}

/** Lists missing parts: runs that were cut off, and shards without a report. */
export function missingParts(blobs: readonly Blob[]): SerializedError[] {
  const problems: SerializedError[] = [];
  for (const { file, end } of blobs)
    if (end === undefined)
      problems.push({
        message: `Cannot tell all of ${file}: it ends before its run did`,
        hint: 'That run was killed, or the file was copied too early.',
      });
  const present = new Map<number, Set<number>>();
  for (const { header } of blobs)
    if (header.shard !== undefined)
      present.set(header.shard.total, (present.get(header.shard.total) ?? new Set()).add(header.shard.current));
  for (const [total, shards] of present) {
    const missing = Array.from({ length: total }, (_, index) => index + 1).filter((shard) => !shards.has(shard));
    const bases = new Set(
      blobs
        .filter(({ header }) => header.shard?.total === total)
        .flatMap(({ header, start }) =>
          start?.shardBasis === undefined ? [] : [`${header.name ?? ''}\n${start.shardBasis}`],
        ),
    );
    if (bases.size > new Set([...bases].map((basis) => basis.split('\n')[0])).size)
      problems.push({
        message: `The ${total} shards were cut by different histories: tests may have run twice, or not at all`,
        hint: 'Give all of them the same .history.json in the output folder, or none.',
      });
    if (missing.length > 0)
      problems.push({
        message: `Cannot tell all of the run: of ${total} shards there is no report of ${missing.join(', ')}`,
        hint: 'Look at the jobs of those shards.',
      });
  }
  return problems;
}
