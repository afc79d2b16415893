import type { EcsValue, LogSource } from '../platform/event.ts';
import type { Line, ParsedEvent } from './contract.ts';
import { envelopeEcs } from './syslog/envelope.ts';

/** Characters of a message that are indexed as `message`; the whole stays in the original. */
export const MESSAGE_CHARS_MAX = 32_768;

/** Name and version that an event bears which no integration made. */
export const unparsed = { name: 'unparsed', version: 1 } as const;

/** Why no integration made the event. */
export interface Reason {
  readonly code?: string;
  readonly message: string;
}

export const noTaker: Reason = { message: 'No integration takes this line.' };

/** The event for a line that no parser takes: what the header says, the message, and a mark. */
export function fallbackEvent(line: Line, reason: Reason): ParsedEvent {
  const { envelope, hints, message } = line;
  const ecs: Record<string, EcsValue> = {
    ...(envelope === undefined ? {} : envelopeEcs(envelope)),
    message: message.slice(0, MESSAGE_CHARS_MAX),
    tags: ['unparsed'],
    'error.message': reason.message,
  };
  if (reason.code !== undefined) ecs['error.code'] = reason.code;
  const source: LogSource = hints.product === undefined ? {} : { product: hints.product };
  return {
    ...(envelope?.time === undefined ? {} : { time: envelope.time }),
    ecs,
    native: envelope?.structuredData === undefined ? {} : { structured_data: envelope.structuredData },
    logsource: [source],
  };
}
