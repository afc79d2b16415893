import { catalogue, type ErrorCode } from './catalogue.ts';

export { catalogue, type ErrorCode };

/** Where bad input stands. Lines and columns count from 1. */
export interface Place {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/**
 * An expected failure: a code from the catalogue, a sentence about this case and, for bad input, its place. Callers
 * branch on `code` and never on the message.
 */
export class CanhError extends Error {
  override readonly name = 'CanhError';
  readonly code: ErrorCode;
  readonly place: Place | undefined;

  constructor(
    code: ErrorCode,
    detail?: string,
    options: { readonly cause?: unknown; readonly place?: Place } = {},
  ) {
    super(detail ?? catalogue[code], options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.place = options.place;
  }
}

/** `file:line:column` of a place, as far as it is known; empty without a file. */
export function formatPlace(place: Place | undefined): string {
  if (place?.file === undefined) return '';
  return [place.file, place.line, place.column].filter((part) => part !== undefined).join(':');
}

/** Ends the process by throwing when the program itself is wrong; never for bad input. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`invariant: ${message}`);
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The system's code of a failed call (`ENOSPC`, `ENOENT`, …), where there is one. */
export function systemCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
