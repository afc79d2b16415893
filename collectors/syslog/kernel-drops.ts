/**
 * Datagrams that the kernel dropped because the receive buffer of a local port was full: the last column of
 * `/proc/net/udp` or `/proc/net/udp6`, summed over the sockets of the port. 0 where the port is not listed.
 */
export function kernelDrops(table: string, port: number): number {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  let drops = 0;
  for (const row of table.split('\n').slice(1)) {
    const columns = row.trim().split(/ +/);
    if (columns[1]?.endsWith(`:${hex}`) === true) drops += Number(columns.at(-1)) || 0;
  }
  return drops;
}
