import { expect } from 'chai';
import type { EventRef, Signal } from '../../../sigma/correlate/contract.ts';

/**
 * Checks what holds of the signals of every run that has come to its end: each alert begins with `fired`, is numbered
 * without a gap, and ends exactly once, a duplicate in an alert that had fired and is no duplicate itself.
 */
export function checkProtocol(signals: readonly Signal[]): void {
  const episodes = new Map<string, Signal[]>();
  for (const signal of signals) {
    const name = nameOf(signal, signal.trigger);
    const episode = episodes.get(name);
    if (episode === undefined) episodes.set(name, [signal]);
    else episode.push(signal);
  }
  for (const [name, episode] of episodes) {
    expect(
      episode.map(({ revision }) => revision),
      name,
    ).to.deep.equal(episode.map((_, index) => index + 1));
    expect(kindsOf(episode), name).to.match(
      aloneTooLate(episode) ? /^fired$/ : /^fired( updated)* (final|duplicate)$/,
    );
    for (const signal of episode) checkSignal(signal, name);
    checkGrowth(episode, name);
    const { kind, of } = episode.at(-1) ?? {};
    if (kind !== 'duplicate') continue;
    const original = episodes.get(nameOf(episode[0] as Signal, of));
    expect(original?.at(-1)?.kind, `what ${name} is a duplicate of`).to.equal('final');
  }
}

/** One event can stand for two episodes: by itself, and as what made an inner correlation fire at another time. */
function nameOf({ hash, groupKey }: Signal, trigger: EventRef | undefined): string {
  return JSON.stringify([hash, groupKey, trigger?.id, trigger?.time]);
}

/** What a match that came too late completes is told once, and nothing after it. */
function aloneTooLate(episode: readonly Signal[]): boolean {
  return episode.length === 1 && episode.every(({ late, lowerBound }) => late && lowerBound);
}

function kindsOf(episode: readonly Signal[]): string {
  return episode.map(({ kind }) => kind).join(' ');
}

function checkSignal(signal: Signal, name: string): void {
  const { kind, count, constituents, first, last, group, correlation, agency } = signal;
  // A negative number that comes late can leave nothing of a sum.
  if (kind !== 'final' || correlation.type !== 'value_sum')
    expect(signal.final !== undefined, `final of ${name}`).to.equal(kind === 'final');
  expect(signal.of !== undefined, `of of ${name}`).to.equal(kind === 'duplicate');
  expect(constituents.length, name).to.equal(Math.min(count, 100));
  expect(first, name).to.be.at.most(last);
  expect(constituents[0]?.event.time, name).to.equal(first);
  expect(agency === '', name).to.equal(correlation.scope === 'city');
  expect(group.map(({ field }) => field)).to.deep.equal(correlation.groupBy);
  const times = constituents.map(({ event }) => event.time);
  expect(times, name).to.deep.equal(times.toSorted((a, b) => a - b));
}

/** An update is told when the matches have doubled, not before. */
function checkGrowth(episode: readonly Signal[], name: string): void {
  for (const [index, signal] of episode.entries()) {
    if (signal.kind !== 'updated') continue;
    expect(signal.count, `updated ${name}`).to.be.at.least(2 * (episode[index - 1]?.count ?? 0));
  }
}
