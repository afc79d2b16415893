import { RE2JS } from 're2js';

/** Longer regular expressions are refused. */
export const regexCharsMax = 8192;
/** Of a longer value only the start is searched, so that one event cannot take seconds (`DECISIONS.md`, "re"). */
export const regexInputCharsMax = 65_536;

/**
 * Compiles a regular expression to an unanchored search. RE2 runs in linear time whatever the input: one expression of
 * the public rules takes minutes in a backtracking engine on 30 kB. Flags are those of Sigma: `i`, `m`, `s`.
 *
 * @throws where RE2 does not take the expression, with the reason.
 */
export function compileRegex(source: string, flags: string): (text: string) => boolean {
  const bits =
    (flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) |
    (flags.includes('m') ? RE2JS.MULTILINE : 0) |
    (flags.includes('s') ? RE2JS.DOTALL : 0);
  const regex = RE2JS.compile(source, bits);
  return (text) => regex.test(text.length > regexInputCharsMax ? text.slice(0, regexInputCharsMax) : text);
}
