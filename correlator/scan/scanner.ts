import { createNormaliser, sigmaView } from '../../integrations/index.ts';
import type { Event } from '../../platform/event.ts';
import type { LogRecord } from '../../platform/record.ts';
import { createEngine, explain, type Engine, type RuleSet } from '../../sigma/index.ts';
import type { Chunk } from './chunks.ts';
import { correlatedFields } from './fields.ts';
import { createSplitter, type FileDocument } from './splitter.ts';

export interface ScanOptions {
  readonly ruleSet: RuleSet;
  /** Sigma product of the events; guessed line by line where left out. */
  readonly product?: string | undefined;
  /** Acceptance time of every record, in milliseconds: completes times without a year. */
  readonly accepted: number;
  /** Whether matches say why. */
  readonly explained: boolean;
}

/** What a piece of a file holds. Plain data: it travels between threads. */
export interface ScanResult {
  readonly events: number;
  /** Events that no parser took. */
  readonly unparsed: number;
  /** Rules that failed on an event, and records that made their integration fail. */
  readonly failures: number;
  /** Line ends in the piece. */
  readonly lines: number;
  /** Records that no event stands for yet: the next piece of the file must be scanned behind this one. */
  readonly pending: number;
  readonly found: readonly Found[];
}

/** An event that rules match. */
export interface Found {
  /** Line on which it begins, from the first line of the piece, or of the first piece of an unbroken row of them. */
  readonly line: number;
  readonly time: number;
  readonly matches: readonly FoundMatch[];
  /** What correlations may ask of it; left out where no correlation refers to any of its rules. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

export interface FoundMatch {
  /** Index of the rule in the set. */
  readonly rule: number;
  /** The explanation as JSON. */
  readonly why?: string;
}

/** What is open behind a piece of a file. */
export interface Carry {
  readonly normaliser: ReturnType<typeof createNormaliser>;
  /** Line of each record by its number, so that a joined event still knows where it began. */
  readonly recordLines: number[];
  /** Line ends since the row of pieces began. */
  readonly lines: number;
}

export interface Scanner {
  /** Scans a piece, behind what was open before; without it the piece is scanned for itself. */
  scan(chunk: Chunk, before?: Carry): { readonly result: ScanResult; readonly carry: Carry };
}

/** Makes a scanner: bytes of a file to the events that rules match. */
export function createScanner(options: ScanOptions): Scanner {
  const { ruleSet, explained } = options;
  let failures = 0;
  const fail = (): void => {
    failures += 1;
  };
  const engine = createEngine(ruleSet.rules, { onFailure: fail });
  const look = createLook(engine, { ruleSet, explained });

  return {
    scan: (chunk, before) => {
      const carry = before ?? {
        normaliser: createNormaliser({ onFailure: fail }),
        recordLines: [],
        lines: 0,
      };
      const { normaliser, recordLines } = carry;
      const failuresBefore = failures;
      const found: Found[] = [];
      let events = 0;
      let unparsed = 0;
      const take = (made: readonly Event[]): void => {
        for (const event of made) {
          events += 1;
          const tags = event.ecs['tags'];
          if (typeof tags === 'object' && tags.includes('unparsed')) unparsed += 1;
          const seen = look(event, recordLines);
          if (seen !== undefined) found.push(seen);
        }
      };
      const { documents, lines } = documentsOf(chunk);
      for (const { text, line } of documents) {
        recordLines.push(carry.lines + line);
        take(normaliser.push(recordOf(text, recordLines.length, options)));
      }
      if (chunk.last) take(normaliser.end());
      const { pending } = normaliser;
      return {
        result: { events, unparsed, failures: failures - failuresBefore, lines, pending, found },
        carry: { normaliser, recordLines, lines: carry.lines + lines },
      };
    },
  };
}

/** The documents of a piece, and the line ends in it. */
export function documentsOf(chunk: Chunk): {
  readonly documents: readonly FileDocument[];
  readonly lines: number;
} {
  if (chunk.kind === 'documents') return { documents: chunk.documents, lines: 0 };
  const splitter = createSplitter(chunk.mode);
  const text = new TextDecoder('utf-8').decode(chunk.bytes);
  const documents = [...splitter.push(text), ...splitter.end()];
  return { documents, lines: splitter.lines };
}

/** A record of a file that no collector read. */
export function recordOf(
  line: string,
  seq: number,
  { product, accepted }: Pick<ScanOptions, 'product' | 'accepted'>,
): LogRecord {
  return {
    collector: 'detect',
    agency: '',
    epoch: '',
    seq,
    received: 0,
    accepted,
    input: 'detect',
    line,
    hints: product === undefined ? {} : { product },
  };
}

type Look = (event: Event, recordLines: readonly number[]) => Found | undefined;

function createLook(
  engine: Engine,
  { ruleSet, explained }: Pick<ScanOptions, 'ruleSet' | 'explained'>,
): Look {
  const indexes = new Map(ruleSet.rules.map((rule, index) => [rule, index]));
  const referred = new Set(
    ruleSet.correlations.flatMap(({ refers }) =>
      refers.filter(({ kind }) => kind === 'rule').map(({ key }) => key),
    ),
  );
  const names = correlatedFields(ruleSet.correlations);
  return (event, recordLines) => {
    const view = sigmaView(event);
    const matches = engine.match(view);
    if (matches.length === 0) return undefined;
    return {
      line: recordLines[event.record.seq - 1] ?? 0,
      time: event.time,
      matches: matches.map(({ rule }) => ({
        rule: indexes.get(rule) ?? 0,
        ...(explained && !ruleSet.quiet.has(rule.key) ? { why: JSON.stringify(explain(rule, view)) } : {}),
      })),
      ...(matches.some(({ rule }) => referred.has(rule.key))
        ? { fields: Object.fromEntries(names.map((name) => [name, view.field(name)])) }
        : {}),
    };
  };
}
