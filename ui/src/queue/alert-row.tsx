import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import type { AlertSummary } from '../../../api/contract/index.ts';
import { StateLabel } from '../alert/state-label.tsx';
import { Visible } from '../evidence/evidence.tsx';
import { useMessages } from '../i18n/language.tsx';
import { Icon } from '../shell/icons.tsx';
import { compareLevels } from '../theme/severity.ts';
import { SeverityMark } from '../theme/severity-mark.tsx';
import { When } from '../time/when.tsx';
import type { Group, Row } from './groups.ts';
import classes from './grid.module.css';

interface RowProps {
  readonly row: Row;
  readonly index: number;
  readonly active: boolean;
  /** The one row that Tab reaches. */
  readonly tabbable: boolean;
  readonly grouped: boolean;
  readonly onChoose: (row: Row) => void;
  readonly onOpen: (row: Row) => void;
}

/** DOM id of a row, for moving the focus. */
export function rowElementId(id: string): string {
  return `row ${id}`;
}

export const AlertRow = memo(function AlertRow({
  row,
  index,
  active,
  tabbable,
  grouped,
  onChoose,
  onOpen,
}: RowProps) {
  const level = row.kind === 'group' || !row.inGroup ? 1 : 2;
  return (
    <div
      id={rowElementId(row.id)}
      className={classes.row}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={active}
      {...(grouped ? { 'aria-level': level } : {})}
      {...(row.kind === 'group' ? { 'aria-expanded': row.open } : {})}
      tabIndex={tabbable ? 0 : -1}
      data-closed={(row.kind === 'alert' && row.alert.state === 'closed') || undefined}
      data-inner={level === 2 || undefined}
      onClick={(event) => {
        if (!isLink(event.target)) onChoose(row);
      }}
      onDoubleClick={() => onOpen(row)}
    >
      {row.kind === 'alert' ? (
        <AlertCells alert={row.alert} />
      ) : (
        <GroupCells group={row.group} open={row.open} />
      )}
    </div>
  );
});

function AlertCells({ alert }: { readonly alert: AlertSummary }) {
  const [entity] = alert.entities;
  return (
    <>
      <div role="gridcell" className={classes.level}>
        <SeverityMark level={alert.rule.level} />
      </div>
      <div role="gridcell" className={classes.title}>
        <Link
          to="/alerts/$id"
          params={{ id: alert.id }}
          tabIndex={-1}
          preload={false}
          title={alert.rule.title}
        >
          <Visible text={alert.rule.title} />
        </Link>
      </div>
      <div role="gridcell" className={classes.entity} title={entity?.value}>
        {entity === undefined ? '—' : <Visible text={entity.value} />}
      </div>
      <div role="gridcell" className={classes.agency}>
        <Visible text={alert.agency} />
      </div>
      <div
        role="gridcell"
        className={classes.tactic}
        title={alert.tactics.map((tactic) => tactic.name).join(', ')}
      >
        {alert.tactics[0]?.name ?? '—'}
        {alert.tactics.length > 1 && ` +${alert.tactics.length - 1}`}
      </div>
      <div role="gridcell" className={classes.stateCell}>
        <StateLabel alert={alert} />
      </div>
      <div role="gridcell" className={classes.time}>
        <When time={alert.time} />
      </div>
    </>
  );
}

function GroupCells({ group, open }: { readonly group: Group; readonly open: boolean }) {
  const messages = useMessages();
  const [first] = group.alerts;
  if (first === undefined) return null;
  const worst = group.alerts.reduce(
    (held, alert) => (compareLevels(alert.rule.level, held) < 0 ? alert.rule.level : held),
    first.rule.level,
  );
  const openOnes = group.alerts.filter((alert) => alert.state !== 'closed').length;
  return (
    <>
      <div role="gridcell" className={classes.level}>
        <SeverityMark level={worst} />
      </div>
      <div role="gridcell" className={classes.title}>
        <span
          className={classes.fold}
          data-open={open || undefined}
          title={open ? messages.queue.collapseGroup : messages.queue.expandGroup}
        >
          <Icon name="right" size={14} />
        </span>
        <strong>
          <Visible text={first.rule.title} />
        </strong>
        <span className={classes.size}>{messages.queue.grouped(group.alerts.length)}</span>
      </div>
      <div role="gridcell" className={classes.entity}>
        {first.entities[0] === undefined ? '—' : <Visible text={first.entities[0].value} />}
      </div>
      <div role="gridcell" className={classes.agency}>
        <Visible text={first.agency} />
      </div>
      <div role="gridcell" className={classes.tactic}>
        {first.tactics[0]?.name ?? '—'}
      </div>
      <div role="gridcell" className={classes.stateCell}>
        {messages.queue.openOf(openOnes, group.alerts.length)}
      </div>
      <div role="gridcell" className={classes.time}>
        <When time={group.last} />
      </div>
    </>
  );
}

function isLink(target: EventTarget): boolean {
  return target instanceof Element && target.closest('a') !== null;
}
