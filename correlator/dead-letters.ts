import type { ErrorCode } from '../platform/errors/index.ts';
import { timedId } from '../platform/ids.ts';
import type { NewDocument } from '../platform/index/port.ts';

export interface DeadLetterReason {
  readonly code: ErrorCode;
  /** What was wrong, as a sentence. */
  readonly reason: string;
  /** Empty where it is not known. */
  readonly agency: string;
}

/** Characters of an original that are kept; it is marked where it was longer. */
export const ORIGINAL_CHARS_MAX = 8 * 1024 * 1024;

export interface DeadLetter extends DeadLetterReason {
  /** The message or document as it was. */
  readonly original: string;
  /** Acceptance time, in milliseconds, as the bus log tells it. */
  readonly at: number;
  /** What it is about: an offset on the bus, or the id of a document. */
  readonly subject: string;
}

/** A dead letter's document; the same one whenever the same bus log is read. */
export function deadLetter(letter: DeadLetter): NewDocument {
  return {
    id: timedId(letter.at, ['dead-letter', letter.subject, letter.code]),
    agency: letter.agency,
    time: letter.at,
    body: {
      '@timestamp': new Date(letter.at).toISOString(),
      error: { code: letter.code, message: letter.reason },
      event: { original: letter.original.slice(0, ORIGINAL_CHARS_MAX) },
      canh: {
        agency: letter.agency,
        subject: letter.subject,
        truncated: letter.original.length > ORIGINAL_CHARS_MAX,
      },
    },
  };
}
