import { compareText } from '../order.ts';
import type { Sort } from '../port.ts';
import type { IndexFiles } from './files.ts';
import { rangeIn, scanFile, type Hit, type Scan } from './scan.ts';
import type { Entry, TimeRange } from './table.ts';

/** A file that may hold hits, and the first time at which it can. */
interface Waiting {
  readonly name: string;
  readonly first: number;
}

/** The hits of a file one by one. */
class Hits {
  readonly #chunks: AsyncGenerator<readonly Hit[], void, undefined>;
  #chunk: readonly Hit[] = [];
  #at = 0;

  constructor(chunks: AsyncGenerator<readonly Hit[], void, undefined>) {
    this.#chunks = chunks;
  }

  get head(): Hit | undefined {
    return this.#chunk[this.#at];
  }

  /** Drops the head; fetches the next chunk where the last was used up. */
  async advance(): Promise<void> {
    this.#at += 1;
    if (this.#at < this.#chunk.length) return;
    const next = await this.#chunks.next();
    this.#chunk = next.done === true ? [] : next.value;
    this.#at = 0;
  }

  async close(): Promise<void> {
    await this.#chunks.return();
  }
}

/** The hits of all files in order of time. A file is opened for reading when its times are reached. */
export async function* mergeByTime(
  files: IndexFiles,
  scan: Scan,
  order: Sort['order'],
  after: TimeRange['after'],
): AsyncGenerator<Hit, void, undefined> {
  const sign = order === 'asc' ? 1 : -1;
  const compare = (a: Entry, b: Entry): number =>
    sign * (a.time === b.time ? compareText(a.id, b.id) : a.time - b.time);
  const waiting = waitingFiles(files, scan, order).toSorted((a, b) => sign * (a.first - b.first));
  const running = new Set<Hits>();
  try {
    for (;;) {
      let best = firstOf(running, compare);
      for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
        if (best?.head !== undefined && sign * (best.head.time - next.first) < 0) break;
        waiting.shift();
        const hits = new Hits(scanFile(files, next.name, scan, { order, after }));
        await hits.advance();
        if (hits.head !== undefined) running.add(hits);
        best = firstOf(running, compare);
      }
      if (best?.head === undefined) return;
      yield best.head;
      await best.advance();
      if (best.head === undefined) running.delete(best);
    }
  } finally {
    for (const hits of running) await hits.close();
  }
}

function firstOf(running: ReadonlySet<Hits>, compare: (a: Entry, b: Entry) => number): Hits | undefined {
  let best: Hits | undefined;
  for (const hits of running) {
    if (hits.head === undefined) continue;
    if (best?.head === undefined || compare(hits.head, best.head) < 0) best = hits;
  }
  return best;
}

function waitingFiles(files: IndexFiles, scan: Scan, order: Sort['order']): readonly Waiting[] {
  return files.list(scan.collection).flatMap((name) => {
    const table = files.find(name, scan.collection);
    const range = table === undefined ? undefined : rangeIn(table, scan);
    if (range === undefined) return [];
    return [{ name, first: order === 'asc' ? range.from : range.to - 1 }];
  });
}
