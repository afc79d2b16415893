/** A source of unpredictable bytes, passed in so that a test can fix it. */
export type Random = (bytes: number) => Uint8Array;
