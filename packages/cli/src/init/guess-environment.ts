import type { ProjectFacts } from './look/project-facts.js';
import type { InitService } from './init-service.js';

/** The environment of the program, and what follows from it. */
export interface Environment {
  /** Variables with their values, placeholders included. */
  readonly env: ReadonlyMap<string, string>;
  /** Services whose placeholders the variables have. */
  readonly services: readonly InitService[];
  /** Services that the program seems to use, and that no variable leads to. */
  readonly unreached: readonly InitService[];
  /** Variables that the program reads and that nothing is known of. */
  readonly unset: readonly string[];
  /** True if a variable has the port to listen on. */
  readonly hasPort: boolean;
  /** The variable with the secret that tokens are signed by, if there is one. */
  readonly tokenSecret: string | undefined;
}

const DATABASE = '(?:DATABASE|DB|POSTGRES(?:QL)?|PG)';
const CACHE = '(?:REDIS|VALKEY|CACHE)';
const ADDRESS = '(?:URL|URI|DSN|CONNECTION(?:_?STRING)?)';
const RULES: readonly (readonly [RegExp, string])[] = [
  [/^(HTTP_|APP_|SERVER_|API_)?PORT$/, '{port}'],
  [new RegExp(`^${DATABASE}_?${ADDRESS}$`), '{postgres.url}'],
  [new RegExp(`^${DATABASE}_?HOST(NAME)?$`), '{postgres.host}'],
  [new RegExp(`^${DATABASE}_?PORT$`), '{postgres.port}'],
  [new RegExp(`^${CACHE}_?${ADDRESS}$`), '{redis.url}'],
  [new RegExp(`^${CACHE}_?HOST(NAME)?$`), '{redis.host}'],
  [new RegExp(`^${CACHE}_?PORT$`), '{redis.port}'],
  [/JWKS_?(URL|URI)$/, '{jwks.url}'],
  [/^(JWT_|TOKEN_|AUTH_|OIDC_)?ISSUER$/, '{jwks.issuer}'],
  [/^(JWT_|TOKEN_|AUTH_|OIDC_)?AUDIENCE$/, '{jwks.audience}'],
  [new RegExp(`^(${DATABASE}_)?POOL(_?(SIZE|MAX))?$|_POOL_SIZE$`), '{connection_pool_size}'],
  [/^(REQUEST_|QUERY_)?TIMEOUT(_MS)$/, '{timeout_ms}'],
];
const CLIENTS: Readonly<Record<InitService, RegExp>> = {
  postgres:
    /^(pg|pg-promise|postgres|@prisma\/client|typeorm|sequelize|drizzle-orm|kysely|knex|pg-boss|graphile-worker|slonik)$/,
  redis: /^(ioredis|redis|@redis\/client|bullmq|bull|iovalkey)$/,
  jwks: /^(jwks-rsa|get-jwks|fastify-jwt-jwks)$/,
};
const IMAGES: Readonly<Partial<Record<InitService, RegExp>>> = { postgres: /postgres|postgis/, redis: /redis|valkey/ };
const SIGNERS = ['jsonwebtoken', '@fastify/jwt', 'fastify-jwt', 'express-jwt', 'koa-jwt', 'jose', '@nestjs/jwt'];
// Set for us, or by us.
const IGNORED = /^(NODE_ENV|NODE_OPTIONS|PATH|HOME|USER|HOSTNAME|CI|TZ|PWD|LOG_LEVEL|DEBUG|HOST)$/;

/** The secret that tokens of tests are signed by. */
export const TOKEN_SECRET = 'only-for-chaos-tests-0123456789abcdef';

/** Finds the place of the services in the program's variables, by their names. */
export function guessEnvironment(facts: ProjectFacts): Environment {
  // A package reads many variables that nobody sets.
  const ofPackage = [...(facts.packaged?.variables ?? [])].filter((name) => placeholderOf(name, true) !== undefined);
  const names = [...new Set([...facts.exampleEnv.keys(), ...facts.variables, ...ofPackage])].sort();
  const issues = names.some((name) => /JWKS_?(URL|URI)$/.test(name));
  const tokenSecret = SIGNERS.some((name) => facts.dependencies.has(name))
    ? names.find((name) => /^(JWT|TOKEN|AUTH)_?SECRET(_KEY)?$/.test(name))
    : undefined;
  const env = new Map<string, string>();
  const unset: string[] = [];
  for (const name of names) {
    const value = name === tokenSecret ? TOKEN_SECRET : (placeholderOf(name, issues) ?? facts.exampleEnv.get(name));
    if (value !== undefined && value !== '') env.set(name, value);
    else if (!IGNORED.test(name)) unset.push(name);
  }
  const values = [...env.values()];
  const services = (['postgres', 'redis', 'jwks'] as const).filter((name) =>
    values.some((value) => value.startsWith(`{${name}.`)),
  );
  const unreached = (['postgres', 'redis', 'jwks'] as const).filter(
    (name) => !services.includes(name) && isUsed(name, facts),
  );
  return { env, services, unreached, unset, hasPort: values.includes('{port}'), tokenSecret };
}

// Without a place for the keys, `ISSUER` is that of somebody else.
function placeholderOf(name: string, issues: boolean): string | undefined {
  const placeholder = RULES.find(([pattern]) => pattern.test(name))?.[1];
  return placeholder?.startsWith('{jwks.') && !issues ? undefined : placeholder;
}

function isUsed(service: InitService, { dependencies, images }: ProjectFacts): boolean {
  return (
    [...dependencies].some((name) => CLIENTS[service].test(name)) ||
    images.some((image) => IMAGES[service]?.test(image) === true)
  );
}
