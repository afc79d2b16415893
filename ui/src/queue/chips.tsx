import { Visible } from '../evidence/evidence.tsx';
import { useMessages } from '../i18n/language.tsx';
import { Icon } from '../shell/icons.tsx';
import {
  facets,
  openAlerts,
  selectionOf,
  toggleOnly,
  toggleWithout,
  withSelection,
  type Facet,
  type Filters,
} from './search.ts';
import type { FacetCounts } from './use-overviews.ts';
import { valueLabel } from './value-label.ts';
import classes from './queue.module.css';

interface ChipsProps {
  readonly filters: Filters;
  readonly countsOf: (facet: Facet) => FacetCounts | undefined;
  readonly onFilters: (filters: Filters) => void;
}

/** Every filter that is on, each with its way out. */
export function Chips({ filters, countsOf, onFilters }: ChipsProps) {
  const messages = useMessages();
  const chips = chipsOf(filters).map(({ facet, value, out }) => {
    const named = countsOf(facet)?.buckets.find((bucket) => bucket.key === value)?.label ?? value;
    const label = valueLabel(facet, value, named, messages);
    const text = `${messages.facets[facet]}: ${out ? messages.facets.without(label) : label}`;
    const rest = out ? toggleWithout(filters, facet, value) : dropOnly(filters, facet, value);
    return { key: `${facet} ${value}`, text, rest };
  });
  if (chips.length === 0) return null;
  return (
    <ul className={classes.chips} aria-label={messages.facets.label}>
      {chips.map(({ key, text, rest }) => (
        <li key={key}>
          <button
            type="button"
            className={classes.chip}
            aria-label={messages.facets.remove(text)}
            title={messages.facets.remove(text)}
            onClick={() => onFilters(rest)}
          >
            <Visible text={text} />
            <Icon name="cross" size={12} />
          </button>
        </li>
      ))}
      {filters !== openAlerts && chips.length > 1 && (
        <li>
          <button type="button" className={classes.chip} onClick={() => onFilters(openAlerts)}>
            {messages.facets.reset}
          </button>
        </li>
      )}
    </ul>
  );
}

export function chipsOf(filters: Filters) {
  return facets.flatMap((facet) => {
    const { only, without } = selectionOf(filters, facet);
    return [
      ...only.map((value) => ({ facet, value, out: false })),
      ...without.map((value) => ({ facet, value, out: true })),
    ];
  });
}

function dropOnly(filters: Filters, facet: Facet, value: string): Filters {
  const { only, without } = selectionOf(filters, facet);
  if (only.length === 1) return toggleOnly(filters, facet, value);
  return withSelection(filters, facet, { only: only.filter((item) => item !== value), without });
}
