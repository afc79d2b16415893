import { expect } from 'chai';
import { deadLetter, ORIGINAL_CHARS_MAX } from '../../correlator/dead-letters.ts';

const letter = (original: string, reason = 'because') =>
  deadLetter({
    code: 'record_undecodable',
    reason,
    agency: 'soc',
    original,
    at: 1_795_000_000_000,
    subject: 'offset 7',
  });

describe('deadLetter', () => {
  it('is the same one whenever the same message is read', () => {
    expect(letter('x').id).to.equal(letter('x', 'another wording').id);
  });

  it(`keeps ${ORIGINAL_CHARS_MAX} characters of the original, and says when there were more`, () => {
    const whole = letter('x'.repeat(ORIGINAL_CHARS_MAX)).body;
    const cut = letter('x'.repeat(ORIGINAL_CHARS_MAX + 1)).body;
    expect(whole).to.have.nested.property('canh.truncated', false);
    expect(cut).to.have.nested.property('canh.truncated', true);
    expect((cut['event'] as { original: string }).original).to.have.lengthOf(ORIGINAL_CHARS_MAX);
  });
});
