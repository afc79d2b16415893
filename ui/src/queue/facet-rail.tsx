import { useMediaQuery } from '@mantine/hooks';
import type { MouseEvent } from 'react';
import { Visible } from '../evidence/evidence.tsx';
import { useMessages } from '../i18n/language.tsx';
import { useTimeStyle } from '../settings/context.tsx';
import { Icon } from '../shell/icons.tsx';
import { compareLevels, isLevel } from '../theme/severity.ts';
import { SeverityMark } from '../theme/severity-mark.tsx';
import { formatCount } from '../time/format.ts';
import {
  facets,
  selectionOf,
  toggleOnly,
  toggleWithout,
  type Facet,
  type Filters,
  type QueueSearch,
} from './search.ts';
import { listedValues, type FacetCounts } from './use-overviews.ts';
import { valueLabel } from './value-label.ts';
import classes from './facet-rail.module.css';

interface FacetRailProps {
  readonly search: QueueSearch;
  readonly countsOf: (facet: Facet) => FacetCounts | undefined;
  readonly onFilters: (filters: Filters) => void;
}

/** What there is to choose from, with counts; folded away where the window is narrow. */
export function FacetRail(props: FacetRailProps) {
  const messages = useMessages();
  const narrow = useMediaQuery('(max-width: 62em)', false, { getInitialValueInEffect: false });
  const groups = facets.map((facet) => <FacetGroup key={facet} facet={facet} {...props} />);
  if (narrow) {
    return (
      <details className={classes.folded}>
        <summary>{messages.facets.show}</summary>
        {groups}
      </details>
    );
  }
  return (
    <aside className={classes.rail} aria-label={messages.facets.label}>
      {groups}
      <p className={classes.hint}>{messages.facets.hint}</p>
    </aside>
  );
}

function FacetGroup({ facet, search, countsOf, onFilters }: FacetRailProps & { readonly facet: Facet }) {
  const messages = useMessages();
  const { language } = useTimeStyle();
  const counts = countsOf(facet);
  const values = [...listedValues(counts, search, facet)];
  if (facet === 'level')
    values.sort((a, b) => (isLevel(a.key) && isLevel(b.key) ? compareLevels(a.key, b.key) : 0));
  if (values.length === 0) return null;
  const heading = `facet-${facet}`;
  return (
    <div className={classes.group} role="group" aria-labelledby={heading}>
      <h2 id={heading}>{messages.facets[facet]}</h2>
      <ul>
        {values.map((value) => (
          <FacetValue
            key={value.key}
            facet={facet}
            value={value}
            filters={search.filters}
            onFilters={onFilters}
          />
        ))}
      </ul>
      {counts !== undefined && counts.other > 0 && (
        <p className={classes.hint}>{messages.facets.other(formatCount(counts.other, language))}</p>
      )}
    </div>
  );
}

interface FacetValueProps {
  readonly facet: Facet;
  readonly value: FacetCounts['buckets'][number];
  readonly filters: Filters;
  readonly onFilters: (filters: Filters) => void;
}

function FacetValue({ facet, value, filters, onFilters }: FacetValueProps) {
  const messages = useMessages();
  const { language } = useTimeStyle();
  const label = valueLabel(facet, value.key, value.label, messages);
  const { only, without } = selectionOf(filters, facet);
  const out = without.includes(value.key);
  const exclude = () => onFilters(toggleWithout(filters, facet, value.key));
  const choose = (event: MouseEvent) =>
    event.altKey ? exclude() : onFilters(toggleOnly(filters, facet, value.key));
  return (
    <li className={classes.value} data-out={out || undefined}>
      <button
        type="button"
        className={classes.only}
        aria-pressed={only.includes(value.key)}
        title={messages.facets.onlyTitle(label)}
        onClick={choose}
      >
        <span className={classes.label}>
          {facet === 'level' && isLevel(value.key) ? (
            <SeverityMark level={value.key} />
          ) : (
            <Visible text={label} />
          )}
        </span>
        <span className={classes.count}>{formatCount(value.count, language)}</span>
      </button>
      <button
        type="button"
        className={classes.without}
        aria-pressed={out}
        aria-label={messages.facets.leaveOut(label)}
        title={messages.facets.leaveOut(label)}
        onClick={exclude}
      >
        <Icon name="ban" size={14} />
      </button>
    </li>
  );
}
