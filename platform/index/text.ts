import type { JsonObject } from '../event.ts';
import type { DocumentText } from '../query/document.ts';
import { isAscii, tokens } from '../query/tokens.ts';
import { fieldMarks, INCOMPLETE_MARK } from './marks.ts';

/**
 * What an index's search field holds for an index whose tokeniser folds and splits ASCII text as `tokens` does: such
 * text as it is, which is twice as fast to write; other text as its tokens; and the marks of the document's fields.
 */
export function searchField(body: JsonObject, { texts, truncated }: DocumentText): string {
  const joined = texts.join('\n');
  const words = isAscii(joined)
    ? joined
    : texts.map((text) => (isAscii(text) ? text : tokens(text).join(' '))).join('\n');
  const { marks, incomplete } = fieldMarks(body);
  const whole = `${words}\n${marks.join(' ')}`;
  return truncated || incomplete ? `${whole} ${INCOMPLETE_MARK}` : whole;
}
