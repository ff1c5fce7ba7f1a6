import type { Effects } from '../fault/resolve-fault.js';

/** Notes about correlations: netem's result differs from the name of the option. Measured in netem-laws.test.ts. */
export function correlationNotes({ delay, loss, duplicate, reorder, corrupt }: Effects): readonly string[] {
  const shares: readonly (readonly [string, number | undefined, number | undefined])[] = [
    ['loss', loss?.model === 'random' ? loss.correlation : 0, loss?.model === 'random' ? loss.lossRatio : 0],
    ['duplicate', duplicate?.correlation, duplicate?.ratio],
    ['reorder', reorder?.correlation, reorder?.ratio],
    ['corrupt', corrupt?.correlation, corrupt?.ratio],
  ];
  return [
    ...(delay && delay.correlation > 0 && delay.jitterMs > 0
      ? ['delay.correlation hardly shows: netem takes the low bits of correlated numbers, which are not correlated']
      : []),
    ...shares.flatMap(([name, correlation = 0, ratio = 0]) =>
      correlation > 0 && ratio > 0 && ratio < 0.5
        ? [
            `${name} hits fewer packets than ${Number((ratio * 100).toFixed(4))} %: ` +
              `netem's correlated numbers lie around the ` +
              `middle${name === 'loss' ? '; bursts of a known ratio are made by the model gilbert-elliott' : ''}`,
          ]
        : [],
    ),
  ];
}
