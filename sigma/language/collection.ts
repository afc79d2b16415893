import {
  entryOf,
  nodesMax,
  type SourceDocument,
  type SourceEntry,
  type SourceMap,
  type SourceNode,
} from './source.ts';

const actions: readonly string[] = ['global', 'reset', 'repeat'];

/**
 * Puts the documents of a legacy collection together, as pySigma does: what `action: global` says is added to every
 * rule behind it, until the next one or `action: reset`; `action: repeat` is the rule before it with changes. Maps are
 * merged at every depth; where both say something, a global wins over a rule and a repetition over what it repeats.
 * Correlations and filters stay as they are. Everything keeps its place in the text.
 */
export function joinCollections(documents: readonly SourceDocument[]): readonly SourceDocument[] {
  // Most files are no collection.
  if (!documents.some(({ root }) => root?.kind === 'map' && entryOf(root, 'action') !== undefined))
    return documents;
  return new Collection().join(documents);
}

class Collection {
  #global: SourceMap | undefined;
  #previous: SourceMap | undefined;
  #nodes = 0;

  join(documents: readonly SourceDocument[]): readonly SourceDocument[] {
    return documents.flatMap((document) => {
      const { root, problems } = document;
      if (root?.kind !== 'map') return [document];
      const action = entryOf(root, 'action');
      if (action === undefined) return [this.#rule(document, root)];
      const found = this.#act(document, { action, content: without(root, action) });
      // What only serves other documents is no document, unless something is wrong with it.
      return found === undefined ? (problems.refused ? [{ root: undefined, problems }] : []) : [found];
    });
  }

  #rule(document: SourceDocument, root: SourceMap): SourceDocument {
    if (entryOf(root, 'correlation') !== undefined || entryOf(root, 'filter') !== undefined) return document;
    return this.#merged(document, root, this.#global);
  }

  #act(
    document: SourceDocument,
    { action, content }: { readonly action: SourceEntry; readonly content: SourceMap },
  ): SourceDocument | undefined {
    const name = action.value.kind === 'scalar' ? action.value.text : '';
    switch (name) {
      case 'global':
        this.#global = content;
        this.#previous = content;
        return undefined;
      case 'reset':
        this.#global = undefined;
        return undefined;
      case 'repeat': {
        const { root, ...rest } = this.#merged(document, this.#previous ?? content, content);
        return { ...rest, root: root?.kind === 'map' ? { ...root, offset: content.offset } : root };
      }
      default:
        document.problems.add('action_invalid', action.value.offset, {
          detail: name.slice(0, 80),
          suggestion: document.problems.nearest(name, actions),
        });
        return undefined;
    }
  }

  /** The document with more in it; that what is shared is not multiplied without end, its values are counted. */
  #merged({ problems }: SourceDocument, base: SourceMap, changes: SourceMap | undefined): SourceDocument {
    this.#nodes += valuesIn(base) + (changes === undefined ? 0 : valuesIn(changes));
    if (this.#nodes > nodesMax) {
      problems.add('source_too_large', base.offset, { detail: `at most ${nodesMax} values in a collection` });
      return { root: undefined, problems };
    }
    this.#previous = changes === undefined ? base : merge(base, changes);
    return { root: this.#previous, problems };
  }
}

function without(map: SourceMap, entry: SourceEntry): SourceMap {
  return { ...map, entries: map.entries.filter((one) => one !== entry) };
}

function merge(base: SourceMap, changes: SourceMap): SourceMap {
  const entries = new Map(base.entries.map((entry) => [entry.key, entry]));
  for (const change of changes.entries) {
    const value = entries.get(change.key)?.value;
    const both = value?.kind === 'map' && change.value.kind === 'map';
    entries.set(change.key, both ? { ...change, value: merge(value, change.value) } : change);
  }
  return { ...base, entries: [...entries.values()] };
}

/** Values at every depth, the outermost one among them. */
function valuesIn(node: SourceNode): number {
  switch (node.kind) {
    case 'scalar':
      return 1;
    case 'list':
      return node.items.reduce((sum, item) => sum + valuesIn(item), 1);
    case 'map':
      return node.entries.reduce((sum, { value }) => sum + valuesIn(value), 1);
  }
}
