/**
 * The smallest suite near this one for which `differs` holds: leaves out files, items, fixtures and acts as long as it
 * does.
 */
export function shrink(suite, differs, most = 150) {
  let smallest = suite;
  let tries = 0;
  for (let goesOn = true; goesOn;) {
    goesOn = false;
    for (const smaller of smallerThan(smallest)) {
      if (++tries > most) return smallest;
      if (!differs(smaller)) continue;
      smallest = smaller;
      goesOn = true;
      break;
    }
  }
  return smallest;
}

function* smallerThan(suite) {
  const { files } = suite;
  if (files.length > 1) for (const file of files) yield { ...suite, files: [file] };
  if (files.length > 1) return;
  if (suite.retries > 0) yield { ...suite, retries: suite.retries - 1 };
  for (const key of Object.keys(suite.config)) {
    const { [key]: _, ...config } = suite.config;
    yield { ...suite, config };
  }
  if (suite.args.length > 0) yield { ...suite, args: [] };
  const [file] = files;
  for (const smaller of smallerFiles(file)) yield { ...suite, files: [smaller] };
}

function* smallerFiles(file) {
  for (const items of smallerLists(file.items)) yield { ...file, items };
  if (file.mode !== '') yield { ...file, mode: '' };
  for (const [index, fixture] of file.fixtures.entries()) {
    const without = file.fixtures.filter((_, at) => at !== index);
    const isNeeded = JSON.stringify([file.items, without.map(({ needs }) => needs)]).includes(`"${fixture.name}"`);
    if (!isNeeded) yield { ...file, fixtures: without };
    for (const change of smallerActs(fixture, ['acts', 'downActs']))
      yield { ...file, fixtures: file.fixtures.with(index, change) };
    if (fixture.auto) yield { ...file, fixtures: file.fixtures.with(index, { ...fixture, auto: false }) };
  }
}

function* smallerLists(items) {
  for (const index of items.keys()) yield items.filter((_, at) => at !== index);
  for (const [index, item] of items.entries()) {
    if (item.type === 'group') {
      yield [...items.slice(0, index), ...item.items, ...items.slice(index + 1)];
      for (const inner of smallerLists(item.items)) yield items.with(index, { ...item, items: inner });
      if (item.mode !== '') yield items.with(index, { ...item, mode: '' });
      if (item.retries !== undefined) yield items.with(index, { ...item, retries: undefined });
    }
    if (item.fixtures?.length > 0) yield items.with(index, { ...item, fixtures: [] });
    if (item.kind && item.type !== 'modifier') yield items.with(index, { ...item, kind: '' });
    for (const change of smallerActs(item, ['acts'])) yield items.with(index, change);
  }
}

function* smallerActs(item, keys) {
  for (const key of keys)
    for (const [index, act] of (item[key] ?? []).entries())
      if (act !== 'pass') yield { ...item, [key]: item[key].with(index, 'pass') };
}
