import { useQueryClient, type InfiniteData, type QueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { AlertDetail, AlertPage, AlertSummary, TransitionRequest } from '../../../api/contract/index.ts';
import { send } from '../api/client.ts';
import { useMessages } from '../i18n/language.tsx';
import type { Messages } from '../i18n/en.ts';
import { useNotices } from '../notices/context.tsx';
import { useProblemText } from '../pages/problem-banner.tsx';
import { isOpenTo, reverseOf, type Decision } from './verdict.ts';

/** Requests under way at once when a whole group is decided. */
const REQUESTS_MAX = 4;

interface Extra {
  readonly note?: string;
  /** State of affairs that the decision is meant for; somebody else's change in between refuses it. */
  readonly version?: string;
}

/** Moves alerts to another state, shows it everywhere, and offers the way back for ten seconds. */
export function useDecide() {
  const client = useQueryClient();
  const messages = useMessages();
  const { say } = useNotices();
  const problemText = useProblemText();
  return useCallback(
    async (alerts: readonly AlertSummary[], decision: Decision, extra: Extra = {}): Promise<boolean> => {
      const fit = alerts.filter((alert) => isOpenTo(alert, decision));
      if (fit.length === 0) return false;
      const body = { ...decision, ...(extra.note === undefined ? {} : { note: extra.note }) };
      const version = extra.version === undefined || fit.length > 1 ? {} : { version: extra.version };
      const { done, failures } = await moveAll(client, fit, () => ({ ...body, ...version }));
      const [failure] = failures;
      if (failure !== undefined) {
        const many = failures.length > 1 ? ` ${messages.actions.failedMany(failures.length)}` : '';
        say({ text: `${problemText(failure)}${many}`, tone: 'failed' });
        await client.invalidateQueries({ queryKey: ['alert'] });
        return false;
      }
      const undo = async () => {
        const back = await moveAll(client, done, reverseOf);
        const [broken] = back.failures;
        say(
          broken === undefined
            ? { text: messages.actions.undone }
            : { text: problemText(broken), tone: 'failed' },
        );
      };
      say({ text: doneText(done.length, decision, messages), undo: () => void undo() });
      return true;
    },
    [client, messages, say, problemText],
  );
}

/** What a decision is called. */
function decisionLabel(decision: Decision, messages: Messages): string {
  return decision.to === 'closed'
    ? `${messages.states.closed} – ${messages.verdicts[decision.verdict]}`
    : messages.states[decision.to];
}

function doneText(count: number, decision: Decision, messages: Messages): string {
  const what = decisionLabel(decision, messages);
  return count === 1 ? messages.actions.done(what) : messages.actions.doneMany(count, what);
}

async function moveAll(
  client: QueryClient,
  alerts: readonly AlertSummary[],
  bodyOf: (before: AlertSummary) => TransitionRequest,
) {
  const done: AlertSummary[] = [];
  const failures: Error[] = [];
  const waiting = [...alerts];
  const worker = async (): Promise<void> => {
    const alert = waiting.shift();
    if (alert === undefined) return;
    try {
      const path = `/alerts/${encodeURIComponent(alert.id)}/transitions`;
      show(client, await send<AlertDetail>('POST', path, bodyOf(alert)));
      done.push(alert);
    } catch (error) {
      failures.push(error instanceof Error ? error : new Error(String(error)));
    }
    await worker();
  };
  await Promise.all(Array.from({ length: REQUESTS_MAX }, worker));
  await client.invalidateQueries({ queryKey: ['overview'] });
  return { done, failures };
}

/** Puts the new state where the alert is shown. The row stays in its place until the list is loaded again. */
function show(client: QueryClient, detail: AlertDetail): void {
  client.setQueryData(['alert', detail.id], detail);
  const { state, verdict, assignee } = detail;
  client.setQueriesData<InfiniteData<AlertPage>>({ queryKey: ['alerts'] }, (data) =>
    data === undefined
      ? undefined
      : {
          ...data,
          pages: data.pages.map((page) => ({
            ...page,
            alerts: page.alerts.map((alert) =>
              alert.id === detail.id ? { ...alert, state, verdict, assignee } : alert,
            ),
          })),
        },
  );
}
