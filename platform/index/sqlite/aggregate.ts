import { accumulator } from '../accumulate.ts';
import type { AggregateRequest, AggregationResult, Collection, Tenant } from '../port.ts';
import type { IndexFiles } from './files.ts';
import { scanFile, toScan } from './scan.ts';

/** Aggregations over all files of a collection, in one pass. Throws `request_invalid`, `index_unknown_field`. */
export async function aggregate(
  files: IndexFiles,
  collection: Collection,
  tenant: Tenant,
  request: AggregateRequest,
): Promise<Readonly<Record<string, AggregationResult>>> {
  const running = Object.entries(request.aggregations).map(
    ([name, aggregation]) => [name, accumulator(aggregation)] as const,
  );
  const bodies = running.some(([, { readsBody }]) => readsBody);
  const scan = { ...toScan(collection, tenant, request), bodies };
  for (const name of files.list(collection)) {
    for await (const hits of scanFile(files, name, scan, { order: 'desc' })) {
      for (const { time, document } of hits) {
        for (const [, each] of running) each.add(time, document?.body);
      }
    }
  }
  return Object.fromEntries(running.map(([name, each]) => [name, each.result()]));
}
