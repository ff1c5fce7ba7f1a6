/** The longest time that a timer of Node can count, in milliseconds. */
export const LONGEST_TIMER_MS: number = 2_147_483_647;
