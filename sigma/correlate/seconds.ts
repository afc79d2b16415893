/** The largest whole second, in milliseconds, that is not greater. Watermarks move in these. */
export function wholeSecond(time: number): number {
  return Math.floor(time / 1000) * 1000;
}

/** The least whole second that is greater than a time. */
export function secondBehind(time: number): number {
  return wholeSecond(time) + 1000;
}

/** The least whole second that is not smaller than a time. */
export function secondAtOrBehind(time: number): number {
  return Math.ceil(time / 1000) * 1000;
}
