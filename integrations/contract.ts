import type { EcsFields, LogSource, NativeFields } from '../platform/event.ts';
import type { Hints } from '../platform/record.ts';

/** The syslog header around a message, where there was one. */
export interface SyslogEnvelope {
  readonly time?: number;
  readonly host?: string;
  readonly app?: string;
  readonly pid?: string;
  readonly msgid?: string;
  readonly facility?: number;
  readonly severity?: number;
  readonly structuredData?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** One complete line on its way to a parser. */
export interface Line {
  /** What the product itself wrote: without the syslog header, where there was one. */
  readonly message: string;
  /** The whole line. */
  readonly original: string;
  readonly envelope?: SyslogEnvelope;
  readonly hints: Hints;
  readonly path?: string;
  /** Acceptance time in milliseconds: completes times without a year; never "now". */
  readonly accepted: number;
}

/** What a parser makes of a line. */
export interface ParsedEvent {
  /** Milliseconds; left out where the line has no time of its own. */
  readonly time?: number;
  readonly ecs: EcsFields;
  readonly native: NativeFields;
  readonly aliases?: Readonly<Record<string, string>>;
  readonly logsource: readonly LogSource[];
}

/** How several records become one event: those of one key, until `isLast` says so or the partition's clock passes. */
export interface Joining {
  /** Key of the group that this line belongs to; undefined where it stands alone. */
  key(line: Line): string | undefined;
  isLast(line: Line): boolean;
  readonly timeoutMs: number;
  readonly linesMax: number;
  /** Parses the lines of one group, in order of arrival. */
  parse(lines: readonly Line[]): readonly ParsedEvent[] | undefined;
}

/** One product. Adding a product is adding one of these to `integrations/registry.ts`. */
export interface Integration {
  /** Folder name, e.g. `linux-auth`. */
  readonly id: string;
  /** Raised when the outcome for the same line changes. */
  readonly version: number;
  /** Sigma products this parser serves: an input's `product` hint selects by it. */
  readonly products: readonly string[];
  /** Every logsource that its events can have; rules for others are said to be blind. */
  readonly logsources: readonly LogSource[];
  /** Undefined: not mine. Never throws for bad content. */
  parse(line: Line): readonly ParsedEvent[] | undefined;
  readonly joining?: Joining;
}
