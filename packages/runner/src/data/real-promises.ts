// A test may replace the functions of `Promise` in its process, and would never end if the runner waited by them. So the
// runner saves its own before any test file is loaded, as it does for timers.
const own = Promise;
const { all, allSettled, race } = Promise;

/** The real `Promise.all`. */
export const allOf: typeof Promise.all = all.bind(own) as typeof Promise.all;

/** The real `Promise.allSettled`. */
export const settledOf: typeof Promise.allSettled = allSettled.bind(own) as typeof Promise.allSettled;

/** The real `Promise.race`. */
export const firstOf: typeof Promise.race = race.bind(own) as typeof Promise.race;
