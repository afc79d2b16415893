import type { Messages } from '../i18n/en.ts';
import { formatClock, formatDate, formatDateTime, type Language } from '../time/format.ts';
import { resolveBound, type TimeRange } from '../time/range.ts';

interface Style {
  readonly zone: string;
  readonly language: Language;
}

/** A range in words: the preset's name, or its two ends with what they share said once. */
export function rangeLabel(range: TimeRange, messages: Messages, style: Style): string {
  const preset = range.to === '' || range.to === 'now' ? messages.range.presets[range.from] : undefined;
  if (preset !== undefined) return preset;
  const from = absolute(range.from);
  const to = absolute(range.to);
  if (from !== undefined && to !== undefined) {
    const { zone, language } = style;
    const sameDay = formatDate(from, zone, language) === formatDate(to, zone, language);
    const end = sameDay ? formatClock(to, zone, true) : formatDateTime(to, zone, language);
    return messages.range.between(formatDateTime(from, zone, language), end);
  }
  const start = boundLabel(range.from, messages, style);
  if (range.to === '' || range.to === 'now') {
    return range.from.startsWith('now-')
      ? messages.range.last(range.from.slice(4))
      : messages.range.since(start);
  }
  const end = boundLabel(range.to, messages, style);
  return range.from === '' ? messages.range.until(end) : messages.range.between(start, end);
}

/** One end as a person would type it. */
export function boundLabel(bound: string, messages: Messages, { zone, language }: Style): string {
  const time = absolute(bound);
  if (time !== undefined) return formatDateTime(time, zone, language);
  return bound === 'now' ? messages.range.now : bound;
}

function absolute(bound: string): number | undefined {
  return bound.startsWith('now') ? undefined : resolveBound(bound, 0);
}
