import type { ReactNode } from 'react';
import classes from './alert.module.css';

interface SectionProps {
  readonly id: string;
  readonly title: string;
  /** Takes the whole width of the page. */
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/** A part of the alert under its own heading. */
export function Section({ id, title, wide = false, children }: SectionProps) {
  return (
    <section className={wide ? `${classes.section} ${classes.wide}` : classes.section} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}
