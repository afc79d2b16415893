import { CanhError } from '../platform/errors/index.ts';
import { parseTime } from '../platform/query/time.ts';
import { RequestError } from './http/problem.ts';

/** Milliseconds of a time parameter, absolute or relative to `now`. Throws `RequestError` that names the parameter. */
export function readTime(name: string, text: string, now: number): number {
  try {
    return parseTime(text, now);
  } catch (error) {
    if (error instanceof CanhError) throw new RequestError(`query.${name}`, error.message);
    throw error;
  }
}

export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
