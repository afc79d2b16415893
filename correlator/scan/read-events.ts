import { createNormaliser } from '../../integrations/index.ts';
import type { Event } from '../../platform/event.ts';
import { readChunks, type Source } from './chunks.ts';
import { documentsOf, recordOf, type ScanOptions } from './scanner.ts';

/** An event of a file and the line on which it begins, from 1. */
export interface FileEvent {
  readonly event: Event;
  readonly line: number;
}

/** Every event of a file, in order. Throws `file_unreadable`. */
export async function* readEvents(
  source: Source,
  options: Pick<ScanOptions, 'product' | 'accepted'>,
): AsyncGenerator<FileEvent> {
  const normaliser = createNormaliser();
  const recordLines: number[] = [];
  let before = 0;
  const placed = (events: readonly Event[]): readonly FileEvent[] =>
    events.map((event) => ({ event, line: recordLines[event.record.seq - 1] ?? 0 }));
  for await (const chunk of readChunks(source)) {
    const { documents, lines } = documentsOf(chunk);
    for (const { text, line } of documents) {
      recordLines.push(before + line);
      yield* placed(normaliser.push(recordOf(text, recordLines.length, options)));
    }
    before += lines;
  }
  yield* placed(normaliser.end());
}
