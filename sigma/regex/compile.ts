import { RE2JS } from 're2js';
import { buildAutomaton, regexStepWordsMax, RegexTooLarge, stepWordsMost } from './automaton.ts';
import { filterOf, type Filter } from './filter.ts';
import { parseRegex } from './parse.ts';
import { Search } from './search.ts';
import { statesOf, type Node } from './syntax.ts';

/** Longer regular expressions are refused. */
export const regexCharsMax = 8192;
/** Of a longer value only the start is searched, so that one event cannot take seconds (`DECISIONS.md`, "re"). */
export const regexInputCharsMax = 65_536;
/** Compiled expressions kept, because rules repeat them and loading compiles each to see whether it is valid. */
const compiledMax = 1024;
/** More states are refused: assertions and empty alternatives take no character, but room and time for each repeat. */
const statesMax = 65_536;
/** What is left to RE2JS may have so many instructions: it looks at all of them for each character at worst. */
const instructionsMax = 1000;

/** Whether a text holds a match. */
type Matcher = (text: string) => boolean;

const compiled = new Map<string, Matcher>();

/**
 * Compiles a regular expression of RE2's syntax to an unanchored search that runs in linear time whatever the text:
 * expressions of the public rules take minutes in a backtracking engine on 30 kB. Flags are those of Sigma: `i`, `m`,
 * `s`.
 *
 * @throws where RE2 does not take the expression, or it is too large, with the reason.
 */
export function compileRegex(source: string, flags: string): Matcher {
  const key = `${flags}/${source}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const node = parseRegex(source, flags);
  const matcher = node === undefined ? compileRe2(source, flags) : compileNode(node);
  if (compiled.size >= compiledMax) compiled.clear();
  compiled.set(key, matcher);
  return matcher;
}

/** All but the limits waits until there is a text: most rules of a set never see one. */
function compileNode(node: Node): Matcher {
  if (statesOf(node) > statesMax) throw new RegexTooLarge(`expression of over ${statesMax} states`);
  let search = stepWordsMost(node) > regexStepWordsMax ? new Search(buildAutomaton(node)) : undefined;
  let filter: Filter | undefined;
  let filtered = false;
  return bounded((text) => {
    if (!filtered) filter = filterOf(node);
    filtered = true;
    if (filter !== undefined) {
      const found = filter.regex.test(text);
      if (!found || filter.decides) return found;
    }
    search ??= new Search(buildAutomaton(node));
    return search.test(text);
  });
}

function bounded(matcher: Matcher): Matcher {
  return (text) => matcher(text.length > regexInputCharsMax ? text.slice(0, regexInputCharsMax) : text);
}

/** What is not read here with certainty is faulty, or rare: RE2JS gives the reason, or runs it. */
function compileRe2(source: string, flags: string): Matcher {
  const bits =
    (flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) |
    (flags.includes('m') ? RE2JS.MULTILINE : 0) |
    (flags.includes('s') ? RE2JS.DOTALL : 0);
  const regex = RE2JS.compile(source, bits);
  if (regex.programSize() > instructionsMax)
    throw new RegexTooLarge(`expression of ${regex.programSize()} instructions, at most ${instructionsMax}`);
  return bounded((text) => regex.test(text));
}
