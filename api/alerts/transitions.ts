import { states, verdicts } from '../../platform/alert.ts';
import { CanhError, invariant } from '../../platform/errors/index.ts';
import type { Index, StoredDocument } from '../../platform/index/port.ts';
import { transitionDocument, transitionId } from '../../platform/transition.ts';
import type { AlertSummary, Transition, TransitionRequest } from '../contract/index.ts';
import { memberAt, numberAt, objectAt, textAt } from '../document.ts';
import { isoTime } from '../time.ts';

/** Transitions that one alert may have. */
export const TRANSITIONS_MAX = 1000;
/** Transitions read at a time; few alerts have more than a handful. */
const READ_AHEAD = 16;
/** Tries to copy a state while the correlator keeps replacing the alert. */
const COPY_TRIES_MAX = 20;

type State = Pick<AlertSummary, 'state' | 'verdict' | 'assignee'>;

/** Every transition of an alert, oldest first. They are the truth about its state. */
export async function readTransitions(index: Index, alertId: string): Promise<Transition[]> {
  const found: Transition[] = [];
  while (found.length < TRANSITIONS_MAX) {
    const ids = Array.from({ length: READ_AHEAD }, (_, i) => transitionId(alertId, found.length + i + 1));
    // Each page is needed to know whether there is another.
    const documents = await index.get('transitions', ids);
    for (const document of documents) {
      if (document === undefined) return found;
      found.push(toTransition(document));
    }
  }
  return found;
}

/** State of an alert after its transitions; `initial` where it has none. */
export function stateAfter(transitions: readonly Transition[], initial: State): State {
  let { state, verdict, assignee }: State = initial;
  for (const transition of transitions) {
    state = transition.to;
    verdict = transition.verdict;
    assignee = assigneeAfter(transition, assignee);
  }
  return { state, verdict, assignee };
}

/** Who takes an alert up has it; who puts it back to new gives it away. */
function assigneeAfter(transition: Transition, before: string | null): string | null {
  switch (transition.to) {
    case 'new':
      return null;
    case 'acknowledged':
      return transition.by;
    case 'in_progress':
      return before ?? transition.by;
    case 'closed':
      return before;
  }
}

/** What a caller sends back to say which state of affairs the transition is meant for. */
export function versionOf(transitions: readonly Transition[]): string {
  return String(transitions.length);
}

/**
 * Checks a transition against where the alert is. Any state may follow any other (an undo is the transition back), but
 * not itself; a verdict belongs to closing. Throws `index_conflict`, `transition_invalid`.
 */
export function checkTransition(
  request: TransitionRequest,
  from: State['state'],
  transitions: readonly Transition[],
): void {
  if (request.version !== undefined && request.version !== versionOf(transitions)) {
    throw new CanhError('index_conflict');
  }
  if (request.to === from)
    throw new CanhError('transition_invalid', `The alert is in state ${from} already.`);
  if (request.to === 'closed' && request.verdict === undefined) {
    throw new CanhError('transition_invalid', 'Closing an alert needs a verdict.');
  }
  if (request.to !== 'closed' && request.verdict !== undefined) {
    throw new CanhError('transition_invalid', 'A verdict is given only when an alert is closed.');
  }
  if (transitions.length >= TRANSITIONS_MAX) {
    throw new CanhError('transition_invalid', `An alert takes ${TRANSITIONS_MAX} transitions.`);
  }
}

/** Writes the transition that follows `before`. Throws `index_conflict` when somebody else's came first. */
export async function createTransition(
  index: Index,
  alert: StoredDocument,
  transition: Transition,
): Promise<void> {
  const document = transitionDocument(alert, transition);
  const [result] = await index.create('transitions', [document]);
  if (result?.kind === 'exists') throw new CanhError('index_conflict');
  invariant(result?.kind === 'created', `the index refused transition ${document.id}`);
}

/**
 * Copies the state that the transitions say into the alert, where searches find it; resolves with the alert as it then
 * is. The correlator may replace other fields meanwhile, and another transition's copy may have come first: the higher
 * number stays.
 */
export async function copyState(
  index: Index,
  alert: StoredDocument,
  transitions: readonly Transition[],
): Promise<StoredDocument> {
  let current = alert;
  for (let tries = 0; tries < COPY_TRIES_MAX && !isCopied(current, transitions); tries += 1) {
    const next = withState(current, transitions);
    // Every try needs the document that the one before did not get.
    if ((await index.replace('alerts', next)) === 'replaced') return next;
    const [again] = await index.get('alerts', [alert.id]);
    if (again === undefined) throw new CanhError('not_found');
    current = again;
  }
  return current;
}

/** Whether the alert shows the state of these transitions, or of later ones. */
export function isCopied(alert: StoredDocument, transitions: readonly Transition[]): boolean {
  return (numberAt(alert.body, 'canh.transitions') ?? 0) >= transitions.length;
}

function withState(alert: StoredDocument, transitions: readonly Transition[]): StoredDocument {
  const canh = objectAt(alert.body, 'canh');
  invariant(canh !== undefined, `alert ${alert.id} has no canh`);
  const state = stateAfter(transitions, { state: 'new', verdict: null, assignee: null });
  return { ...alert, body: { ...alert.body, canh: { ...canh, ...state, transitions: transitions.length } } };
}

function toTransition({ id, time, body }: StoredDocument): Transition {
  const from = memberAt(body, 'from', states);
  const to = memberAt(body, 'to', states);
  const n = numberAt(body, 'n');
  invariant(from !== undefined && to !== undefined && n !== undefined, `transition ${id} lacks a field`);
  return {
    n,
    at: textAt(body, 'at') ?? isoTime(time),
    by: textAt(body, 'by') ?? '',
    from,
    to,
    verdict: memberAt(body, 'verdict', verdicts) ?? null,
    note: textAt(body, 'note') ?? null,
  };
}
