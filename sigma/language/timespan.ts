/** Longest timespan of a correlation. */
export const timespanMsMax = 366 * 86_400_000;

/** Units in milliseconds. Months and years are those of the Gregorian calendar on average. */
const units: ReadonlyMap<string, number> = new Map([
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
  ['w', 604_800_000],
  ['M', 2_629_746_000],
  ['y', 31_556_952_000],
]);

/** Other ways in which people write the units. */
const otherUnits: readonly (readonly [string, RegExp])[] = [
  ['s', /^(?:s|secs?|seconds?)$/i],
  ['m', /^(?:mins?|minutes?)$/i],
  ['h', /^(?:h|hrs?|hours?)$/i],
  ['d', /^(?:d|days?)$/i],
  ['w', /^(?:w|weeks?)$/i],
  ['M', /^(?:mo|months?)$/i],
  ['y', /^(?:y|years?)$/i],
];

/** Milliseconds of a timespan as Sigma writes it (`15m`); undefined where it is none, zero or too long. */
export function parseTimespan(text: string): number | undefined {
  const [, digits, unit = ''] = /^(\d{1,12})([a-zA-Z])$/.exec(text) ?? [];
  const milliseconds = Number(digits) * (units.get(unit) ?? Number.NaN);
  return milliseconds > 0 && milliseconds <= timespanMsMax ? milliseconds : undefined;
}

/** How Sigma would write what somebody wrote otherwise (`5 minutes`). */
export function timespanNear(text: string): string | undefined {
  const [, digits = '', word = ''] = /^(\d{1,12}) ?([a-zA-Z]{1,8})$/.exec(text) ?? [];
  const unit = units.has(word) ? word : otherUnits.find(([, names]) => names.test(word))?.[0];
  const suggestion = `${digits}${unit ?? ''}`;
  return unit === undefined || parseTimespan(suggestion) === undefined ? undefined : suggestion;
}
