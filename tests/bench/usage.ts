/** CPU time and memory of processes from Linux's /proc. On other systems all values are NaN. */
import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

/** CPU seconds of a process, including all its threads. */
export function cpuOf(pid: number): number {
  const fields = statOf(pid);
  return fields ? (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND : Number.NaN;
}

/** CPU seconds of a process and of its children, both running and ended ones. */
export function cpuOfProcessTree(pid: number): number {
  const fields = statOf(pid);
  if (!fields) return Number.NaN;
  const ownTicks = [11, 12, 13, 14].reduce((ticks, i) => ticks + Number(fields[i]), 0);
  return (
    ownTicks / TICKS_PER_SECOND + childrenOf(pid).reduce((total, child) => total + cpuOf(child), 0)
  );
}

/** Peak resident memory of a process, in MB. */
export function peakMemoryOf(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1000;
  } catch {
    return Number.NaN;
  }
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => Number(statOf(pid)?.[1]) === parent);
}

/** Fields of /proc/<pid>/stat, starting with the third, the state; null if not readable. */
function statOf(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}
