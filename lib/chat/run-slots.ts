import { getConfig } from '@/lib/config';
import { AppError } from '@/lib/errors';
import { processSingleton } from '@/lib/process';

/** Counts the answers being made in this process, by the address that asked for them. */
export class RunSlots {
  private readonly byAddress = new Map<string, number>();
  private total = 0;

  /**
   * Takes a place for one answer. Returns what gives it back.
   * @throws AppError too_many_runs_here, server_busy
   */
  take(address: string, limits: { runsPerAddress: number; runsPerProcess: number }): () => void {
    const count = this.byAddress.get(address) ?? 0;
    if (count >= limits.runsPerAddress) throw new AppError('too_many_runs_here');
    if (this.total >= limits.runsPerProcess) throw new AppError('server_busy');
    this.byAddress.set(address, count + 1);
    this.total += 1;
    return () => {
      const left = (this.byAddress.get(address) ?? 1) - 1;
      if (left > 0) this.byAddress.set(address, left);
      else this.byAddress.delete(address);
      this.total -= 1;
    };
  }
}

/** A place for an answer in this process; see RunSlots.take. */
export function takeRunSlot(address: string): () => void {
  return processSingleton('runSlots', () => new RunSlots()).take(address, getConfig().limits);
}
