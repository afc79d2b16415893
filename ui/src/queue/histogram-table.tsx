import { Button } from '@mantine/core';
import { useState } from 'react';
import { useMessages } from '../i18n/language.tsx';
import pages from '../pages/pages.module.css';
import { useTimeStyle } from '../settings/context.tsx';
import { formatCount, formatDateTime } from '../time/format.ts';
import type { Bar } from './bars.ts';
import classes from './histogram.module.css';

interface HistogramTableProps {
  readonly bars: readonly Bar[];
  readonly onZoom: (index: number) => void;
}

/** The same numbers as a table, for who cannot see or hit the bars. */
export function HistogramTable({ bars, onZoom }: HistogramTableProps) {
  const messages = useMessages();
  const { zone, language } = useTimeStyle();
  const [open, setOpen] = useState(false);
  return (
    <details className={classes.details} open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{messages.histogram.table}</summary>
      {open && (
        <table className={pages.table}>
          <thead>
            <tr>
              <th scope="col">{messages.histogram.from}</th>
              <th scope="col" className={pages.number}>
                {messages.histogram.count}
              </th>
            </tr>
          </thead>
          <tbody>
            {bars.map((bar, index) => {
              if (bar.count === 0) return null;
              const start = formatDateTime(bar.start, zone, language);
              return (
                <tr key={bar.start}>
                  <td>
                    <Button
                      variant="subtle"
                      aria-label={messages.histogram.zoom(start)}
                      onClick={() => onZoom(index)}
                    >
                      {start}
                    </Button>
                  </td>
                  <td className={pages.number}>{formatCount(bar.count, language)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </details>
  );
}
