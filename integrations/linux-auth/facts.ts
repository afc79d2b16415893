import { isIP } from 'node:net';
import type { EcsFields, EcsValue, LogSource, NativeFields } from '../../platform/event.ts';
import type { Line, ParsedEvent } from '../contract.ts';
import { envelopeEcs } from '../syslog/envelope.ts';

/** What a message of authentication or account management says; all of it optional but `action`. */
export interface Facts {
  readonly action: string;
  readonly category?: readonly string[];
  readonly type?: readonly string[];
  readonly outcome?: 'success' | 'failure';
  readonly reason?: string;
  /** Who acts, or who logs in. */
  readonly user?: string;
  readonly userId?: string;
  /** Who the user becomes, by sudo or su. */
  readonly effectiveUser?: string;
  /** Whose account is managed. */
  readonly targetUser?: string;
  readonly group?: string;
  /** Address or name of the other side. */
  readonly source?: string;
  readonly sourcePort?: number;
  /** Further ECS fields. */
  readonly ecs?: EcsFields;
  readonly native?: NativeFields;
  readonly aliases?: Readonly<Record<string, string>>;
  /** Logsources besides those of the program. */
  readonly logsource?: readonly LogSource[];
}

/** A message reader: the facts, or undefined where it says nothing known. */
export type ReadFacts = (message: string) => Facts | undefined;

/** Makes the event of a line; without facts it holds what the header says. */
export function authEvent(
  line: Line,
  logsource: readonly LogSource[],
  facts: Facts | undefined,
): ParsedEvent {
  const { envelope, message } = line;
  const ecs: Record<string, EcsValue> = {
    ...(envelope === undefined ? {} : envelopeEcs(envelope)),
    message: message.trim(),
  };
  if (facts !== undefined) addFacts(ecs, facts);
  return {
    ...(envelope?.time === undefined ? {} : { time: envelope.time }),
    ecs,
    native: facts?.native ?? {},
    ...(facts?.aliases === undefined ? {} : { aliases: facts.aliases }),
    logsource: facts?.logsource === undefined ? logsource : [...logsource, ...facts.logsource],
  };
}

function addFacts(ecs: Record<string, EcsValue>, facts: Facts): void {
  const set = (name: string, value: EcsValue | undefined): void => {
    if (value !== undefined && value !== '') ecs[name] = value;
  };
  set('event.action', facts.action);
  set('event.category', facts.category);
  set('event.type', facts.type);
  set('event.outcome', facts.outcome);
  set('event.reason', facts.reason);
  set('user.name', facts.user);
  set('user.id', facts.userId);
  set('user.effective.name', facts.effectiveUser);
  set('user.target.name', facts.targetUser);
  set('group.name', facts.group);
  const users = [facts.user, facts.effectiveUser, facts.targetUser].filter(
    (name) => name !== undefined && name !== '',
  );
  if (users.length > 0) ecs['related.user'] = [...new Set(users as string[])];
  if (facts.source !== undefined && facts.source !== '') {
    const address = facts.source.startsWith('::ffff:') ? facts.source.slice('::ffff:'.length) : facts.source;
    ecs['source.address'] = address;
    if (isIP(address) === 0) {
      ecs['source.domain'] = address;
      ecs['related.hosts'] = [address];
    } else {
      ecs['source.ip'] = address;
      ecs['related.ip'] = [address];
    }
    set('source.port', facts.sourcePort);
  }
  if (facts.ecs !== undefined) Object.assign(ecs, facts.ecs);
}

export const authentication = { category: ['authentication'], type: ['start'] } as const;
