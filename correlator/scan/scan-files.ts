import { CanhError } from '../../platform/errors/index.ts';
import { readChunks, type Chunk, type ReadOptions, type Source } from './chunks.ts';
import { createLanes, createLocalLane, type Lane } from './lane.ts';
import type { ScanOptions, ScanResult } from './scanner.ts';

/** Pieces that are read ahead for each lane. */
const AHEAD = 2;

export interface ScanFilesOptions extends ScanOptions, ReadOptions {
  /** Threads that scan; 1: this one. */
  readonly workers: number;
  /** Told what the pieces hold, in the order of the input, whatever the number of threads. */
  readonly onResult: (
    result: ScanResult,
    place: { readonly file: string; readonly lines: number },
  ) => Promise<void>;
  /** Told of a file that cannot be read; the others are still done. */
  readonly onUnreadable: (file: string, error: CanhError) => void;
}

/** Scans files for events that rules match. Resolves when everything has been told. */
export async function scanFiles(sources: readonly Source[], options: ScanFilesOptions): Promise<void> {
  const { workers, ruleSet, product, accepted, explained } = options;
  const scan = { ruleSet, product, accepted, explained };
  const lanes = workers > 1 ? createLanes(workers, scan) : [createLocalLane(scan)];
  try {
    const queue = new Queue(lanes, options.onResult);
    for (const source of sources) {
      const file: FileRun = { name: source.path, lines: 0, row: undefined, waiting: [], latest: undefined };
      try {
        for await (const chunk of readChunks(source, options)) await queue.add(file, chunk);
      } catch (error) {
        if (!(error instanceof CanhError) || error.code !== 'file_unreadable') throw error;
        options.onUnreadable(source.path, error);
      }
    }
    await queue.end();
  } finally {
    await Promise.all(lanes.map((lane) => lane.close()));
  }
}

/** A file under way. */
interface FileRun {
  readonly name: string;
  /** Line ends before the piece that is told next. */
  lines: number;
  /** Where records were open behind a piece, all further pieces go to its lane, one behind another. */
  row: Lane | undefined;
  /** Pieces not told yet. */
  readonly waiting: Job[];
  /** Id of the latest task given out. */
  latest: number | undefined;
}

interface Job {
  readonly file: FileRun;
  readonly chunk: Chunk;
  id: number;
  lane: Lane;
  answer: Promise<ScanResult>;
}

/**
 * Gives pieces to the lanes in turn and tells their results in order. Each piece is scanned for itself at first, as if
 * no record before it were still open. Where one is, what was scanned behind it is scanned again, in a row.
 */
class Queue {
  readonly #lanes: readonly Lane[];
  readonly #onResult: ScanFilesOptions['onResult'];
  #ids = 0;
  #turn = 0;
  #waiting = 0;
  #told: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;
  #room: PromiseWithResolvers<void> | undefined;

  constructor(lanes: readonly Lane[], onResult: ScanFilesOptions['onResult']) {
    this.#lanes = lanes;
    this.#onResult = onResult;
  }

  /** Resolves when there is room for another piece. */
  async add(file: FileRun, chunk: Chunk): Promise<void> {
    const job = this.#start(file, chunk);
    file.waiting.push(job);
    this.#waiting += 1;
    this.#told = this.#told
      .then(() => this.#tell(job))
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        this.#waiting -= 1;
        this.#room?.resolve();
      });
    while (this.#waiting >= this.#lanes.length * AHEAD && this.#failure === undefined) {
      this.#room = Promise.withResolvers();
      await this.#room.promise;
    }
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  async end(): Promise<void> {
    await this.#told;
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  #start(file: FileRun, chunk: Chunk): Job {
    const lane = file.row ?? this.#next();
    const job: Job = {
      file,
      chunk,
      id: 0,
      lane,
      answer: Promise.resolve() as unknown as Promise<ScanResult>,
    };
    this.#scan(job, file.row === undefined ? undefined : file.latest);
    return job;
  }

  #scan(job: Job, after: number | undefined): void {
    job.id = this.#ids += 1;
    job.file.latest = job.id;
    job.answer = job.lane.scan({ id: job.id, chunk: job.chunk, after });
    // Who waits for it learns of its failure; before that nobody may have begun to wait.
    job.answer.catch(() => undefined);
  }

  #next(): Lane {
    const lane = this.#lanes[this.#turn % this.#lanes.length] as Lane;
    this.#turn += 1;
    return lane;
  }

  async #tell(job: Job): Promise<void> {
    const { file } = job;
    const result = await job.answer;
    file.waiting.shift();
    if (result.pending > 0 && !job.chunk.last && file.row === undefined) this.#inRow(job);
    const { name, lines } = file;
    if (file.row === undefined) file.lines += result.lines;
    await this.#onResult(result, { file: name, lines });
  }

  /** Scans the pieces behind a job once more, this time behind it. */
  #inRow({ file, lane, id }: Job): void {
    file.row = lane;
    let after = id;
    for (const job of file.waiting) {
      job.lane.forget(job.id);
      job.lane = lane;
      this.#scan(job, after);
      after = job.id;
    }
    file.latest = after;
  }
}
