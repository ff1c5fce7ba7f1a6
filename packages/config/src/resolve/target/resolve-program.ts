import { resolve } from 'node:path';
import { nearest, type ProgramConfig, type ReadyCheck, type TargetConfig } from '@chaos/spec';
import type { Layer } from '../../sources/layer.js';
import { discoverVariants, type VariantFile } from './discover-variants.js';
import { lookUp, namesAt } from '../lookup.js';
import { placeholdersOf, placeholdersIn } from '../../schema/placeholders.js';
import { printValue } from '../../problem.js';
import type { Path } from '../../raw-config.js';
import type { Recorder } from '../recorder.js';
import type { KnownService } from '../../schema/services.js';
import { resolveExternal } from './resolve-external.js';
import { splitCommand } from './split-command.js';

/** A program under test, with its placeholders checked and its services derived from them. */
export interface ResolvedProgram {
  readonly program: Omit<ProgramConfig, 'replicas'>;
  readonly problems: readonly string[];
}

/** What {@link resolveProgram} resolves from. */
export interface ProgramSources {
  readonly layers: readonly Layer[];
  readonly rootDir: string;
  readonly recorder: Recorder;
  readonly services: readonly KnownService[];
  /** All programs have the same one. */
  readonly driver: string | undefined;
}

/**
 * The program at `target`, or at `targets.<name>`.
 *
 * @param place dotted, as `targets.worker`
 */
export function resolveProgram(sources: ProgramSources, place: string): ResolvedProgram {
  const { rootDir, recorder, services, driver } = sources;
  const words = new TargetWords(sources, place);
  const { external, problems } = resolveExternal(sources, place);
  const target = {
    external,
    command: words.command('command'),
    setup: words.command('setup'),
    cwd: resolve(rootDir, recorder.take<string>(`${place}.cwd`)),
    env: {
      ...(external === undefined && words.dependencies()),
      ...words.variables([...place.split('.'), 'env']),
    },
    ready: { ...words.ready(), timeoutMs: recorder.take<number>(`${place}.ready.timeoutMs`) },
    restart: recorder.take<TargetConfig['restart']>(`${place}.restart`),
    driver,
    variants: { ...words.discovered(rootDir), ...words.listed() },
  };
  recorder.note(`${place}.services`, { layer: 'default', source: 'default: by the placeholders of target' });
  const used = words.services();
  const targets = services.filter(({ isTarget }) => isTarget).map(({ name }) => name);
  const program = {
    ...target,
    services: used.filter((name) => !targets.includes(name)),
    reaches: used.filter((name) => targets.includes(name)),
  };
  return { program, problems: [...words.problems, ...problems] };
}

const VARIANTS: Path = ['target', 'variants'];
const READY_WAYS = ['http', 'log', 'port', 'command', 'sql', 'aliveMs'] as const;

/** Texts of the target that may hold placeholders: which of them they do, and what is wrong with them. */
class TargetWords {
  readonly problems: string[] = [];
  readonly #used = new Set<string>();
  readonly #layers: readonly Layer[];
  readonly #recorder: Recorder;
  readonly #services: readonly KnownService[];
  readonly #placeholders: ReturnType<typeof placeholdersOf>;

  readonly #place: string;

  constructor({ layers, recorder, services }: ProgramSources, place: string) {
    this.#layers = layers;
    this.#recorder = recorder;
    this.#services = services;
    this.#placeholders = placeholdersOf(services);
    this.#place = place;
  }

  /** A program and its arguments, at a key of the target. */
  command(key: 'command' | 'setup' | 'ready.command'): TargetConfig['command'] {
    const found = this.#recorder.find<string | readonly string[]>(`${this.#place}.${key}`, 'default: none');
    if (found === undefined) return undefined;
    const { value, provenance } = found;
    const [program, ...args] = (typeof value === 'string' ? splitCommand(value) : value) ?? [];
    if (program === undefined || program === '') {
      this.problems.push(
        cannotUse(
          provenance.source,
          `${this.#place}.${key}`,
          `current value is ${printValue(value)}, allowed is a program and its arguments, every quote closed`,
        ),
      );
      return undefined;
    }
    for (const word of [program, ...args])
      this.#check(word, [...this.#place.split('.'), ...key.split('.')], provenance.source);
    return [program, ...args];
  }

  /** The one way in which the target shows that it is ready. */
  ready(): ReadyCheck {
    const path = this.#recorder.take<string>(`${this.#place}.ready.path`);
    const ways = READY_WAYS.flatMap((way) => {
      const found = this.#recorder.find<string | number | true>(`${this.#place}.ready.${way}`, 'default: none');
      return found === undefined ? [] : [{ way, ...found }];
    });
    const [first, second] = ways;
    if (first !== undefined && second !== undefined)
      this.problems.push(
        cannotUse(
          second.provenance.source,
          `${this.#place}.ready.${second.way}`,
          `${this.#place}.ready.${first.way} is set too, allowed is one way to be ready`,
        ),
      );
    if (first === undefined) return { path };
    if (first.way === 'command') return { command: this.command('ready.command') ?? ['false'] };
    if (first.way === 'sql') this.#needPostgres(first.provenance.source);
    return { [first.way === 'http' ? 'path' : first.way]: first.value } as unknown as ReadyCheck;
  }

  #needPostgres(source: string): void {
    if (!this.services().includes('postgres'))
      this.problems.push(
        cannotUse(
          source,
          `${this.#place}.ready.sql`,
          `the target has no PostgreSQL, allowed is a query where ${this.#place}.env or ${this.#place}.command has {postgres.url}`,
        ),
      );
  }

  /** Environment variables at a path, which may hold `more` placeholders. */
  variables(path: Path, more: readonly string[] = []): Readonly<Record<string, string>> {
    return Object.fromEntries(
      namesAt(this.#layers, path).map((name) => {
        const found = lookUp<string | number | boolean>(this.#layers, [...path, name]);
        const text = String(found?.value);
        if (found !== undefined) this.#recorder.note([...path, name].join('.'), found.provenance);
        this.#check(text, [...path, name], found?.provenance.source ?? '', more);
        return [name, text];
      }),
    );
  }

  /** Variables that tell the target where its dependencies are. */
  dependencies(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      this.#services.flatMap(({ name, speaks }): [string, string][] => {
        if (speaks === undefined) return [];
        const path = ['dependencies', name, 'env'];
        const found = lookUp<string>(this.#layers, path);
        if (found === undefined) return [];
        const { value: variable, provenance } = found;
        if (lookUp(this.#layers, [...this.#place.split('.'), 'env', variable]))
          this.problems.push(
            cannotUse(
              provenance.source,
              path.join('.'),
              `current value is ${printValue(variable)}, but ${this.#place}.env.${variable} is set too`,
            ),
          );
        this.#recorder.note(`${this.#place}.env.${variable}`, provenance);
        const text = speaks === 'http' ? `{${name}.url}` : `{${name}.host}:{${name}.port}`;
        this.#check(text, path, provenance.source);
        return [[variable, text]];
      }),
    );
  }

  /** The variants that are listed by name. */
  listed(): TargetConfig['variants'] {
    const names = namesAt(this.#layers, VARIANTS).filter((name) => name !== 'from');
    return Object.fromEntries(names.map((name) => [name, this.variables([...VARIANTS, name])]));
  }

  /** One variant for each file that `variants.from` names. */
  discovered(rootDir: string): TargetConfig['variants'] {
    const from = [...VARIANTS, 'from'];
    const written = lookUp<unknown>(this.#layers, from);
    if (written === undefined) return {};
    const files = lookUp<string>(this.#layers, [...from, 'files']);
    const env = this.variables([...from, 'env'], ['variant', 'variant.file']);
    const found = files === undefined ? [] : discoverVariants(rootDir, files.value);
    const problem = wrongDiscovery(files?.value, env, found);
    if (problem !== undefined) {
      const { source } = (files ?? written).provenance;
      const [path, value] = files === undefined ? [from, written.value] : [[...from, 'files'], files.value];
      this.problems.push(cannotUse(source, path.join('.'), `current value is ${printValue(value)}, ${problem}`));
    }
    return Object.fromEntries(
      found.map(({ name, file }) => {
        const variables = Object.entries(env).map(([key, text]) => {
          this.#recorder.note(`${VARIANTS.join('.')}.${name}.${key}`, written.provenance);
          return [key, text.replaceAll('{variant}', name).replaceAll('{variant.file}', file)];
        });
        return [name, Object.fromEntries(variables)];
      }),
    );
  }

  /** Services whose placeholders are in one of the texts so far. */
  services(): readonly string[] {
    const needed = new Set(
      [...this.#used].map((name) => (Object.hasOwn(this.#placeholders, name) ? this.#placeholders[name] : undefined)),
    );
    return this.#services.map(({ name }) => name).filter((name) => needed.has(name));
  }

  #check(text: string, path: Path, source: string, more: readonly string[] = []): void {
    for (const name of placeholdersIn(text)) {
      if (more.includes(name)) continue;
      this.#used.add(name);
      if (Object.hasOwn(this.#placeholders, name)) continue;
      this.problems.push(
        cannotUse(
          source,
          path.join('.'),
          `current value is ${printValue(text)}, ${noPlaceholder(name, [...Object.keys(this.#placeholders), ...more])}`,
        ),
      );
    }
  }
}

/** What is wrong with files that stand for variants; `undefined` if nothing is. */
function wrongDiscovery(
  files: string | undefined,
  env: Readonly<Record<string, string>>,
  found: readonly VariantFile[],
): string | undefined {
  if (files === undefined) return 'but `files` is missing: set it to a path such as defects/*.ts';
  if (!Object.values(env).some((text) => /\{variant(\.file)?\}/.test(text)))
    return 'but no variable of `env` beside it holds {variant} or {variant.file}: all variants would be the same';
  if (found.length === 0) return 'but there are no such files; a * stands for a name without dots';
  const twice = found.find(({ name }, index) => found[index + 1]?.name === name);
  return twice && `but two files are the variant "${twice.name}": ${paths(found, twice.name)}`;
}

function paths(found: readonly VariantFile[], variant: string): string {
  return found.flatMap(({ name, file }) => (name === variant ? [file] : [])).join(' and ');
}

function noPlaceholder(name: string, allowed: readonly string[]): string {
  const guess = nearest(name, allowed);
  const meant = guess === undefined ? '' : `. Did you mean "{${guess}}"?`;
  return `{${name}} is no placeholder; allowed are ${allowed.map((each) => `{${each}}`).join(' ')}${meant}`;
}

function cannotUse(source: string, name: string, why: string): string {
  return `${source}: Cannot use ${name}: ${why}`;
}
