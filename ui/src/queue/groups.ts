import type { AlertSummary } from '../../../api/contract/index.ts';

/** Alerts of one rule on one entity, newest first; `first` and `last` are the bounds of their times. */
export interface Group {
  readonly key: string;
  readonly alerts: readonly AlertSummary[];
  readonly first: string;
  readonly last: string;
}

/** Groups by fold key, in the order in which the first alert of each appears. */
export function groupAlerts(alerts: readonly AlertSummary[]): readonly Group[] {
  const byKey = new Map<string, AlertSummary[]>();
  for (const alert of alerts) {
    const held = byKey.get(alert.fold_key);
    if (held === undefined) byKey.set(alert.fold_key, [alert]);
    else held.push(alert);
  }
  return [...byKey].map(([key, members]) => {
    const times = members.map((alert) => alert.time).sort();
    return { key, alerts: members, first: times[0] ?? '', last: times.at(-1) ?? '' };
  });
}

/** A line of the list: an alert, or the head of a group. */
export type Row =
  | { readonly kind: 'alert'; readonly id: string; readonly alert: AlertSummary; readonly inGroup: boolean }
  | { readonly kind: 'group'; readonly id: string; readonly group: Group; readonly open: boolean };

/** Rows of the list. A group of one is shown as the alert itself. */
export function rowsOf(
  alerts: readonly AlertSummary[],
  grouped: boolean,
  open: ReadonlySet<string>,
): readonly Row[] {
  if (!grouped) return alerts.map((alert) => ({ kind: 'alert', id: alert.id, alert, inGroup: false }));
  const rows: Row[] = [];
  for (const group of groupAlerts(alerts)) {
    const [only] = group.alerts;
    if (group.alerts.length === 1 && only !== undefined) {
      rows.push({ kind: 'alert', id: only.id, alert: only, inGroup: false });
      continue;
    }
    rows.push({ kind: 'group', id: `group ${group.key}`, group, open: open.has(group.key) });
    if (open.has(group.key)) {
      for (const alert of group.alerts) rows.push({ kind: 'alert', id: alert.id, alert, inGroup: true });
    }
  }
  return rows;
}
