import { logsources } from '../integrations/index.ts';
import {
  applyPipelines,
  keepPlaceholders,
  linkDocuments,
  parseDocuments,
  type LinkedRules,
  type Placeholders,
  type RuleSet,
  type SigmaDocument,
} from '../sigma/index.ts';
import { cacheKey, openRuleCache, type CacheEntry } from './rule-cache.ts';
import { readRuleFile, ruleFiles } from './rule-files.ts';
import { readPipelines, type Pipelines } from './rule-pipelines.ts';

/** Fewer files are read sooner than a cache is looked up. */
const CACHE_FILES_MIN = 32;

export interface LoadOptions {
  /** Values for `%name%` under the modifier `expand`. */
  readonly placeholders?: Placeholders | undefined;
  /** Files of processing pipelines that every rule goes through. */
  readonly pipelines?: readonly string[] | undefined;
  /** Directory of this user's own, for what rule files were read as; left out: nothing is kept. */
  readonly cache?: string | undefined;
  /** Whether rules that no integration's events can match are taken: where events come without an integration. */
  readonly anyLogsource?: boolean | undefined;
}

/** The rules, correlations and filters of all files, linked into one set. */
export interface LoadedRules extends LinkedRules {
  /** Rules and correlations alone, as engine and correlator take them. */
  readonly ruleSet: RuleSet;
  /** Filter documents without a fault of their own. */
  readonly filters: number;
  readonly files: number;
}

/**
 * Reads every rule under the given files and directories (`*.yml`, `*.yaml`; not the tests beside them). A bad rule is a
 * problem with file and line and stops no other. Throws `file_unreadable` for a path that is not there, and what
 * `readPipelines` throws.
 */
export function loadRules(paths: readonly string[], options: LoadOptions = {}): LoadedRules {
  return createRuleLoader(options).load(paths);
}

/** Loads rules again and again, and reads only what changed. */
export interface RuleLoader {
  /** As `loadRules`; the rule of a file that did not change is the same object as before, unless a filter changed it. */
  load(paths: readonly string[]): LoadedRules;
}

export function createRuleLoader(options: LoadOptions = {}): RuleLoader {
  let known: ReadonlyMap<string, CacheEntry> | undefined;
  return {
    load: (paths) => {
      const pipelines = readPipelines(options.pipelines ?? []);
      const settings = settingsOf(options, pipelines);
      const files = paths.flatMap(ruleFiles);
      const cache =
        options.cache === undefined || files.length < CACHE_FILES_MIN || known !== undefined
          ? undefined
          : openRuleCache(options.cache, JSON.stringify([paths, settings]));
      const entries = new Map<string, CacheEntry>();
      const ordered = files.map((file) => {
        const text = readRuleFile(file);
        const key = cacheKey(file, text);
        const documents = known?.get(key)?.documents ?? cache?.get(key) ?? parse(file, text, settings);
        const entry = { key, documents };
        entries.set(key, entry);
        return entry;
      });
      cache?.keep([...entries.values()]);
      known = entries;
      const documents = ordered.flatMap((entry) => entry.documents);
      const linked = linkDocuments(documents);
      const result = pipelines.pipelines.length === 0 ? linked : piped(linked, pipelines, options);
      const { rules, correlations, quiet } = result;
      return {
        ...result,
        ruleSet: { rules, correlations, quiet },
        filters: documents.filter(({ kind }) => kind === 'filter').length,
        files: files.length,
      };
    },
  };
}

/** What a file is read with; the same for all files. */
interface Settings {
  readonly placeholders: Placeholders;
  /** Pipelines come later, which settle placeholders and logsources. */
  readonly beforePipelines: boolean;
  readonly logsources: typeof logsources | undefined;
}

function settingsOf({ placeholders = {}, anyLogsource }: LoadOptions, { pipelines }: Pipelines): Settings {
  const beforePipelines = pipelines.length > 0;
  return {
    placeholders,
    beforePipelines,
    logsources: beforePipelines || anyLogsource === true ? undefined : logsources,
  };
}

function parse(file: string, text: string, settings: Settings): readonly SigmaDocument[] {
  const { placeholders, beforePipelines, logsources: known } = settings;
  return parseDocuments(text, {
    file,
    placeholders: beforePipelines ? keepPlaceholders(text, placeholders) : placeholders,
    ...(known === undefined ? {} : { logsources: known }),
  });
}

function piped(
  linked: LinkedRules,
  read: Pipelines,
  { placeholders, anyLogsource }: LoadOptions,
): LinkedRules {
  const { problems, ...applied } = applyPipelines(read.pipelines, linked, {
    files: read.files,
    ...(placeholders === undefined ? {} : { placeholders }),
    ...(anyLogsource === true ? {} : { logsources }),
  });
  return { ...applied, problems: [...read.problems, ...linked.problems, ...problems] };
}
