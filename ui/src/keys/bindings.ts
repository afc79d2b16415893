/** Keys as tinykeys writes them, and what they do. */
export type Bindings = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/**
 * One map out of those of all parts of the screen: the latest part wins, and sequences (`g a`) come before single keys,
 * so that the end of a sequence is not taken for a key of its own.
 */
export function mergeBindings(parts: readonly Bindings[]): Bindings {
  const merged: Record<string, (event: KeyboardEvent) => void> = {};
  for (const part of parts) Object.assign(merged, part);
  const entries = Object.entries(merged).sort(([a], [b]) => b.split(' ').length - a.split(' ').length);
  return Object.fromEntries(entries);
}

/** Elements in which letters are text, or keys belong to the element itself. */
export const ownKeys =
  'input, textarea, select, [contenteditable], [role="dialog"], [role="menu"], [role="slider"], [role="tablist"]';
