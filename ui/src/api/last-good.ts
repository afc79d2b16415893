import { useEffect, useState } from 'react';

/** The data, or what there was before a failure: an error never takes the rows off the screen. */
export function useLastGood<T>(data: T | undefined): T | undefined {
  const [kept, setKept] = useState(data);
  useEffect(() => {
    if (data !== undefined) setKept(data);
  }, [data]);
  return data ?? kept;
}
