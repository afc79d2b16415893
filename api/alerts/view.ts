import { entityTypes, levels, states, verdicts } from '../../platform/alert.ts';
import type { JsonObject } from '../../platform/event.ts';
import type { StoredDocument } from '../../platform/index/port.ts';
import { alertDetail, type AlertDetail, type AlertSummary, type Transition } from '../contract/index.ts';
import { memberAt, objectAt, objectsAt, textAt, textsAt, valueAt } from '../document.ts';
import { isoTime } from '../time.ts';
import { stateAfter, versionOf } from './transitions.ts';

/** An indexed alert as a list shows it. */
export function toSummary(alert: StoredDocument): AlertSummary {
  const { body } = alert;
  return {
    id: alert.id,
    time: isoTime(alert.time),
    accepted: textAt(body, 'event.ingested') ?? isoTime(alert.time),
    agency: textAt(body, 'canh.agency') ?? alert.agency,
    rule: {
      id: textAt(body, 'rule.id') ?? '',
      title: textAt(body, 'rule.name') ?? '',
      level: memberAt(body, 'canh.level', levels) ?? 'informational',
    },
    tactics: named(body, 'threat.tactic'),
    techniques: named(body, 'threat.technique'),
    entities: objectsAt(body, 'canh.entities').flatMap((entity) => {
      const type = memberAt(entity, 'type', entityTypes);
      return type === undefined ? [] : [{ type, value: textAt(entity, 'value') ?? '' }];
    }),
    fold_key: textAt(body, 'canh.fold_key') ?? '',
    state: memberAt(body, 'canh.state', states) ?? 'new',
    verdict: memberAt(body, 'canh.verdict', verdicts) ?? null,
    assignee: textAt(body, 'canh.assignee') ?? null,
  };
}

/** An indexed alert whole, its state as the transitions say. */
export function toDetail(alert: StoredDocument, transitions: readonly Transition[]): AlertDetail {
  const { body } = alert;
  const summary = toSummary(alert);
  const explanation = alertDetail.shape.explanation.safeParse(valueAt(body, 'canh.explanation') ?? null);
  return {
    ...summary,
    ...stateAfter(transitions, summary),
    rule: {
      ...summary.rule,
      description: textAt(body, 'rule.description') ?? null,
      author: textAt(body, 'rule.author') ?? null,
      license: textAt(body, 'rule.license') ?? null,
      references: textsAt(body, 'rule.reference'),
      falsepositives: textsAt(body, 'canh.falsepositives'),
      tags: textsAt(body, 'canh.tags'),
    },
    explanation: explanation.success ? explanation.data : null,
    correlation: correlationOf(body),
    events: textsAt(body, 'canh.events'),
    transitions: [...transitions],
    version: versionOf(transitions),
    document: body,
  };
}

/** Ids and names, which the document keeps in two lists of the same order. */
function named(body: JsonObject, path: string): { id: string; name: string }[] {
  const names = textsAt(body, `${path}.name`);
  return textsAt(body, `${path}.id`).map((id, at) => ({ id, name: names[at] ?? id }));
}

function correlationOf(body: JsonObject): AlertDetail['correlation'] {
  const stored = objectAt(body, 'canh.correlation');
  if (stored === undefined) return null;
  const read = alertDetail.shape.correlation.safeParse({
    ...stored,
    final: valueAt(body, 'canh.final') !== undefined,
    duplicate_of: textAt(body, 'canh.final.duplicate_of') ?? null,
  });
  return read.success ? read.data : null;
}
