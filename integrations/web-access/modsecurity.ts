import type { EcsValue } from '../../platform/event.ts';
import { defined } from './access-event.ts';

/** What a ModSecurity message says; keys are its own. */
export interface ModSecurity {
  readonly denied: boolean;
  readonly fields: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
}

const MARK = 'ModSecurity: ';
const KEY = /^[a-z_]{1,32}$/;
const KEY_CHARS_MAX = 40;
const TAGS_MAX = 64;

/** Reads `ModSecurity: … [id "930100"] [msg "…"]`; undefined where the message is not ModSecurity's. */
export function parseModSecurity(message: string): ModSecurity | undefined {
  const start = message.indexOf(MARK);
  if (start < 0) return undefined;
  const fields: Record<string, string> = {};
  const tags: string[] = [];
  let i = message.indexOf(' [', start);
  while (i >= 0) {
    const pair = readPair(message, i + 2);
    if (pair !== undefined) {
      // The first of a name counts: later ones could come from text that the client sent.
      if (pair.key === 'tag') {
        if (tags.length < TAGS_MAX) tags.push(pair.value);
      } else if (!Object.hasOwn(fields, pair.key)) fields[pair.key] = pair.value;
    }
    i = message.indexOf(' [', pair?.end ?? i + 2);
  }
  return { denied: message.startsWith('Access denied', start + MARK.length), fields, tags };
}

/** ECS of a ModSecurity message, over what the line itself gave; nothing where there was none. */
export function modSecurityFields(audit: ModSecurity | undefined): Record<string, EcsValue> {
  if (audit === undefined) return {};
  const { id, msg, file, hostname, uri, ver } = audit.fields;
  return defined({
    'event.category': ['web', 'intrusion_detection'],
    'event.type': [audit.denied ? 'denied' : 'info'],
    'rule.id': id,
    'rule.name': msg,
    'rule.ruleset': file,
    'rule.version': ver,
    'url.domain': hostname,
    'url.path': uri,
    tags: audit.tags.length === 0 ? undefined : audit.tags,
  });
}

/** `key "value"]`, with quotes inside escaped. */
function readPair(text: string, start: number): { key: string; value: string; end: number } | undefined {
  const space = text.slice(start, start + KEY_CHARS_MAX).indexOf(' ');
  const key = text.slice(start, start + space);
  if (space < 0 || !KEY.test(key) || text.charAt(start + space + 1) !== '"') return undefined;
  let i = start + space + 2;
  const from = i;
  while (i < text.length && !(text.charAt(i) === '"' && text.charAt(i + 1) === ']')) {
    i += text.charAt(i) === '\\' ? 2 : 1;
  }
  return { key, value: text.slice(from, i), end: Math.min(i + 2, text.length) };
}
