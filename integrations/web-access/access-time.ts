import { fractionToMs, localToUtc, monthNumber, parseIsoTime } from '../syslog/time.ts';

const CLF =
  /^(\d{2})\/([A-Z][a-z]{2})\/(\d{4}):(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))? ([+-])(\d{2})(\d{2})$/;
const DIGIT = /^\d/;

/** Milliseconds of a time between the brackets of an access line: `23/Nov/2026:10:00:00 +0700` or ISO 8601. */
export function parseAccessTime(text: string): number | undefined {
  if (!DIGIT.test(text)) return undefined;
  const match = CLF.exec(text);
  if (match === null) return parseIsoTime(text, undefined);
  const local = localToUtc(
    {
      year: Number(match[3]),
      month: monthNumber(match[2] ?? ''),
      day: Number(match[1]),
      hour: Number(match[4]),
      minute: Number(match[5]),
      second: Number(match[6]),
      ms: fractionToMs(match[7]),
    },
    undefined,
  );
  if (local === undefined) return undefined;
  const offsetMs = (Number(match[9]) * 60 + Number(match[10])) * 60_000;
  return match[8] === '-' ? local + offsetMs : local - offsetMs;
}
