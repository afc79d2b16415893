import { describeAggregating } from './index/aggregating.ts';
import type { OpenedIndex, Subject } from './index/documents.ts';
import { describeEquality } from './index/equality.ts';
import { describeSearching } from './index/searching.ts';
import { describeTenants } from './index/tenants.ts';
import { describeWriting } from './index/writing.ts';

export type { OpenedIndex };

/** The table that every implementation of the index port passes. `open` makes an empty index. */
export function indexContract(name: string, open: () => Promise<OpenedIndex>): void {
  describe(`index contract: ${name}`, () => {
    const subject = {} as Subject;
    beforeEach(async () => {
      subject.current = await open();
    });
    afterEach(async () => {
      await subject.current.remove();
    });

    describeWriting(subject);
    describeSearching(subject);
    describeAggregating(subject);
    describeTenants(subject);
    describeEquality(subject);
  });
}
