/**
 * The case-insensitive form of a text, one UTF-16 unit at a time: no character depends on its neighbours or becomes
 * two, so folding a part equals the part of the folded whole. `İ` stays, and `Σ` is always `σ`.
 */
export function fold(text: string): string {
  if (text === lastText) return lastFolded;
  lastFolded = contextual.test(text) ? foldEach(text) : text.toLowerCase();
  lastText = text;
  return lastFolded;
}

/** Many items look at the same value of one event, one after the other. */
let lastText = '';
let lastFolded = '';

/** The only two characters that `toLowerCase` lengthens or changes by their surroundings. */
const contextual = /[\u0130\u03a3]/;

function foldEach(text: string): string {
  return text
    .split(/([\u0130\u03a3])/)
    .map((part) => (part === '\u0130' ? part : part === '\u03a3' ? '\u03c3' : part.toLowerCase()))
    .join('');
}
