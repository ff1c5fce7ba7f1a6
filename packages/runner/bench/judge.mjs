/**
 * Medians of a row's samples, judged against its bars. Ratios are medians of the rounds' ratios, because compared runs
 * happened side by side.
 */
export function judge({ bars }, samples) {
  const names = Object.keys(samples[0]);
  const of = (name, field) => median(samples.map((sample) => sample[name][field]));
  const ratio = (first, second, field) => median(samples.map((sample) => sample[first][field] / sample[second][field]));
  return {
    figures: names.map((name) => ({
      name,
      wallMs: of(name, 'wallMs'),
      cpuMs: of(name, 'cpuMs'),
      peakMb: of(name, 'peakMb'),
    })),
    bars: bars.map((bar) => {
      if (bar.peakMb !== undefined) {
        const peak = of(bar.of, 'peakMb');
        return { text: `${bar.of}: main process ${Math.round(peak)} MB, ≤ ${bar.peakMb}`, met: peak <= bar.peakMb };
      }
      if (bar.over !== undefined) {
        const more = (field) =>
          median(samples.map((sample) => (sample[bar.of][field] - sample[bar.over][field]) / bar.each));
        return {
          text: `${more('wallMs').toFixed(2)} ms a ${bar.unit} over ${bar.over} (cpu ${more('cpuMs').toFixed(2)}), ≤ ${bar.maxMs}`,
          met: more('wallMs') <= bar.maxMs,
        };
      }
      const wall = ratio(bar.of, bar.to, 'wallMs');
      return {
        text: `${wall.toFixed(2)} × ${bar.to} (cpu ${ratio(bar.of, bar.to, 'cpuMs').toFixed(2)}), ≤ ${bar.max}`,
        met: wall <= bar.max,
      };
    }),
  };
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
