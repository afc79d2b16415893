import type { AlertSummary, TransitionRequest } from '../../../api/contract/index.ts';

export type AlertState = AlertSummary['state'];
export type Verdict = NonNullable<AlertSummary['verdict']>;

export const verdicts = [
  'true_positive',
  'benign_true_positive',
  'false_positive_logic',
  'false_positive_data',
  'duplicate',
  'undetermined',
] as const satisfies readonly Verdict[];

/** The key that closes with a verdict; the two that have none are in the menu. */
export const verdictKeys: Readonly<Partial<Record<Verdict, string>>> = {
  true_positive: '1',
  benign_true_positive: '2',
  false_positive_logic: '3',
  duplicate: '4',
};

/** What an analyst decides about an alert. */
export type Decision =
  | { readonly to: 'new' | 'acknowledged' | 'in_progress' }
  | { readonly to: 'closed'; readonly verdict: Verdict };

/** Whether a decision means something for an alert: nothing is decided twice, and only what is new is acknowledged. */
export function isOpenTo(alert: Pick<AlertSummary, 'state'>, decision: Decision): boolean {
  return decision.to === 'acknowledged' ? alert.state === 'new' : alert.state !== decision.to;
}

/** Body of the transition that undoes a decision: back to where the alert was, with the verdict it had. */
export function reverseOf(before: Pick<AlertSummary, 'state' | 'verdict'>): TransitionRequest {
  return before.state === 'closed' && before.verdict !== null
    ? { to: 'closed', verdict: before.verdict }
    : { to: before.state };
}
