import { timeOfId } from '../ids.ts';
import { collections, type Collection } from './port.ts';

export type PeriodicCollection = 'events' | 'alerts' | 'deadletters';

const NAME = /^canh-([a-z]+)-(\d{4,6})\.(\d{2})(?:\.(\d{2}))?$/;

/**
 * Name of the day or month that holds a document, e.g. `canh-events-2026.11.23`, from the time of acceptance in its id;
 * undefined where the id has none, or the collection has no periods.
 */
export function periodName(collection: Collection, id: string): string | undefined {
  const { period } = collections[collection];
  const accepted = timeOfId(id);
  if (period === 'none' || accepted === undefined) return undefined;
  const date = new Date(accepted);
  const year = String(date.getUTCFullYear()).padStart(4, '0');
  const month = twoDigits(date.getUTCMonth() + 1);
  const day = period === 'day' ? `.${twoDigits(date.getUTCDate())}` : '';
  return `canh-${collection}-${year}.${month}${day}`;
}

/** When the period of a name ends, in milliseconds; undefined for names that are none of `collection`. */
export function periodEnd(collection: Collection, name: string): number | undefined {
  const match = NAME.exec(name);
  if (match === null || match[1] !== collection) return undefined;
  const [, , year, month, day] = match;
  const { period } = collections[collection];
  if ((day === undefined ? 'month' : 'day') !== period) return undefined;
  return day === undefined
    ? Date.UTC(Number(year), Number(month), 1)
    : Date.UTC(Number(year), Number(month) - 1, Number(day) + 1);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
