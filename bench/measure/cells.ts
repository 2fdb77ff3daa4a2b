import type { Traffic } from '../load/job.js';

/** One row of the throughput table. */
export interface Cell extends Traffic {
  readonly id: string;
  readonly title: string;
}

const KIB = 1024;

export const cells: readonly Cell[] = [
  cell('16B-p1', '16 B', 16, 50, 1),
  cell('125B-p1', '125 B', 125, 50, 1),
  cell('16B-p16', '16 B', 16, 50, 16),
  cell('125B-p16', '125 B', 125, 50, 16),
  cell('1K-p16', '1 KiB', KIB, 50, 16),
  cell('16K-p1', '16 KiB', 16 * KIB, 50, 1),
  cell('1M-p1', '1 MiB', KIB * KIB, 4, 1),
];

export function cellOf(id: string): Cell {
  return cells.find((candidate) => candidate.id === id)!;
}

function cell(
  id: string,
  size: string,
  payloadBytes: number,
  connections: number,
  inFlight: number,
): Cell {
  const title = `${size}, ${connections}, p${inFlight}`;
  return { id, title, payloadBytes, connections, inFlight };
}
