import type { AlertState, Verdict } from './alert.ts';
import type { NewDocument } from './index/port.ts';

/** Who made a transition that no person did. Ids of accounts have no capitals, so nobody can be called so. */
export const CANH = 'Canh';

/** One step of an alert through triage. The transitions are the truth about its state; the alert holds a copy. */
export interface AlertTransition {
  /** From 1, by one. */
  readonly n: number;
  /** ISO 8601. */
  readonly at: string;
  /** Id of the account, or `CANH`. */
  readonly by: string;
  readonly from: AlertState;
  readonly to: AlertState;
  readonly verdict: Verdict | null;
  readonly note: string | null;
}

/** Id of an alert's nth transition, under which only one can be created. */
export function transitionId(alertId: string, n: number): string {
  return `${alertId}.${n}`;
}

/** A transition as it is created in `transitions`: who creates it first has made it. */
export function transitionDocument(
  alert: Pick<NewDocument, 'id' | 'agency'>,
  transition: AlertTransition,
): NewDocument {
  return {
    id: transitionId(alert.id, transition.n),
    agency: alert.agency,
    time: Date.parse(transition.at),
    body: { alert: alert.id, ...transition },
  };
}
