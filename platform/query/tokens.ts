/** Characters of one text that are split into tokens; what comes after is not found by free text. */
export const TEXT_CHARS_MAX = 65_536;

const ASCII = /^\p{ASCII}*$/u;
const MARKS = /\p{M}+/gu;
const ASCII_TOKENS = /[a-z0-9]+/g;
const TOKENS = /[\p{L}\p{N}]+/gu;

/** Whether `text` needs no folding but lower case; most log lines are so. */
export function isAscii(text: string): boolean {
  return ASCII.test(text);
}

/** Text as it is compared: lower case, without diacritical marks, `đ` as `d`. */
export function fold(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  const bare = text.normalize('NFD').replace(MARKS, '').toLowerCase().replaceAll('đ', 'd');
  // Hangul falls apart under NFD into letters, which are no marks; this puts it together again.
  return bare.normalize('NFC');
}

/**
 * The tokens of a text, folded, in order, with repetitions: split at everything that is neither letter nor digit. Takes
 * the first `TEXT_CHARS_MAX` characters.
 */
export function tokens(text: string): readonly string[] {
  const capped = text.length > TEXT_CHARS_MAX ? text.slice(0, TEXT_CHARS_MAX) : text;
  if (isAscii(capped)) return capped.toLowerCase().match(ASCII_TOKENS) ?? [];
  return fold(capped).match(TOKENS) ?? [];
}
