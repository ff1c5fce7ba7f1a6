import { existsSync } from 'node:fs';
import { bin, command } from '../command.mjs';
import { gate } from './gate.mjs';
import { root } from '../workspace.mjs';

const folders = ['packages', 'suites', 'tests', 'examples'].filter((folder) => existsSync(`${root}/${folder}`));
const { code, output } = await command([
  ...bin('depcruise'),
  '--config',
  '.dependency-cruiser.cjs',
  '--output-type',
  'json',
  ...folders,
]);
let report;
try {
  report = JSON.parse(output.slice(output.indexOf('{')));
} catch {
  report = undefined;
}
if (report === undefined) gate([output.trim() || `dependency-cruiser ended with ${code}`], 'nothing was read');
else {
  const { violations, totalCruised, totalDependenciesCruised } = report.summary;
  const problems = violations.map(
    ({ from, to, rule, cycle }) => `${rule.name}: ${from} → ${cycle ? cycle.map(({ name }) => name).join(' → ') : to}`,
  );
  gate(problems, `${totalDependenciesCruised} imports of ${totalCruised} modules`);
}
