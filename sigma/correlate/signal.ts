import type { Constituent, Signal } from './contract.ts';
import type { Episode } from './episode.ts';
import type { Alert, Group } from './group.ts';

type Ending = Pick<Signal, 'final' | 'of'>;

/** The next signal of an alert, told of an episode as it stands. */
export function makeSignal(
  kind: Signal['kind'],
  { group, alert, episode }: { readonly group: Group; readonly alert: Alert; readonly episode: Episode },
  ending: Ending = {},
): Signal {
  alert.revision += 1;
  const { plan, place } = group;
  const { correlation } = plan;
  if (plan.figure === 'sum') alert.told = { ...episode, kept: episode.kept.slice(0, episode.confirmed) };
  return {
    kind,
    correlation,
    hash: plan.hash,
    agency: place.agency,
    group: correlation.groupBy.map((field, index) => ({ field, value: place.values[index] ?? '' })),
    groupKey: place.key,
    trigger: alert.trigger,
    revision: alert.revision,
    count: episode.count,
    value: episode.value,
    first: episode.kept[0]?.time ?? episode.final.time,
    last: episode.lastMatch,
    constituents: constituentsOf(group, episode),
    late: place.lateOf !== undefined || alert.stray,
    lowerBound: group.lowerBound || alert.stray,
    ...ending,
  };
}

function constituentsOf({ plan }: Group, { kept, confirmed }: Episode): readonly Constituent[] {
  return kept
    .slice(0, confirmed)
    .map(({ event, source }) => ({ rule: plan.sources[source]?.key ?? '', event }));
}
