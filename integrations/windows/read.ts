import { readBeatsEvent } from './beats.ts';
import { readEventTree } from './event-tree.ts';
import { readFlatEvent } from './flat.ts';
import { isTree, type Native } from './native.ts';
import { readXmlEvent } from './xml.ts';

/** Names of which a Windows event as JSON has at least one; looked for before the text is parsed. */
const MARKS: readonly string[] = [
  '"EventID"',
  '"Event"',
  '"winlog"',
  '"event_data"',
  '"EventId"',
  '"LogName"',
];

/** Native view of one Windows event in any form that is known; undefined where the text is none. */
export function readWindowsEvent(message: string): Native | undefined {
  const start = firstCharacter(message);
  if (start === '<' || start === '-') return readXmlEvent(message);
  if (start !== '{' || !MARKS.some((mark) => message.includes(mark))) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(message.charCodeAt(0) === 0xfeff ? message.slice(1) : message);
  } catch {
    return undefined;
  }
  if (!isTree(parsed)) return undefined;
  const source = parsed['_source'];
  const document = (isTree(source) ? source : parsed) as Record<string, unknown>;
  const event = document['Event'];
  if (isTree(event)) return readEventTree(event);
  return readBeatsEvent(document) ?? readFlatEvent(document);
}

function firstCharacter(message: string): string {
  for (let i = 0; i < message.length; i += 1) {
    const code = message.charCodeAt(i);
    if (code !== 32 && code !== 9 && code !== 10 && code !== 13 && code !== 0xfeff) return message.charAt(i);
  }
  return '';
}
