import { AppError } from '@/lib/protocol/errors';
import { getConfig } from '@/lib/server/config';
import { KeyedCounter } from '@/lib/server/limits/keyed-counter';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

/** Counts the answers being made in this process, by the address that asked for them. */
export class RunSlots {
  private readonly byAddress = new KeyedCounter();
  private total = 0;

  /**
   * Takes a place for one answer. Returns what gives it back.
   * @throws AppError too_many_runs_here, server_busy
   */
  acquire(address: string, limits: { runsPerAddress: number; runsPerProcess: number }): () => void {
    if (this.byAddress.get(address) >= limits.runsPerAddress)
      throw new AppError('too_many_runs_here');
    if (this.total >= limits.runsPerProcess) throw new AppError('server_busy');
    this.byAddress.add(address, 1);
    this.total += 1;
    return () => {
      this.byAddress.add(address, -1);
      this.total -= 1;
    };
  }
}

/** A place for an answer in this process; see RunSlots.take. */
export function acquireRunSlot(address: string): () => void {
  return processSingleton('runSlots', () => new RunSlots()).acquire(address, getConfig().limits);
}
