import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { Follower } from '../../../collectors/file/follower.ts';
import type { Spool } from '../../../collectors/spool.ts';
import type { FileInputConfig } from '../../../platform/config/schema.ts';
import { createBench, linesOf, type Bench } from '../fixture.ts';
import { intervals } from './model.ts';

export type Settings = Partial<Omit<FileInputConfig, 'type'>>;

/** A follower of `*.log*` in a directory of its own, on a real spool. */
export class FileBench {
  readonly bench: Bench = createBench();
  spool: Spool = this.bench.spool();
  follower: Follower;

  constructor() {
    this.follower = this.open();
  }

  path(name: string): string {
    return join(this.bench.directory, name);
  }

  append(name: string, content: string | Buffer): void {
    appendFileSync(this.path(name), content);
  }

  /** Makes the follower anew, from the cursors that are durable. */
  open(
    settings: Settings = {},
    extra: { readonly filesOpenMax?: number; readonly gzipBytesMax?: number } = {},
  ): Follower {
    this.follower = new Follower({
      id: 'f',
      config: { type: 'file', paths: [this.path('*.log*')], exclude: [], ...settings },
      deps: this.bench.deps(this.spool, 'f'),
      emit: this.bench.emit(this.spool, 'f'),
      intervals,
      ...extra,
    });
    return this.follower;
  }

  /** Lets time pass and polls until nothing is left to read. */
  async settle(waitMs = 0): Promise<void> {
    this.bench.clock.time += waitMs;
    while (await this.follower.poll());
    await this.follower.poll();
  }

  async restart(settings: Settings = {}): Promise<void> {
    await this.follower.close();
    await this.spool.close();
    this.spool = this.bench.spool();
    this.open(settings);
  }

  get lines(): readonly string[] {
    return linesOf(this.spool);
  }

  async counted(name: 'replaced' | 'truncatedBytes' | 'cut'): Promise<number> {
    const { values } = await this.bench.metrics[name].get();
    return values.reduce((sum, { value }) => sum + value, 0);
  }

  async dispose(): Promise<void> {
    await this.follower.close();
    await this.spool.close();
    this.bench.dispose();
  }
}
