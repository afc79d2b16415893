import type { Messages } from '../i18n/en.ts';
import { isLevel } from '../theme/severity.ts';
import type { Facet } from './search.ts';

/** How a facet's value is called: levels and states in the reader's language, the rest as the index names it. */
export function valueLabel(facet: Facet, value: string, label: string, messages: Messages): string {
  if (facet === 'level' && isLevel(value)) return messages.levels[value];
  if (facet === 'state' && value in messages.states)
    return messages.states[value as keyof Messages['states']];
  return label;
}
