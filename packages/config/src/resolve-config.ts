import { assertOwnFile } from './sources/own-file.js';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hardwareProfile } from '@chaos/env';
import { UsageError, type Json, type ResolvedConfig, type ServiceConfig, type ServiceDescription } from '@chaos/spec';
import type { LoadDefinition } from './sources/known/known-services.js';
import type { Layer } from './sources/layer.js';
import { loadLayers, type FileLayers } from './sources/load-layers.js';
import { loadQuarantine } from './resolve/load-quarantine.js';
import { loadMultiplier, type UsableHardware } from './resolve/load-multiplier.js';
import { lookUp, namesAt } from './resolve/lookup.js';
import { commandLineLayer, environmentVariableLayer, type CliOverrides } from './sources/override-layers.js';
import { readLayers, type ConfigLayers, type ReadLayersOptions } from './sources/read-layers.js';
import { createRecorder, type Recorder } from './resolve/recorder.js';
import { resolveDependency } from './resolve/resolve-dependency.js';
import { resolveLoad, resolvePassRates } from './resolve/resolve-load.js';
import { resolveRunner } from './resolve/resolve-runner.js';
import { resolveTargets } from './resolve/target/resolve-targets.js';
import { selectEnvironment } from './resolve/select-environment.js';

/** The machine and the services that {@link resolveLayers} resolves for. */
export interface ResolveLayersOptions {
  readonly hardware: UsableHardware;
  /** The services that ship with chaos. */
  readonly services: readonly ServiceDescription[];
  /** Loads the definition of a user's own service. Default: `import()`. */
  readonly loadDefinition?: LoadDefinition | undefined;
  /** On top of those of the layers. */
  readonly overrides?: CliOverrides;
  /** In place of that of the layers: where the same files are on this machine. */
  readonly cwd?: string;
}

/** Options of {@link resolveConfig}. */
export interface ResolveConfigOptions
  extends ReadLayersOptions, Pick<ResolveLayersOptions, 'hardware' | 'services' | 'loadDefinition'> {}

/**
 * Resolves every setting once: command line > `CHAOS_*` > `chaos.config.ts` > `chaos.yaml` > `chaos.tuned.yaml` >
 * defaults, with the load scaled to the machine and the source of each value.
 *
 * @throws UsageError that lists all problems, each with its place, the value, what is allowed, and what may have been
 *   meant.
 */
export async function resolveConfig(options: ResolveConfigOptions): Promise<ResolvedConfig> {
  const { hardware, services, loadDefinition } = options;
  return resolveLayers(await readLayers(options), { hardware, services, loadDefinition });
}

/**
 * Resolves settings that {@link readLayers} has read, here or elsewhere; as often as is wanted, also with other
 * overrides. Reads no file of settings again but the quarantine.
 *
 * @throws UsageError as {@link resolveConfig} does
 */
export async function resolveLayers(source: ConfigLayers, options: ResolveLayersOptions): Promise<ResolvedConfig> {
  const { hardware, cwd = source.cwd } = options;
  const files = await loadLayers(source, cwd, {
    shipped: options.services,
    load: options.loadDefinition ?? importDefault,
  });
  const profile = hardwareProfile(hardware);
  const { variables, ci } = source;
  const asked = { option: source.environment, variable: variables['CHAOS_ENVIRONMENT'], ci };
  const { selected: environment, problems: environmentProblems } = selectEnvironment(asked, files.layers);
  const scope = { schema: files.schema, environment: environment.value, profile };
  const overrides = [
    commandLineLayer({ ...source.overrides, ...options.overrides }, scope),
    environmentVariableLayer(variables, scope),
  ];
  // An unreadable file defines no environments, so do not report an unknown one then.
  refuse([
    ...overrides.flatMap(({ problems }) => problems),
    ...(files.problems.length > 0 ? [] : environmentProblems),
    ...files.problems,
  ]);
  const layers = [...overrides.map(({ layer }) => layer), ...files.layers];
  const configModule = source.module && resolve(cwd, source.module.file);
  return resolveSettings({ cwd, files, layers, environment, profile, hardware, configModule, ci });
}

interface Material {
  readonly cwd: string;
  readonly files: FileLayers;
  readonly layers: readonly Layer[];
  readonly environment: ReturnType<typeof selectEnvironment>['selected'];
  readonly profile: ResolvedConfig['profile'];
  readonly hardware: UsableHardware;
  readonly configModule: string | undefined;
  readonly ci: boolean;
}

async function resolveSettings(material: Material): Promise<ResolvedConfig> {
  const { cwd, files, layers, environment, profile, hardware, configModule, ci } = material;
  const recorder = createRecorder(layers);
  const multiplier = loadMultiplier(layers, profile, hardware);
  const load = resolveLoad(layers, environment.value, multiplier.value, recorder);
  const { passRates, problems: rateProblems } = resolvePassRates(layers, environment.value, profile, recorder);
  const { target, targets, problems: targetProblems } = resolveTargets(layers, files.rootDir, recorder, files.services);
  const { runner, problems: runnerProblems } = resolveRunner(recorder, {
    rootDir: files.rootDir,
    cwd,
    usableCpus: hardware.usableCpus,
    usableMemoryBytes: hardware.usableMemoryBytes,
    retryAttempts: load.retryAttempts,
    layers,
    configModule,
    ci,
    shared: externalOf(target, targets),
  });
  const { quarantine, problems: quarantineProblems } = await resolveQuarantine(layers, files.rootDir, cwd, recorder);
  refuse([...rateProblems, ...targetProblems, ...runnerProblems, ...quarantineProblems]);

  recorder.note('environment', environment.provenance);
  recorder.note('loadMultiplier', multiplier.provenance);
  noteDerived(recorder, hardware, files);
  return {
    ...load,
    environment: environment.value,
    profile,
    loadMultiplier: multiplier.value,
    deadlineFactor: 1,
    passRates,
    monitor: { intervalMs: recorder.take('monitor.intervalMs'), policy: recorder.take('monitor.policy') },
    services: services(files, recorder),
    target,
    targets,
    network: { backend: recorder.take('network.backend'), sandbox: recorder.take('network.sandbox') },
    runner: { ...runner, quarantine },
    rootDir: files.rootDir,
    secret: recorder.take('secret'),
    metadata: metadata(layers, recorder),
    provenance: recorder.provenance,
  };
}

// Name of the first program that runs elsewhere.
function externalOf(target: ResolvedConfig['target'], targets: ResolvedConfig['targets']): string | undefined {
  const several = Object.entries(targets).find(([, { external }]) => external !== undefined);
  if (several) return `targets.${several[0]}`;
  return target.external && 'target';
}

async function resolveQuarantine(
  layers: readonly Layer[],
  rootDir: string,
  cwd: string,
  recorder: Recorder,
): ReturnType<typeof loadQuarantine> {
  const file = lookUp<string>(layers, ['runner', 'quarantine']);
  const path = resolve(rootDir, file?.value ?? 'chaos.quarantine.yaml');
  if (file === undefined) assertOwnFile(path, rootDir, { does: 'says which failures do not count' });
  const loaded = await loadQuarantine(path, cwd, file !== undefined);
  recorder.note(
    'runner.quarantine',
    file?.provenance ?? {
      layer: 'default',
      source: loaded.quarantine ? 'default: chaos.quarantine.yaml' : 'default: there is no chaos.quarantine.yaml',
    },
  );
  return loaded;
}

// Values that follow from the machine and from where files are.
function noteDerived(recorder: Recorder, hardware: UsableHardware, { file }: FileLayers): void {
  const memory = `${(hardware.usableMemoryBytes / 2 ** 30).toFixed(1)} GiB usable memory`;
  recorder.note('profile', { layer: 'default', source: `default: ${hardware.usableCpus} usable CPUs, ${memory}` });
  recorder.note('deadlineFactor', { layer: 'default', source: 'default: before calibration' });
  recorder.note('rootDir', {
    layer: 'default',
    source: file === undefined ? 'default: the working folder' : 'default: the folder of the configuration file',
  });
}

function services({ services: known, definitions }: FileLayers, recorder: Recorder): ResolvedConfig['services'] {
  return Object.fromEntries(
    known
      .filter(({ isTarget }) => isTarget !== true)
      .map(({ name, speaks }) => [
        name,
        speaks === undefined ? service(recorder, name, definitions[name]) : resolveDependency(recorder, name, speaks),
      ]),
  );
}

function service(recorder: Recorder, name: string, definition: string | undefined): ServiceConfig {
  if (definition !== undefined) recorder.find(`services.${name}.definition`);
  return {
    ...(definition !== undefined && { definition }),
    url: recorder.find<string>(`services.${name}.url`, 'default: started for each slot')?.value,
    startTimeoutMs: recorder.take(`services.${name}.startTimeoutMs`),
  };
}

async function importDefault(file: string): Promise<unknown> {
  return ((await import(pathToFileURL(file).href)) as { readonly default?: unknown }).default;
}

function metadata(layers: readonly Layer[], recorder: Recorder): Readonly<Record<string, Json>> {
  const names = namesAt(layers, ['metadata']);
  if (names.length === 0) recorder.note('metadata', { layer: 'default', source: 'default' });
  return Object.fromEntries(
    names.flatMap((name) => {
      const found = lookUp<Json>(layers, ['metadata', name]);
      if (found === undefined) return [];
      recorder.note(`metadata.${name}`, found.provenance);
      return [[name, found.value]];
    }),
  );
}

function refuse(problems: readonly string[]): void {
  if (problems.length === 0) return;
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  throw new UsageError(
    `Cannot use the configuration: ${count}\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    {
      hint: 'Every setting is described in docs/reference/configuration.md, the quarantine file in docs/guide/flaky-tests.md; `chaos config` prints what is in force.',
      data: { problems },
    },
  );
}
