const WIDTH = 760;
const HEIGHT = 230;
const PLOT = { left: 58, top: 34, width: 464, height: 150 };
const LAW = { left: 560, top: 34, width: 180, height: 150 };
const TICKS_MS = [0.1, 1, 10, 100, 1000];
const [LOW, HIGH] = [0.05, 1000];
const COLOR = { before: '#4c8bf5', during: '#e8710a', after: '#1e8e3e', failed: '#d93025' };

/**
 * Draws the result of {@link measure}: each request by its start and duration, and the distribution of durations before
 * and during the fault.
 */
export function drawFault(title, { requests, startMs, endMs }) {
  const lastMs = Math.max(...requests.map(({ atMs }) => atMs), endMs);
  const x = (ms) => PLOT.left + (ms / lastMs) * PLOT.width;
  const y = (ms) =>
    PLOT.top + PLOT.height * (1 - Math.log(Math.min(Math.max(ms, LOW), HIGH) / LOW) / Math.log(HIGH / LOW));
  // A line of length 0 with round caps is a dot.
  const dots = ['before', 'during', 'after'].map((phase) => {
    const points = thin(requests.filter((request) => request.ok && request.phase === phase)).map(
      ({ atMs, ms }) => `M${n(x(atMs))} ${n(y(ms))}h0`,
    );
    return `<path d="${points.join('')}" stroke="${COLOR[phase]}" stroke-opacity=".6" stroke-width="3.2" stroke-linecap="round"/>`;
  });
  const crosses = [
    `<path d="${thin(requests.filter(({ ok }) => !ok))
      .map(({ atMs, ms }) => `M${n(x(atMs) - 3)} ${n(y(ms) - 3)}l6 6m0-6l-6 6`)
      .join('')}" stroke="${COLOR.failed}" stroke-width="1.3"/>`,
  ];
  const ticks = TICKS_MS.flatMap((ms) =>
    [PLOT, LAW]
      .map(({ left, width }) => `<path d="M${left} ${n(y(ms))}h${width}" stroke="#8883" />`)
      .concat(`<text x="${PLOT.left - 6}" y="${n(y(ms) + 4)}" text-anchor="end">${ms < 1 ? ms : ms} ms</text>`),
  );
  const failed = requests.filter(({ ok }) => !ok).length;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="system-ui, sans-serif" font-size="11" fill="#5f6368" role="img" aria-label="${escape(title)}">
<style>@media (prefers-color-scheme: dark) { svg { background: #0d1117; fill: #9aa0a6 } .title { fill: #e8eaed } }</style>
<text class="title" x="${PLOT.left}" y="18" font-size="13" font-weight="600" font-family="ui-monospace, monospace" fill="#202124">${escape(title)}</text>
<rect x="${n(x(startMs))}" y="${PLOT.top}" width="${n(x(endMs) - x(startMs))}" height="${PLOT.height}" fill="${COLOR.during}" fill-opacity=".09"/>
<text x="${n((x(startMs) + x(endMs)) / 2)}" y="${PLOT.top + 12}" text-anchor="middle" fill="${COLOR.during}">fault in force</text>
${ticks.join('\n')}
${dots.join('\n')}
${crosses.join('\n')}
${[0, 1, 2, 3]
  .filter((second) => second * 1000 <= lastMs)
  .map(
    (second) =>
      `<text x="${n(x(second * 1000))}" y="${PLOT.top + PLOT.height + 16}" text-anchor="middle">${second} s</text>`,
  )
  .join('')}
${law(requests, 'before', y)}${law(requests, 'during', y)}
<text x="${LAW.left}" y="${LAW.top + LAW.height + 16}">0 %</text><text x="${LAW.left + LAW.width}" y="${LAW.top + LAW.height + 16}" text-anchor="end">100 %</text>
<text x="${LAW.left + LAW.width / 2}" y="${LAW.top + LAW.height + 16}" text-anchor="middle">of answers</text>
<text x="${PLOT.left}" y="${HEIGHT - 8}"><tspan fill="${COLOR.before}">● before</tspan><tspan dx="10" fill="${COLOR.during}">● during</tspan><tspan dx="10" fill="${COLOR.after}">● after</tspan><tspan dx="10" fill="${COLOR.failed}">× failed (${failed})</tspan><tspan dx="10">${requests.length} requests, 4 clients, answers of 2 kB</tspan></text>
</svg>
`;
}

// The empirical distribution, as a line from the fastest answer to the slowest.
function law(requests, phase, y) {
  const times = requests
    .filter((request) => request.phase === phase && request.ok)
    .map(({ ms }) => ms)
    .sort((a, b) => a - b);
  if (times.length < 5) return '';
  const points = Array.from(
    { length: 101 },
    (_, percent) =>
      `${n(LAW.left + (percent / 100) * LAW.width)} ` +
      n(y(times[Math.min(times.length - 1, Math.floor((percent / 100) * times.length))])),
  );
  return `<path d="M${points.join('L')}" fill="none" stroke="${COLOR[phase]}" stroke-width="2"/>`;
}

// Most dots that can still be distinguished.
function thin(requests) {
  const step = Math.max(1, Math.ceil(requests.length / 300));
  return requests.filter((_, index) => index % step === 0);
}

const n = (value) => Number(value.toFixed(1));
const escape = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
