import type { KeyboardEvent } from 'react';
import { useMessages } from '../i18n/language.tsx';
import { AlertRow } from './alert-row.tsx';
import type { Row } from './groups.ts';
import classes from './grid.module.css';

interface AlertGridProps {
  readonly rows: readonly Row[];
  /** All that match, loaded or not; -1 when unknown. */
  readonly total: number;
  readonly grouped: boolean;
  readonly activeId: string | undefined;
  readonly onMove: (step: number | 'first' | 'last') => void;
  readonly onChoose: (row: Row) => void;
  readonly onOpen: (row: Row) => void;
}

const columns = ['level', 'title', 'entity', 'agency', 'tactic', 'state', 'time'] as const;
const columnClasses = { ...classes, state: classes.stateCell } as Readonly<
  Record<string, string | undefined>
>;

/** The list: a grid of which one row at a time can be reached by Tab, the others by arrows or j and k. */
export function AlertGrid({ rows, total, grouped, activeId, onMove, onChoose, onOpen }: AlertGridProps) {
  const messages = useMessages();
  const tabbable = rows.some((row) => row.id === activeId) ? activeId : rows[0]?.id;
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows.find((item) => item.id === activeId) ?? rows[0];
    if (row === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    if (!act(event.key, row)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const act = (key: string, row: Row): boolean => {
    if (key === 'ArrowDown') onMove(1);
    else if (key === 'ArrowUp') onMove(-1);
    else if (key === 'Home') onMove('first');
    else if (key === 'End') onMove('last');
    else if (key === ' ') onChoose(row);
    else if (key === 'Enter') onOpen(row);
    else return false;
    return true;
  };
  return (
    <div
      className={classes.grid}
      role={grouped ? 'treegrid' : 'grid'}
      aria-label={messages.queue.grid}
      aria-rowcount={total < 0 ? -1 : total + 1}
      aria-colcount={columns.length}
      onKeyDown={onKeyDown}
    >
      <div role="row" aria-rowindex={1} className={classes.head}>
        {columns.map((column) => (
          <div key={column} role="columnheader" className={columnClasses[column]}>
            {messages.queue.columns[column]}
          </div>
        ))}
      </div>
      {rows.map((row, index) => (
        <AlertRow
          key={row.id}
          row={row}
          index={index}
          grouped={grouped}
          active={row.id === activeId}
          tabbable={row.id === tabbable}
          onChoose={onChoose}
          onOpen={onOpen}
        />
      ))}
    </div>
  );
}
