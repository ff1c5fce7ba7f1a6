import { TOKEN_SECRET } from '../guess-environment.js';
import type { Plan } from '../plan.js';
import { quoted } from './quoted.js';

/** The text of chaos/driver.ts: how tests speak to the program. */
export function driverFile(plan: Plan): string {
  if (plan.readPath === undefined) return plan.services.includes('postgres') ? WORKER_WITH_TABLES : WORKER;
  return overHttp(plan, plan.readPath);
}

function overHttp({ readyPath, readIs, services, tokenSecret }: Plan, readPath: string): string {
  const isSigned = !services.includes('jwks') && tokenSecret !== undefined;
  return `${isSigned ? "import { createHmac } from 'node:crypto';\n" : ''}import { http, type TargetDriver } from '@chaos/test';

${isSigned ? SIGNING : ''}${apiOf(services.includes('jwks'), isSigned)}

const driver = {
  // Called once when the program has started; what it makes then, every test finds.
  async seed() {},
  operations: {
    // \`right: (answer) => …\` says which answers are right ones; \`rejected: [404]\` which refusals are.
${NOTES[readIs] ?? ''}    read: api.get<string>(${quoted(readPath)}, { as: 'text' }),
    health: api.get<string>(${quoted(readyPath ?? readPath)}, { as: 'text' }),
  },
} satisfies TargetDriver;

export default driver;
`;
}

const NOTES: Partial<Record<Plan['readIs'], string>> = {
  guess: '    // A guess: does it read what the program keeps, and change nothing?\n',
  health: '    // Nothing else was found: put a path here that reads what the program keeps.\n',
};

function apiOf(isIssued: boolean, isSigned: boolean): string {
  if (isIssued)
    return "// Each request has a token that the issuer of the tests has signed.\nconst api = http({ auth: { sub: 'user' } });";
  if (isSigned) return "const api = http({ headers: { authorization: `Bearer ${signed({ sub: 'user' })}` } });";
  return 'const api = http();';
}

const SIGNING = `// The same as in chaos.yaml.
const SECRET = ${quoted(TOKEN_SECRET)};

function signed(claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const nowS = Math.floor(Date.now() / 1000);
  const text = \`\${part({ alg: 'HS256', typ: 'JWT' })}.\${part({ ...claims, iat: nowS, exp: nowS + 86_400 })}\`;
  return \`\${text}.\${createHmac('sha256', SECRET).update(text).digest('base64url')}\`;
}

`;

const WORKER_WITH_TABLES = `import { sql, type TargetDriver } from '@chaos/test';

const db = sql();

const driver = {
  // Called once when the program has started; what it makes then, every test finds.
  async seed() {},
  operations: {
    // How many sessions the program has. Operations on its tables are like it: enqueue a job, count those that are
    // done.
    sessions: db.value<number>(
      \`SELECT count(*)::int FROM pg_stat_activity
       WHERE backend_type = 'client backend' AND application_name NOT IN ('chaos', 'chaos-test')\`,
    ),
  },
} satisfies TargetDriver;

export default driver;
`;

const WORKER = `import type { TargetDriver } from '@chaos/test';

const driver = {
  // What tests can do with the program: \`command(['node', 'cli.mjs', 'list'])\` of @chaos/test makes one of a command.
  operations: {},
} satisfies TargetDriver;

export default driver;
`;
