import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chooseRead, HEALTH, type ReadRoute } from './choose-read.js';
import { guessCommand } from './guess-command.js';
import { guessPrograms, type GuessedProgram } from './guess-programs.js';
import { guessEnvironment, type Environment } from './guess-environment.js';
import type { ProjectFacts } from './look/project-facts.js';

/** What the files to be written say. */
export interface Plan extends Environment {
  readonly command: string;
  /** Several programs, servers first; none where there is one. */
  readonly programs: readonly GuessedProgram[];
  /** A file that the command runs, and that is not there: it has to be built first, or was guessed wrong. */
  readonly missingFile: string | undefined;
  /** The project says itself how it is started. */
  readonly isSaid: boolean;
  /** Migrations. */
  readonly setup: string | undefined;
  /** Path that answers with 2xx once the program is ready; `undefined`: it listens, or runs. */
  readonly readyPath: string | undefined;
  /** Path that tests read; `undefined` for a program without HTTP. */
  readonly readPath: string | undefined;
  /** How sure {@link readPath} is; means nothing without one. */
  readonly readIs: ReadRoute['certainty'];
}

const HTTP =
  /^(express|fastify|koa|hono|restify|polka|h3|next|@hapi\/hapi|@nestjs\/core|@hono\/node-server|apollo-server.*|@apollo\/server)$/;
/** Guesses what a person would write; each guess can be changed in the files. */
export function planOf(facts: ProjectFacts): Plan {
  const programs = guessPrograms(facts);
  const command = programs[0]?.command ?? guessCommand(facts);
  const environment = guessEnvironment(facts);
  const paths = [...new Set([...facts.documentedPaths, ...facts.routes])];
  const hasHttp = [...facts.dependencies].some((name) => HTTP.test(name)) || environment.hasPort || paths.length > 0;
  const readyPath = paths.find((path) => HEALTH.test(path));
  const read = chooseRead(facts.documentedPaths, facts.routes) ?? { path: '/', certainty: 'guess' };
  return {
    ...environment,
    command,
    programs,
    missingFile: missingFileOf(command, facts.folder),
    isSaid: programs.length > 0 || 'start' in facts.scripts || facts.packaged !== undefined,
    setup: ['migrate', 'db:migrate', 'migrate:up', 'migrations'].find((name) => name in facts.scripts),
    readyPath,
    readPath: hasHttp ? read.path : undefined,
    readIs: read.certainty,
  };
}

/** The file that a command runs, if it is not there. */
export function missingFileOf(command: string, folder: string): string | undefined {
  const file = command.split(' ').find((word) => /\.[cm]?[jt]s$/.test(word));
  return file === undefined || existsSync(join(folder, file)) ? undefined : file;
}
