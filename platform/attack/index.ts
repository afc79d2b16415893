import type { Technique } from '../alert.ts';
import table from './table.json' with { type: 'json' };

const tactics: Readonly<Record<string, readonly string[]>> = table.tactics;
const techniques: Readonly<Record<string, string>> = table.techniques;

/**
 * Tactics and techniques that a Sigma rule's tags name (`attack.credential-access`, `attack.t1110.001`), with their
 * ATT&CK ids and names. Tags that ATT&CK does not know are left out.
 */
export function attackOf(tags: readonly string[]): {
  readonly tactics: readonly Technique[];
  readonly techniques: readonly Technique[];
} {
  const found = { tactics: [] as Technique[], techniques: [] as Technique[] };
  for (const tag of tags) {
    if (!tag.startsWith('attack.')) continue;
    const word = tag.slice('attack.'.length).toLowerCase();
    const tactic = Object.hasOwn(tactics, word.replaceAll('_', '-'))
      ? tactics[word.replaceAll('_', '-')]
      : undefined;
    const id = word.toUpperCase();
    const name = Object.hasOwn(techniques, id) ? techniques[id] : undefined;
    if (tactic?.[0] !== undefined && tactic[1] !== undefined)
      found.tactics.push({ id: tactic[0], name: tactic[1] });
    else if (name !== undefined) found.techniques.push({ id, name });
  }
  return found;
}
