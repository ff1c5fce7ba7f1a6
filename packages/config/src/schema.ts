import * as v from 'valibot';
import { choice, named, section, setting, whole, type Node } from './schema-node.js';
import { environments, hardwareProfiles, passRates } from './schema/environments.js';
import { dependencies } from './schema/dependencies.js';
import { project } from './schema/project.js';
import { runner } from './schema/runner.js';
import { services, type KnownService } from './schema/services.js';
import { target, targets } from './schema/target.js';

/** Schema of `chaos.yaml` with these services. */
export function schemaOf(known: readonly KnownService[]): Node {
  return section('The configuration.', {
    environments,
    hardware_profiles: hardwareProfiles,
    pass_rates: passRates,
    monitor: section('The resource monitor.', {
      interval_ms: whole(50, 60_000, { description: 'Time between two samples.' }),
      policy: choice(['annotate', 'fail', 'ignore'], {
        description: 'What becomes of a test during which others overloaded the machine.',
      }),
    }),
    services: services(known.filter(({ speaks, isTarget }) => speaks === undefined && isTarget !== true)),
    dependencies,
    target: target(known),
    targets: targets(known),
    network: section('Links between the target and its services.', {
      backend: choice(['auto', 'proxy', 'tc'], {
        description:
          'What breaks links: a proxy (no privilege), real packets (`tc`), or for each fault the better one that works here (`auto`).',
      }),
      sandbox: choice(['auto', 'on', 'off'], {
        description:
          'Whether each slot, its services, target and tests live in a network namespace of their own, from which nothing outside can be reached; `auto`: where that works and no service has a `url`.',
      }),
    }),
    runner,
    projects: named('Groups of tests with settings of their own, by name, in order.', project, {
      defaultText: 'one, without a name',
    }),
    secret: setting(v.array(v.pipe(v.string(), v.nonEmpty())), {
      description:
        'Names of settings and of variables in `target.env` whose values are secrets, beside those that are named like one (`PASSWORD`, `token`). Reports, logs and messages show `***` for their values.',
      allowed: 'a list of names',
    }),
    metadata: named('Anything that should stand in the reports.', v.any(), {
      allowed: 'anything',
      defaultText: 'none',
    }),
  });
}
