import { useState, type KeyboardEvent, type PointerEvent } from 'react';
import type { AlertOverview } from '../../../api/contract/index.ts';
import { useMessages } from '../i18n/language.tsx';
import { useTimeStyle } from '../settings/context.tsx';
import { formatClock, formatCount, formatDateTime, relative } from '../time/format.ts';
import type { TimeRange } from '../time/range.ts';
import { barsOf, rangeOfBars, type Bar } from './bars.ts';
import { HistogramTable } from './histogram-table.tsx';
import classes from './histogram.module.css';

interface HistogramProps {
  readonly histogram: AlertOverview['histogram'];
  readonly range: TimeRange;
  readonly onZoom: (range: TimeRange) => void;
}

/** Alerts over time. One control: arrows walk the bars, Enter or a click narrows to one, a drag to several. */
export function Histogram({ histogram, range, onZoom }: HistogramProps) {
  const messages = useMessages();
  const { zone, language } = useTimeStyle();
  const [chosen, setChosen] = useState<number>();
  const [dragFrom, setDragFrom] = useState<number>();
  const bars = barsOf(histogram, range, Date.now());
  const current = Math.min(chosen ?? bars.length - 1, bars.length - 1);
  const zoom = (a: number, b: number) => {
    const next = rangeOfBars(bars, a, b);
    if (next !== undefined) onZoom(next);
  };
  const describe = ({ start, end, count }: Bar) =>
    messages.histogram.value(
      formatDateTime(start, zone, language),
      formatClock(end, zone, true),
      formatCount(count, language),
    );
  const onKeyDown = (event: KeyboardEvent) => {
    const next = keyTarget(event.key, current, bars.length);
    if (event.key === 'Enter') zoom(current, current);
    else if (next !== undefined) setChosen(next);
    else return;
    event.preventDefault();
  };
  const most = Math.max(1, ...bars.map((bar) => bar.count));
  const shown = bars[current];
  return (
    <section className={classes.box} aria-label={messages.histogram.label}>
      <div
        className={classes.bars}
        role="slider"
        tabIndex={0}
        aria-label={`${messages.histogram.label}. ${messages.histogram.hint}`}
        aria-valuemin={1}
        aria-valuemax={Math.max(1, bars.length)}
        aria-valuenow={current + 1}
        aria-valuetext={shown === undefined ? '0' : describe(shown)}
        title={shown === undefined ? '' : describe(shown)}
        onKeyDown={onKeyDown}
        onPointerMove={(event) => setChosen(barAt(event, bars.length))}
        onPointerDown={(event) => setDragFrom(barAt(event, bars.length))}
        onPointerLeave={() => setDragFrom(undefined)}
        onPointerUp={(event) => {
          if (dragFrom !== undefined) zoom(dragFrom, barAt(event, bars.length));
          setDragFrom(undefined);
        }}
      >
        {bars.map((bar, index) => (
          <span
            key={bar.start}
            className={classes.bar}
            data-chosen={index === chosen || isBetween(index, dragFrom, chosen) || undefined}
          >
            <span style={{ height: bar.count === 0 ? 0 : `max(3px, ${(bar.count / most) * 100}%)` }} />
          </span>
        ))}
      </div>
      <Axis bars={bars} />
      <HistogramTable bars={bars} onZoom={(index) => zoom(index, index)} />
    </section>
  );
}

function Axis({ bars }: { readonly bars: readonly Bar[] }) {
  const messages = useMessages();
  const { zone, language } = useTimeStyle();
  const first = bars[0];
  const last = bars.at(-1);
  if (first === undefined || last === undefined) return null;
  const most = Math.max(...bars.map((bar) => bar.count));
  const { unit, count } = relative(0, first.end - first.start);
  const width = unit === 'now' ? `${(first.end - first.start) / 1000} s` : messages.ago[unit](count);
  return (
    <div className={classes.axis} aria-hidden="true">
      <span>{formatDateTime(first.start, zone, language).slice(0, -3)}</span>
      <span>{messages.histogram.scale(formatCount(most, language), width)}</span>
      <span>{formatDateTime(last.end, zone, language).slice(0, -3)}</span>
    </div>
  );
}

function keyTarget(key: string, current: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return Math.max(0, current - 1);
    case 'ArrowRight':
    case 'ArrowUp':
      return Math.min(count - 1, current + 1);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

function barAt(event: PointerEvent, count: number): number {
  const box = event.currentTarget.getBoundingClientRect();
  const place = (event.clientX - box.left) / Math.max(1, box.width);
  return Math.max(0, Math.min(count - 1, Math.floor(place * count)));
}

function isBetween(index: number, a: number | undefined, b: number | undefined): boolean {
  return a !== undefined && b !== undefined && index >= Math.min(a, b) && index <= Math.max(a, b);
}
