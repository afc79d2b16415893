import { judgeCondition } from './contradiction.ts';
import { readTexts } from './correlation-document.ts';
import type { DetectionContext } from './detection.ts';
import type { FilterDraft, Written } from './document.ts';
import { readMetadata } from './metadata.ts';
import type { Problems } from './problems.ts';
import type { Condition, Detection, Search } from './rule.ts';
import { readLogSource, readSearches } from './rule-document.ts';
import { entryOf, type SourceMap } from './source.ts';

/** Most rules that one filter names. */
export const filterReferencesMax = 1000;

/** Reads a filter document; undefined where nothing of it can be used. Whether it may apply is in the problems. */
export function readFilter(root: SourceMap, context: DetectionContext): FilterDraft | undefined {
  const { problems } = context;
  const metadata = readMetadata(root, 'filter', problems);
  const logsource = readLogSource(root, problems, undefined);
  const entry = entryOf(root, 'filter');
  if (entry?.value.kind !== 'map') {
    problems.add('filter_invalid', entry?.value.offset ?? root.offset);
    return undefined;
  }
  const node = entry.value;
  const references = readReferences(node, problems);
  const searches = { ...node, entries: node.entries.filter(({ key }) => key !== 'rules') };
  const read = readSearches(searches, context);
  if (read === undefined || logsource === undefined) return undefined;
  const { detection, found } = read;
  if (found !== undefined) problems.add('aggregation_invalid', found.offset, { detail: 'in a filter' });
  const conditionAt = entryOf(node, 'condition')?.value.offset ?? node.offset;
  if (judgeCondition(detection.condition, detection.searches) === 'impossible')
    problems.add('condition_impossible', conditionAt);
  if (!excludes(detection)) problems.add('filter_positive', conditionAt);
  const { title, name } = metadata;
  const place = problems.placeOf(entry.offset);
  return { title, ...(name === undefined ? {} : { name }), logsource, references, detection, ...place };
}

/** `any`, or an empty list, means every rule of the logsource. */
function readReferences(map: SourceMap, problems: Problems): readonly Written[] {
  const node = entryOf(map, 'rules')?.value;
  if (node === undefined) {
    problems.add('filter_rules', map.offset);
    return [];
  }
  if (node.kind === 'scalar' && node.value === 'any') return [];
  const references = readTexts(node, problems);
  if (references === undefined || references.length > filterReferencesMax)
    problems.add('filter_rules', node.offset);
  return references ?? [];
}

/** Whether anything in it is turned round; without, the filter keeps only the events that it describes. */
function excludes({ condition, searches }: Detection): boolean {
  const inSearch = (search: Search): boolean =>
    search.kind === 'item' ? search.negated : search.children.some(inSearch);
  const inCondition = (part: Condition): boolean => {
    switch (part.kind) {
      case 'not':
        return true;
      case 'identifier': {
        const search = searches.get(part.name);
        return search !== undefined && inSearch(search);
      }
      case 'and':
      case 'or':
        return part.children.some(inCondition);
    }
  };
  return inCondition(condition);
}
