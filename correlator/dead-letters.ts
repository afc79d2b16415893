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

export interface DeadLetter extends DeadLetterReason {
  /** The message or document as it was, so that it can be driven again. */
  readonly original: string;
  /** The partition's clock, in milliseconds. */
  readonly at: number;
  /** Offset on the bus. */
  readonly offset: number;
}

/** A dead letter's document; the same one whenever the same bus log is read. */
export function deadLetter(letter: DeadLetter): NewDocument {
  return {
    id: timedId(letter.at, ['dead-letter', letter.offset, letter.code, letter.original]),
    agency: letter.agency,
    time: letter.at,
    body: {
      '@timestamp': new Date(letter.at).toISOString(),
      error: { code: letter.code, message: letter.reason },
      event: { original: letter.original },
      canh: { agency: letter.agency, offset: letter.offset },
    },
  };
}
