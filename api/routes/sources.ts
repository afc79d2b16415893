import { SIZE_MAX, type Index, type StoredDocument } from '../../platform/index/port.ts';
import { matchAll } from '../../platform/query/ast.ts';
import { sourceList, type Source } from '../contract/index.ts';
import { numberAt, textAt } from '../document.ts';
import { everyRole, route, type Route } from '../route.ts';
import { isoTime } from '../time.ts';

/** Sources that are listed. */
const SOURCES_MAX = 10_000;

/** Where events come from, as the correlator counts them. */
export function sourceRoutes(): readonly Route[] {
  return [
    route({
      id: 'listSources',
      method: 'get',
      path: '/api/v1/sources',
      summary: 'Every source of events with its counts and its latest event.',
      access: everyRole,
      response: sourceList,
      async handle(_request, { index }) {
        return { sources: await readSources(index) };
      },
    }),
  ];
}

async function readSources(index: Index): Promise<Source[]> {
  const sources: Source[] = [];
  let cursor: string | undefined;
  do {
    const page = cursor === undefined ? {} : { cursor };
    // A page is asked for with the cursor of the one before.
    const result = await index.search('sources', { query: matchAll, size: SIZE_MAX, ...page });
    for (const document of result.documents) sources.push(toSource(document));
    cursor = result.next;
  } while (cursor !== undefined && sources.length < SOURCES_MAX);
  return sources;
}

function toSource({ body, agency, time }: StoredDocument): Source {
  return {
    collector: textAt(body, 'collector') ?? '',
    agency: textAt(body, 'agency') ?? agency,
    input: textAt(body, 'input') ?? '',
    path: textAt(body, 'path') ?? null,
    product: textAt(body, 'product') ?? null,
    events: numberAt(body, 'events') ?? 0,
    unparsed: numberAt(body, 'unparsed') ?? 0,
    last_event: textAt(body, 'last_event') ?? isoTime(time),
    last_accepted: textAt(body, 'last_accepted') ?? isoTime(time),
  };
}
