import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';
import type { AlertSummary } from '../../../api/contract/index.ts';
import { alertQuery } from '../api/queries.ts';
import { decisionKeys } from '../alert/decision-keys.ts';
import { useDecide } from '../alert/use-decide.ts';
import type { Decision } from '../alert/verdict.ts';
import { useKeys } from '../keys/context.tsx';
import { mayDecide, useUser } from '../session/user.ts';
import { rowElementId } from './alert-row.tsx';
import type { Row } from './groups.ts';
import type { QueueSearch } from './search.ts';
import type { QueueData } from './use-queue.ts';

interface TriageOptions {
  readonly queue: QueueData;
  readonly search: QueueSearch;
  readonly change: (part: Partial<QueueSearch>, options?: { readonly replace?: boolean }) => void;
  readonly takeNew: () => void;
  readonly peek: RefObject<HTMLElement | null>;
}

/** The row in hand when the list was left, for coming back to it. */
const lastChosen: { id: string | undefined } = { id: undefined };

/** Which row is in hand, and what the keys do with it. */
export function useTriage({ queue, search, change, takeNew, peek }: TriageOptions) {
  const navigate = useNavigate();
  const decide = useDecide();
  const allowed = mayDecide(useUser());
  const [chosenId, setChosenId] = useState(lastChosen.id);
  const { rows, toggleGroup } = queue;
  const activeId = search.peek !== '' && rows.some((row) => row.id === search.peek) ? search.peek : chosenId;
  const at = rows.findIndex((row) => row.id === activeId);
  usePrefetch(rows, at);
  useReturn(activeId, rows.length > 0);
  const state = useRef({ rows, at, search });
  useEffect(() => {
    state.current = { rows, at, search };
  });

  const show = useCallback(
    (row: Row, focus: boolean) => {
      setChosenId(row.id);
      const peeking = state.current.search.peek !== '';
      if (peeking && row.kind === 'alert') change({ peek: row.id }, { replace: true });
      if (focus) document.getElementById(rowElementId(row.id))?.focus();
    },
    [change],
  );
  const move = useCallback(
    (step: number | 'first' | 'last') => {
      const last = state.current.rows.length - 1;
      const wanted = step === 'first' ? 0 : step === 'last' ? last : state.current.at + step;
      const row = state.current.rows[Math.max(0, Math.min(last, wanted))];
      // Inside the flyout the keys walk the list, and the focus stays in the flyout.
      if (row !== undefined) show(row, !(peek.current?.contains(document.activeElement) ?? false));
    },
    [show, peek],
  );
  const choose = useCallback(
    (row: Row) => {
      setChosenId(row.id);
      if (row.kind === 'group') toggleGroup(row.group.key);
      else change({ peek: state.current.search.peek === row.id ? '' : row.id }, { replace: true });
    },
    [change, toggleGroup],
  );
  const open = useCallback(
    (row: Row) => {
      if (row.kind === 'group') toggleGroup(row.group.key);
      else void navigate({ to: '/alerts/$id', params: { id: row.id } });
    },
    [navigate, toggleGroup],
  );
  const closePeek = () => {
    change({ peek: '' }, { replace: true });
    if (activeId !== undefined) document.getElementById(rowElementId(activeId))?.focus();
  };
  const decideActive = async (decision: Decision) => {
    const row = rows[at];
    if (!allowed || row === undefined) return;
    const done = await decide(alertsOf(row), decision);
    if (done && decision.to === 'closed') move(1);
  };
  useKeys({
    ...decisionKeys((decision) => void decideActive(decision)),
    j: () => move(1),
    k: () => move(-1),
    n: takeNew,
    v: () => change({ grouped: !search.grouped }),
  });
  return { activeId, move, choose, open, closePeek };
}

function alertsOf(row: Row): readonly AlertSummary[] {
  return row.kind === 'group' ? row.group.alerts : [row.alert];
}

/** Puts the focus on the row that was in hand when the list was left, once, as soon as there are rows. */
function useReturn(activeId: string | undefined, ready: boolean): void {
  const waiting = useRef(lastChosen.id !== undefined);
  useEffect(() => {
    if (!waiting.current || !ready) return;
    waiting.current = false;
    if (activeId !== undefined) document.getElementById(rowElementId(activeId))?.focus();
  }, [activeId, ready]);
  useEffect(() => {
    lastChosen.id = activeId;
  }, [activeId]);
}

/** Loads the alerts beside the one in hand, so that the next key shows them at once. */
function usePrefetch(rows: readonly Row[], at: number): void {
  const client = useQueryClient();
  const ids =
    at < 0
      ? []
      : [rows[at], rows[at + 1], rows[at - 1]].flatMap((row) => (row?.kind === 'alert' ? [row.id] : []));
  const key = ids.join(' ');
  useEffect(() => {
    for (const id of key.split(' ')) if (id !== '') void client.prefetchQuery(alertQuery(id));
  }, [client, key]);
}
