import type { JsonObject } from './event.ts';

/** Sigma's levels, lowest first. */
export const levels = ['informational', 'low', 'medium', 'high', 'critical'] as const;
export type Level = (typeof levels)[number];

export const states = ['new', 'acknowledged', 'in_progress', 'closed'] as const;
export type AlertState = (typeof states)[number];

export const verdicts = [
  'true_positive',
  'benign_true_positive',
  'false_positive_logic',
  'false_positive_data',
  'duplicate',
  'undetermined',
] as const;
export type Verdict = (typeof verdicts)[number];

export const entityTypes = ['host', 'user', 'ip', 'process', 'file', 'domain', 'hash'] as const;
export interface Entity {
  readonly type: (typeof entityTypes)[number];
  readonly value: string;
}

/** One detection item of a rule as it went on one event. */
export interface ExplainedItem {
  readonly kind: 'item';
  /** Field name as the rule writes it; null for a keyword search. */
  readonly field: string | null;
  readonly modifiers: readonly string[];
  /** The rule's values that took part: those that matched, or all where none did. */
  readonly patterns: readonly string[];
  /** The event's value that was compared, shortened; null where the field is absent or null. */
  readonly value: string | null;
  readonly matched: boolean;
}

/** Why a rule matched: the condition as a tree, down to the fields and values that made it true. */
export type ExplainNode =
  | {
      readonly kind: 'and' | 'or' | 'not';
      readonly matched: boolean;
      readonly children: readonly ExplainNode[];
    }
  | {
      readonly kind: 'identifier';
      readonly name: string;
      readonly matched: boolean;
      readonly children: readonly ExplainNode[];
    }
  | ExplainedItem;

export interface Explanation {
  /** The rule's condition as written. */
  readonly condition: string;
  readonly tree: ExplainNode;
}

export interface Technique {
  readonly id: string;
  readonly name: string;
}

/** What the correlator writes; the API owns `state`, `verdict`, `assignee` and the transitions behind them. */
export interface Alert {
  readonly id: string;
  readonly agency: string;
  /** Time of the event that made it fire. */
  readonly time: number;
  /** Acceptance of that event. */
  readonly accepted: number;
  readonly rule: AlertRule;
  readonly tactics: readonly Technique[];
  readonly techniques: readonly Technique[];
  readonly entities: readonly Entity[];
  /** ECS fields of the event that an analyst reads first. */
  readonly ecs: JsonObject;
  readonly explanation: Explanation | undefined;
  /** Ids of the events it rests on. */
  readonly events: readonly string[];
  /** Alerts with the same key belong to one group: rule and primary entity. */
  readonly foldKey: string;
  /** Of alerts of correlations only. */
  readonly correlation?: AlertCorrelation;
  readonly state: AlertState;
  readonly revision: number;
}

/** What a correlation rests on. Times in milliseconds. */
export interface AlertCorrelation {
  /** Sigma's type, e.g. `event_count`. */
  readonly type: string;
  readonly timespanMs: number;
  /** Empty where the correlation has no `group-by`. */
  readonly group: readonly { readonly field: string; readonly value: string }[];
  /** Matches in the episode so far. */
  readonly count: number;
  /** The figure that satisfied the condition last: distinct values, sum, average, percentile; events for counts. */
  readonly value: number;
  /** Times of the first and last match. */
  readonly first: number;
  readonly last: number;
  /** The earliest matches, in order; at most a hundred. */
  readonly constituents: readonly AlertConstituent[];
  /** Made of events that came too late to be counted with the others. */
  readonly late: boolean;
  /** State had been given up for want of room: there may be more to it. */
  readonly lowerBound: boolean;
  /** Once the watermark has passed the end of the episode; does not depend on the order of arrival. */
  readonly final?: AlertFinal;
}

export interface AlertConstituent {
  readonly rule: { readonly id: string; readonly title: string };
  /** Id of the event. */
  readonly event: string;
  readonly time: number;
}

export interface AlertFinal {
  /** Id that the alert would have had, had every event come in order. */
  readonly id: string;
  /** Ids of the events, in order. */
  readonly constituents: readonly string[];
  /** The alert of the same episode that came first; this one closes as its duplicate. */
  readonly duplicateOf?: string;
}

export interface AlertRule {
  /** The rule's own id, or its title where it has none. */
  readonly id: string;
  readonly title: string;
  readonly level: Level;
  /** Hash of what decides matching; editing a title does not change it. */
  readonly hash: string;
  readonly description?: string;
  readonly author?: string;
  readonly license?: string;
  readonly references: readonly string[];
  readonly falsepositives: readonly string[];
  readonly tags: readonly string[];
}

/** The indexed form: ECS with `event.kind: signal`, `rule.*`, `threat.*`; everything of ours under `canh`. */
export function alertToDocument(alert: Alert): JsonObject {
  const { rule } = alert;
  return {
    ...alert.ecs,
    '@timestamp': new Date(alert.time).toISOString(),
    message: rule.title,
    event: {
      id: alert.id,
      kind: 'signal',
      severity: levels.indexOf(rule.level),
      ingested: new Date(alert.accepted).toISOString(),
    },
    rule: {
      id: rule.id,
      name: rule.title,
      ...(rule.description === undefined ? {} : { description: rule.description }),
      ...(rule.author === undefined ? {} : { author: rule.author }),
      ...(rule.license === undefined ? {} : { license: rule.license }),
      reference: rule.references,
    },
    threat: {
      framework: 'MITRE ATT&CK',
      tactic: { id: alert.tactics.map((t) => t.id), name: alert.tactics.map((t) => t.name) },
      technique: { id: alert.techniques.map((t) => t.id), name: alert.techniques.map((t) => t.name) },
    },
    canh: {
      agency: alert.agency,
      level: rule.level,
      rule_hash: rule.hash,
      falsepositives: rule.falsepositives,
      tags: rule.tags,
      entities: alert.entities.map((e) => ({ type: e.type, value: e.value })),
      ...(alert.explanation === undefined ? {} : { explanation: alert.explanation as unknown as JsonObject }),
      events: alert.events,
      fold_key: alert.foldKey,
      ...(alert.correlation === undefined ? {} : correlationToDocument(alert.correlation)),
      state: alert.state,
      verdict: null,
      assignee: null,
      revision: alert.revision,
    },
  };
}

/** `canh.correlation` and `canh.final`. */
function correlationToDocument(correlation: AlertCorrelation): JsonObject {
  const { final } = correlation;
  return {
    correlation: {
      type: correlation.type,
      timespan_ms: correlation.timespanMs,
      group: correlation.group.map(({ field, value }) => ({ field, value })),
      count: correlation.count,
      value: correlation.value,
      first: new Date(correlation.first).toISOString(),
      last: new Date(correlation.last).toISOString(),
      constituents: correlation.constituents.map(({ rule, event, time }) => ({
        rule: { id: rule.id, title: rule.title },
        event,
        time: new Date(time).toISOString(),
      })),
      late: correlation.late,
      lower_bound: correlation.lowerBound,
    },
    ...(final === undefined
      ? {}
      : {
          final: {
            id: final.id,
            constituents: final.constituents,
            ...(final.duplicateOf === undefined ? {} : { duplicate_of: final.duplicateOf }),
          },
        }),
  };
}
