/** A moment on the history's clock, for people: `+1.204 s`. */
export function moment(ns: number): string {
  return `+${(ns / 1e9).toFixed(3)} s`;
}
