/** The numbers of a slot stand together, since they are read together. */
export const slabInts = 5;
/** The newest match to arrive, and how many there are. */
export const tailAt = 0;
export const countAt = 1;
/** How many matches may come before the group is looked at. */
export const untilAt = 2;
/** Flags and the bucket of the snapshot. */
export const flagsAt = 3;
/** Where its key stands. */
export const keyAt = 4;
