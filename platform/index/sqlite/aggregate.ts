import { accumulator } from '../accumulate.ts';
import { briefValuesAt, isFieldInBrief } from '../brief.ts';
import type { AggregateRequest, Aggregation, AggregationResult, Collection, Tenant } from '../port.ts';
import { valuesAt } from '../../query/document.ts';
import type { IndexFiles } from './files.ts';
import { scanFile, toScan, type Scan } from './scan.ts';

/** Aggregations over all files of a collection, in one pass. Throws `request_invalid`, `index_unknown_field`. */
export async function aggregate(
  files: IndexFiles,
  collection: Collection,
  tenant: Tenant,
  request: AggregateRequest,
): Promise<Readonly<Record<string, AggregationResult>>> {
  const reads = readBy(collection, Object.values(request.aggregations));
  const read = reads === 'brief' ? briefValuesAt : valuesAt;
  const running = Object.entries(request.aggregations).map(
    ([name, aggregation]) => [name, accumulator(aggregation, read)] as const,
  );
  const scan = { ...toScan(collection, tenant, request), reads };
  for (const name of files.list(collection)) {
    for await (const hits of scanFile(files, name, scan, { order: 'desc' })) {
      for (const { time, body } of hits) {
        for (const [, each] of running) each.add(time, body);
      }
    }
  }
  return Object.fromEntries(running.map(([name, each]) => [name, each.result()]));
}

function readBy(collection: Collection, aggregations: readonly Aggregation[]): Scan['reads'] {
  const fields = aggregations.flatMap((each) => ('field' in each ? [each.field] : []));
  if (fields.length === 0) return 'nothing';
  return fields.every((field) => isFieldInBrief(collection, field)) ? 'brief' : 'document';
}
