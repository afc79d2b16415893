import type { Problems } from './problems.ts';
import { clip, entryOf, type SourceMap, type SourceNode, type SourceScalar } from './source.ts';

/** Longest title that the specification allows. */
const titleCharsMax = 256;

const statuses: readonly string[] = ['stable', 'test', 'experimental', 'deprecated', 'unsupported'];
const relatedTypes: readonly string[] = ['derived', 'obsolete', 'merged', 'renamed', 'similar'];

/** Tactics of ATT&CK Enterprise, Mobile and ICS as tags write them. */
const tactics: readonly string[] = [
  'reconnaissance', 'resource-development', 'initial-access', 'execution', 'persistence', 'privilege-escalation',
  'defense-evasion', 'stealth', 'defense-impairment', 'credential-access', 'discovery', 'lateral-movement', 'collection',
  'command-and-control', 'exfiltration', 'impact', 'evasion', 'inhibit-response-function', 'impair-process-control',
]; // prettier-ignore

/** Namespaces of tags that the specification names; others are allowed. */
const namespaces: readonly string[] = ['attack', 'car', 'cve', 'd3fend', 'detection', 'stp', 'tlp'];

/** Warns of attributes whose form the specification names; nothing here decides what fires. */
export function lintMetadata(map: SourceMap, problems: Problems): void {
  for (const { key, value } of map.entries) {
    if (key === 'tags') lintTags(value, problems);
    else if (key === 'related') lintRelated(value, problems);
    else if (value.kind !== 'scalar') continue;
    else if (key === 'date' || key === 'modified') lintDate(value, problems);
    else if (key === 'status') lintStatus(value, problems);
    else if (key === 'title' && value.text.length > titleCharsMax)
      problems.add('title_long', value.offset, { detail: `${value.text.length} characters` });
  }
}

function lintDate({ text, offset }: SourceScalar, problems: Problems): void {
  const [, year, month = '', day = ''] = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text) ?? [];
  const iso = `${year ?? ''}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const exists = year !== undefined && !Number.isNaN(Date.parse(`${iso}T00:00:00Z`));
  // `/` was the form of Sigma 1.
  if (exists && (text === iso || text === iso.replaceAll('-', '/'))) return;
  problems.add('date_invalid', offset, { detail: clip(text), ...(exists ? { suggestion: iso } : {}) });
}

function lintStatus({ text, offset }: SourceScalar, problems: Problems): void {
  if (!statuses.includes(text))
    problems.add('status_unknown', offset, {
      detail: clip(text),
      suggestion: problems.nearest(text, statuses),
    });
}

function lintTags(node: SourceNode, problems: Problems): void {
  const items = node.kind === 'list' ? node.items : [node];
  const seen = new Set<string>();
  for (const item of items) {
    if (item.kind !== 'scalar' || item.value === null) continue;
    if (seen.has(item.text)) problems.add('tag_duplicate', item.offset, { detail: clip(item.text) });
    seen.add(item.text);
    lintTag(item, problems);
  }
}

function lintTag({ text, offset }: SourceScalar, problems: Problems): void {
  const detail = clip(text);
  const dot = text.indexOf('.');
  const namespace = text.slice(0, Math.max(0, dot));
  if (!/^[a-z0-9_-]+\.[a-z0-9._-]+$/.test(text)) {
    const repaired = text.toLowerCase().trim().replaceAll(' ', '-');
    const good = repaired !== text && /^[a-z0-9_-]+\.[a-z0-9._-]+$/.test(repaired);
    problems.add('tag_invalid', offset, { detail, ...(good ? { suggestion: repaired } : {}) });
    return;
  }
  const name = text.slice(dot + 1);
  if (namespace === 'attack') lintAttack(name, { offset, detail }, problems);
  else if (namespace === 'cve' && !/^\d{4}[-.]\d{4,}$/.test(name))
    problems.add('tag_invalid', offset, { detail, suggestion: 'cve.2021-44228' });
  else if (!namespaces.includes(namespace)) {
    const suggestion = problems.nearest(namespace, namespaces);
    if (suggestion !== undefined)
      problems.add('tag_invalid', offset, { detail, suggestion: `${suggestion}.${clip(name)}` });
  }
}

function lintAttack(
  name: string,
  { offset, detail }: { readonly offset: number; readonly detail: string },
  problems: Problems,
): void {
  if (/^(?:t\d{4}(?:\.\d{3})?|[gsmc]\d{4}|ta\d{4}|ds\d{4})$/.test(name) || tactics.includes(name)) return;
  const dashed = name.replaceAll('_', '-');
  const suggestion = tactics.includes(dashed) ? dashed : problems.nearest(dashed, tactics);
  problems.add('tag_attack', offset, {
    detail,
    ...(suggestion === undefined ? {} : { suggestion: `attack.${suggestion}` }),
  });
}

function lintRelated(node: SourceNode, problems: Problems): void {
  const items = node.kind === 'list' ? node.items : [node];
  for (const item of items) {
    const type = item.kind === 'map' ? entryOf(item, 'type')?.value : undefined;
    const id = item.kind === 'map' ? entryOf(item, 'id')?.value : undefined;
    const word = type?.kind === 'scalar' ? type.text : '';
    if (id?.kind !== 'scalar' || id.value === null)
      problems.add('related_invalid', item.offset, { detail: 'an id and a type' });
    else if (!relatedTypes.includes(word))
      problems.add('related_invalid', (type ?? item).offset, {
        detail: word === '' ? 'type' : clip(word),
        suggestion: problems.nearest(word, relatedTypes),
      });
  }
}
