const MARKS = [
  { before: 'user "', after: '": password mismatch' },
  { before: 'user "', after: '" was not found in "' },
  { before: 'user ', after: ': authentication failure for "' },
  { before: 'user ', after: ' not found: ' },
  { before: 'user ', after: ': password mismatch: ' },
] as const;

const USER_CHARS_MAX = 256;

/** The user whose HTTP authentication nginx or Apache says failed; undefined where the message is about something else. */
export function failedLogin(message: string): string | undefined {
  const lower = message.slice(0, 2 * USER_CHARS_MAX).toLowerCase();
  for (const { before, after } of MARKS) {
    if (!lower.startsWith(before)) continue;
    const end = lower.indexOf(after, before.length);
    if (end > before.length && end - before.length <= USER_CHARS_MAX) {
      return message.slice(before.length, end);
    }
  }
  return undefined;
}
