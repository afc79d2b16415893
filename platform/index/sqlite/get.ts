import type { Collection, StoredDocument, Tenant } from '../port.ts';
import type { IndexFiles } from './files.ts';

/** Documents by id that `tenant` may see, in the order of `ids`. */
export function get(
  files: IndexFiles,
  collection: Collection,
  tenant: Tenant,
  ids: readonly string[],
): readonly (StoredDocument | undefined)[] {
  const byFile = Map.groupBy(ids, (id) => files.nameOf(collection, id));
  const found = new Map<string, StoredDocument>();
  for (const [name, wanted] of byFile) {
    const table = name === undefined ? undefined : files.find(name, collection);
    for (const document of table?.get(wanted) ?? []) {
      if (tenant.kind === 'soc' || document.agency === tenant.agency) found.set(document.id, document);
    }
  }
  return ids.map((id) => found.get(id));
}
