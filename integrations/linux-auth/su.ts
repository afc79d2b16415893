import { authentication, type Facts, type ReadFacts } from './facts.ts';

/** Reads su of util-linux (`(to root) an on pts/0`) and of shadow (`Successful su for root by an`, `+ pts/0 an:root`). */
export const readSu: ReadFacts = (message) => {
  const util = /^(FAILED SU )?\(to (\S{1,256})\) (\S{1,256}) on (\S{1,64})$/.exec(message);
  if (util !== null) return switched(util[1] === undefined, { from: util[3], to: util[2], tty: util[4] });
  const shadow = /^(Successful|FAILED) su for (\S{1,256}) by (\S{1,256})$/.exec(message);
  if (shadow !== null) return switched(shadow[1] === 'Successful', { from: shadow[3], to: shadow[2] });
  const short = /^([+-]) (\S{1,64}) ([^\s:]{1,256}):(\S{1,256})$/.exec(message);
  if (short !== null) return switched(short[1] === '+', { from: short[3], to: short[4], tty: short[2] });
  return undefined;
};

function switched(
  succeeded: boolean,
  {
    from,
    to,
    tty,
  }: {
    readonly from: string | undefined;
    readonly to: string | undefined;
    readonly tty?: string | undefined;
  },
): Facts {
  return {
    ...authentication,
    action: 'su',
    outcome: succeeded ? 'success' : 'failure',
    user: from ?? '',
    effectiveUser: to ?? '',
    native: tty === undefined ? {} : { TTY: tty },
  };
}
