/** Flags with which the launcher runs Node 24. */
export const nodeFlags: readonly string[];
