import { z } from 'zod';

/** Shapes of the HTTP API: requests are checked by them, the OpenAPI document is made from them, the console is typed by them. */

const level = z.enum(['informational', 'low', 'medium', 'high', 'critical']);
const state = z.enum(['new', 'acknowledged', 'in_progress', 'closed']);
const verdict = z.enum([
  'true_positive',
  'benign_true_positive',
  'false_positive_logic',
  'false_positive_data',
  'duplicate',
  'undetermined',
]);
const role = z.enum(['analyst', 'lead', 'agency_viewer', 'administrator', 'auditor']);

export const user = z.object({
  name: z.string(),
  role,
  /** Null: the SOC, who sees every agency. */
  agency: z.string().nullable(),
  must_change_password: z.boolean(),
});

export const signIn = z.strictObject({
  name: z.string().min(1).max(128),
  password: z.string().min(1).max(1024),
});
export const passwordChange = z.strictObject({
  current: z.string().min(1).max(1024),
  replacement: z.string().min(1).max(1024),
});

export const problem = z.object({
  code: z.string(),
  message: z.string(),
  /** Where in the request: a path, or a position in the query. */
  place: z.string().optional(),
});

const entity = z.object({
  type: z.enum(['host', 'user', 'ip', 'process', 'file', 'domain', 'hash']),
  value: z.string(),
});
const technique = z.object({ id: z.string(), name: z.string() });

const explainedItem = z.object({
  kind: z.literal('item'),
  field: z.string().nullable(),
  modifiers: z.array(z.string()),
  patterns: z.array(z.string()),
  value: z.string().nullable(),
  matched: z.boolean(),
});
export type ExplainNode =
  | { kind: 'and' | 'or' | 'not'; matched: boolean; children: ExplainNode[] }
  | { kind: 'identifier'; name: string; matched: boolean; children: ExplainNode[] }
  | z.infer<typeof explainedItem>;
export const explainNode: z.ZodType<ExplainNode> = z
  .lazy(() =>
    z.union([
      z.object({ kind: z.enum(['and', 'or', 'not']), matched: z.boolean(), children: z.array(explainNode) }),
      z.object({
        kind: z.literal('identifier'),
        name: z.string(),
        matched: z.boolean(),
        children: z.array(explainNode),
      }),
      explainedItem,
    ]),
  )
  .meta({ id: 'ExplainNode' });
const explanation = z.object({ condition: z.string(), tree: explainNode });

export const alertSummary = z.object({
  id: z.string(),
  /** ISO 8601, UTC. */
  time: z.string(),
  accepted: z.string(),
  agency: z.string(),
  rule: z.object({ id: z.string(), title: z.string(), level }),
  tactics: z.array(technique),
  techniques: z.array(technique),
  entities: z.array(entity),
  fold_key: z.string(),
  state,
  verdict: verdict.nullable(),
  assignee: z.string().nullable(),
});

export const transition = z.object({
  n: z.number(),
  at: z.string(),
  by: z.string(),
  from: state,
  to: state,
  verdict: verdict.nullable(),
  note: z.string().nullable(),
});

const correlation = z.object({
  type: z.enum([
    'event_count',
    'value_count',
    'temporal',
    'temporal_ordered',
    'value_sum',
    'value_avg',
    'value_percentile',
    'value_median',
  ]),
  timespan_ms: z.number(),
  group: z.array(z.object({ field: z.string(), value: z.string() })),
  /** Matches in the episode so far. */
  count: z.number(),
  /** The figure that satisfied the condition last; for counts of events their number. */
  value: z.number(),
  first: z.string(),
  last: z.string(),
  /** The earliest matches, in order. */
  constituents: z.array(
    z.object({ rule: z.object({ id: z.string(), title: z.string() }), event: z.string(), time: z.string() }),
  ),
  late: z.boolean(),
  lower_bound: z.boolean(),
  /** Whether the episode is over, so that nothing more will change. */
  final: z.boolean(),
  /** The alert that stands for the same episode. */
  duplicate_of: z.string().nullable(),
});

export const alertDetail = alertSummary.extend({
  rule: z.object({
    id: z.string(),
    title: z.string(),
    level,
    description: z.string().nullable(),
    author: z.string().nullable(),
    license: z.string().nullable(),
    references: z.array(z.string()),
    falsepositives: z.array(z.string()),
    tags: z.array(z.string()),
  }),
  explanation: explanation.nullable(),
  /** What the alert of a correlation rests on. */
  correlation: correlation.nullable(),
  events: z.array(z.string()),
  transitions: z.array(transition),
  /** For `If-Match`-like use in a transition: a change by somebody else is refused. */
  version: z.string(),
  /** The indexed document as it is. */
  document: z.record(z.string(), z.unknown()),
});

export const event = z.object({
  id: z.string(),
  time: z.string(),
  accepted: z.string(),
  agency: z.string(),
  original: z.string(),
  /** The indexed document, ECS nested. */
  document: z.record(z.string(), z.unknown()),
});

/** Common query parameters. Times are ISO 8601 or relative to now: `now-24h`, `now-7d`. */
const range = {
  q: z.string().max(4096).optional(),
  from: z.string().max(64).optional(),
  to: z.string().max(64).optional(),
};
export const listParameters = z.strictObject({
  ...range,
  /** Field and direction: `time:desc`, `canh.level:asc`, … */
  sort: z.string().max(128).optional(),
  size: z.coerce.number().int().min(1).max(1000).optional(),
  cursor: z.string().max(2048).optional(),
});
export const overviewParameters = z.strictObject(range);

const total = z.object({ value: z.number(), relation: z.enum(['eq', 'gte']) });
export const alertPage = z.object({ alerts: z.array(alertSummary), next: z.string().nullable(), total });
export const eventPage = z.object({ events: z.array(event), next: z.string().nullable(), total });

const facet = z.object({
  buckets: z.array(z.object({ key: z.string(), label: z.string(), count: z.number() })),
  other: z.number(),
});
export const alertOverview = z.object({
  total: z.number(),
  levels: facet,
  states: facet,
  rules: facet,
  agencies: facet,
  hosts: facet,
  users: facet,
  sources: facet,
  tactics: facet,
  histogram: z.object({
    interval_ms: z.number(),
    buckets: z.array(z.object({ start: z.string(), count: z.number() })),
  }),
});

export const transitionRequest = z.strictObject({
  to: state,
  /** Required when closing, refused otherwise. */
  verdict: verdict.optional(),
  note: z.string().max(10_000).optional(),
  version: z.string().optional(),
});

export const source = z.object({
  collector: z.string(),
  agency: z.string(),
  input: z.string(),
  path: z.string().nullable(),
  product: z.string().nullable(),
  events: z.number(),
  unparsed: z.number(),
  last_event: z.string(),
  last_accepted: z.string(),
});
export const sourceList = z.object({ sources: z.array(source) });

export const component = z.object({
  stage: z.string(),
  name: z.string(),
  state: z.enum(['ok', 'degraded', 'failed']),
  detail: z.string().nullable(),
});
export const health = z.object({
  ready: z.boolean(),
  version: z.string(),
  components: z.array(component),
});

export type User = z.infer<typeof user>;
export type Problem = z.infer<typeof problem>;
export type AlertSummary = z.infer<typeof alertSummary>;
export type AlertDetail = z.infer<typeof alertDetail>;
export type AlertPage = z.infer<typeof alertPage>;
export type AlertOverview = z.infer<typeof alertOverview>;
export type EventItem = z.infer<typeof event>;
export type EventPage = z.infer<typeof eventPage>;
export type Transition = z.infer<typeof transition>;
export type TransitionRequest = z.infer<typeof transitionRequest>;
export type Source = z.infer<typeof source>;
export type SourceList = z.infer<typeof sourceList>;
export type Health = z.infer<typeof health>;
