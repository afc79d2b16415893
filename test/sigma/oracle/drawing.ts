/** Whole numbers below a bound, one after the other, of a sequence that a number fixes (Lehmer's generator). */
export function drawing(salt: number): (below: number) => number {
  let state = (salt % 2_147_483_646) + 1;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}
