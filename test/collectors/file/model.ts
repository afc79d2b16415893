import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Registry } from 'prom-client';
import { Follower } from '../../../collectors/file/follower.ts';
import type { Batch } from '../../../collectors/input.ts';
import { createCollectorMetrics } from '../../../collectors/metrics.ts';
import { memoryLog, seeded, TestClock } from '../fixture.ts';

const ROTATIONS = 4;

export const intervals = { scanMs: 0, pollMs: 1, partialWaitMs: 1000, leaveMs: 5000, keepMs: 1e9 };

/** What stays when the collector dies: lines and cursors, always changed together. */
class Durable {
  readonly lines: string[] = [];
  readonly cursors = new Map<string, string>();

  append({ lines, cursors = [] }: Batch): void {
    for (const line of lines) this.lines.push(typeof line === 'string' ? line : '(bytes)');
    for (const { key, value } of cursors) {
      if (value === null) this.cursors.delete(key);
      else this.cursors.set(key, value);
    }
  }
}

class Crash extends Error {}

/**
 * A program that logs, a rotation that renames, copies, truncates, compresses and deletes, and a collector that stops
 * and crashes: random, but the same for the same seed. Says which lines must be in the spool and which may be.
 */
export class Experiment {
  readonly history: string[] = [];
  readonly durable = new Durable();
  readonly #random: () => number;
  readonly #directory: string;
  readonly #wide: boolean;
  readonly #clock = new TestClock();
  readonly #log = memoryLog();
  readonly #metrics = createCollectorMetrics(new Registry());
  #follower: Follower | undefined;
  #crashAt: 'before' | 'after' | undefined;
  /** Complete lines of each file by name, and the unfinished line at its end. */
  readonly #content = new Map<string, string[]>();
  #partial = '';
  readonly #must = new Set<string>();
  readonly #may = new Set<string>();
  #lines = 0;

  constructor(directory: string, seed: number) {
    this.#random = seeded(seed);
    this.#directory = directory;
    this.#wide = this.#random() < 0.6;
    this.history.push(`seed ${String(seed)} ${this.#wide ? 'app.log*' : 'app.log'}`);
  }

  async run(steps: number): Promise<void> {
    for (let i = 0; i < steps; i += 1) await this.#step();
    // The program goes on, so the names of rotated files are known for what they are.
    this.#write(`${this.#newText()}\n`);
    await this.#finish();
  }

  /** What is wrong with the outcome; nothing when it is right. */
  problems(): readonly string[] {
    const seen = new Map<string, number>();
    for (const line of this.durable.lines) seen.set(line, (seen.get(line) ?? 0) + 1);
    const problems: string[] = [];
    for (const line of this.#must) if (!seen.has(line)) problems.push(`lost ${line}`);
    for (const [line, count] of seen) {
      if (count > 1) problems.push(`${String(count)} times ${line}`);
      // Of a line that was truncated away unseen, the beginning that had been seen is kept.
      const begun = [...this.#may].some((whole) => whole.startsWith(line));
      if (!this.#must.has(line) && !begun) problems.push(`never written ${line}`);
    }
    return problems;
  }

  async #step(): Promise<void> {
    const dice = this.#random() * 100;
    if (dice < 30) this.#append();
    else if (dice < 37) this.#appendPartial();
    else if (dice < 58) await this.#poll();
    else if (dice < 66) this.#renameRotate();
    else if (dice < 74) this.#copyTruncate();
    else if (dice < 80) await this.#compress();
    else if (dice < 83) this.#deleteRotated();
    else if (dice < 86) this.#deleteLive();
    else if (dice < 92) await this.#restart();
    else if (dice < 96) this.#crashAt = this.#random() < 0.5 ? 'before' : 'after';
    else this.#wait();
  }

  #path(name: string): string {
    return join(this.#directory, name);
  }

  #note(text: string): void {
    this.history.push(text);
  }

  #append(): void {
    const count = 1 + Math.floor(this.#random() * 5);
    for (let i = 0; i < count; i += 1) this.#write(`${this.#newText()}\n`);
    this.#note(`append ${String(count)} to ${String(this.#lines)}`);
  }

  #appendPartial(): void {
    this.#write(this.#newText());
    this.#note('append without line end');
  }

  #newText(): string {
    this.#lines += 1;
    return `<${String(this.#lines)} ${'.'.repeat(Math.floor(this.#random() * 600))} ${String(this.#lines)}>`;
  }

  #write(text: string): void {
    appendFileSync(this.#path('app.log'), text);
    const content = this.#content.get('app.log') ?? [];
    this.#content.set('app.log', content);
    if (!text.endsWith('\n')) {
      this.#partial += text;
      return;
    }
    const line = this.#partial + text.slice(0, -1);
    this.#partial = '';
    content.push(line);
    this.#must.add(line);
  }

  /** The program begins a new file, so what has no line end never gets one. */
  #breakLine(): void {
    if (this.#partial === '') return;
    this.#content.get('app.log')?.push(this.#partial);
    this.#must.add(this.#partial);
    this.#partial = '';
  }

  /** Lines of `name` that the collector has not taken yet need not ever be. */
  #excuse(lines: readonly string[]): void {
    const seen = new Set(this.durable.lines);
    for (const line of lines) {
      if (seen.has(line)) continue;
      this.#must.delete(line);
      this.#may.add(line);
    }
  }

  /** Makes room for a new `app.log.1`. */
  #shift(): void {
    for (let n = ROTATIONS; n >= 1; n -= 1) {
      for (const suffix of ['', '.gz']) {
        const from = `app.log.${String(n)}${suffix}`;
        if (!existsSync(this.#path(from))) continue;
        const lines = this.#content.get(from) ?? [];
        this.#content.delete(from);
        if (n === ROTATIONS) {
          this.#excuse(lines);
          rmSync(this.#path(from));
        } else {
          const to = `app.log.${String(n + 1)}${suffix}`;
          renameSync(this.#path(from), this.#path(to));
          this.#content.set(to, lines);
        }
      }
    }
  }

  #renameRotate(): void {
    if (!existsSync(this.#path('app.log'))) return;
    this.#breakLine();
    this.#excuseUnknown();
    this.#shift();
    renameSync(this.#path('app.log'), this.#path('app.log.1'));
    this.#content.set('app.log.1', this.#content.get('app.log') ?? []);
    this.#content.delete('app.log');
    if (this.#random() < 0.5) writeFileSync(this.#path('app.log'), '');
    this.#note('rename');
  }

  #copyTruncate(): void {
    if (!existsSync(this.#path('app.log'))) return;
    this.#breakLine();
    this.#excuseUnknown();
    this.#shift();
    copyFileSync(this.#path('app.log'), this.#path('app.log.1'));
    this.#content.set('app.log.1', this.#content.get('app.log') ?? []);
    this.#content.set('app.log', []);
    if (this.#random() < 0.3) {
      this.#append();
      this.#note('(the lines above were written between copy and truncation)');
      this.#excuse(this.#content.get('app.log') ?? []);
      this.#content.set('app.log', []);
    }
    truncateSync(this.#path('app.log'), 0);
    this.#note('copytruncate');
  }

  /** Without the rotated names in its patterns, a collector knows a rotated file only if it had begun to read it. */
  #excuseUnknown(): void {
    const lines = this.#content.get('app.log') ?? [];
    const seen = new Set(this.durable.lines);
    if (!this.#wide && !lines.some((line) => seen.has(line))) this.#excuse(lines);
  }

  async #compress(): Promise<void> {
    const names = Array.from({ length: ROTATIONS }, (_, i) => `app.log.${String(i + 1)}`);
    const present = names.filter((name) => existsSync(this.#path(name)));
    const name = present[Math.floor(this.#random() * present.length)];
    if (name === undefined || existsSync(this.#path(`${name}.gz`))) return;
    const packed = gzipSync(readFileSync(this.#path(name)));
    const half = Math.floor(packed.length * this.#random());
    writeFileSync(this.#path(`${name}.gz`), packed.subarray(0, half));
    this.#note(`gzip of ${name} begins`);
    if (this.#random() < 0.4) await this.#poll();
    appendFileSync(this.#path(`${name}.gz`), packed.subarray(half));
    if (this.#random() < 0.4) await this.#poll();
    rmSync(this.#path(name));
    this.#content.set(`${name}.gz`, this.#content.get(name) ?? []);
    this.#content.delete(name);
    this.#note(`gzip of ${name} is done`);
  }

  #deleteRotated(): void {
    const name = `app.log.${String(1 + Math.floor(this.#random() * ROTATIONS))}`;
    if (!existsSync(this.#path(name))) return;
    this.#excuse(this.#content.get(name) ?? []);
    this.#content.delete(name);
    rmSync(this.#path(name));
    this.#note(`delete ${name}`);
  }

  #deleteLive(): void {
    if (!existsSync(this.#path('app.log'))) return;
    this.#breakLine();
    this.#excuse(this.#content.get('app.log') ?? []);
    this.#content.delete('app.log');
    rmSync(this.#path('app.log'));
    this.#note('delete app.log');
  }

  #wait(): void {
    this.#clock.time += 400 + Math.floor(this.#random() * 10_000);
    this.#note('wait');
  }

  async #poll(): Promise<void> {
    this.#follower ??= this.#createFollower();
    this.#clock.time += 1;
    try {
      await this.#follower.poll();
      this.#note('poll');
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      this.#note('crash');
      await this.#restart();
    }
  }

  async #restart(): Promise<void> {
    await this.#follower?.close();
    this.#follower = undefined;
    this.#crashAt = undefined;
    this.#note('stopped');
  }

  async #finish(): Promise<void> {
    this.#crashAt = undefined;
    for (let i = 0; i < 12; i += 1) {
      this.#clock.time += 1500;
      await this.#poll();
    }
    await this.#restart();
    await this.#poll();
    await this.#restart();
  }

  #createFollower(): Follower {
    const paths = [this.#path(this.#wide ? 'app.log*' : 'app.log')];
    return new Follower({
      id: 'files',
      config: { type: 'file', paths, exclude: [] },
      intervals,
      deps: {
        clock: this.#clock,
        log: this.#log,
        metrics: this.#metrics,
        cursors: () => this.durable.cursors,
        failed: (error) => {
          throw error;
        },
      },
      emit: async (batch) => {
        const crash = this.#crashAt;
        this.#crashAt = undefined;
        if (crash !== 'before') this.durable.append(batch);
        if (crash !== undefined) throw new Crash();
      },
    });
  }
}
