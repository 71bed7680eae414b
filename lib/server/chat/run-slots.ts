import { AppError } from '@/lib/protocol/errors';
import { getConfig } from '@/lib/server/config';
import { KeyedCounter } from '@/lib/server/limits/keyed-counter';
import { releaseOnce } from '@/lib/server/limits/release-once';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

/** Limits the runs of this process, per IP address of the client and in total. */
export class RunSlots {
  private readonly byAddress = new KeyedCounter();
  private total = 0;

  /**
   * Acquires a run slot. Returns its release function, which is idempotent.
   * @throws AppError too_many_runs_for_network, server_busy
   */
  acquire(address: string, limits: { runsPerAddress: number; runsPerProcess: number }): () => void {
    if (this.byAddress.get(address) >= limits.runsPerAddress)
      throw new AppError('too_many_runs_for_network');
    if (this.total >= limits.runsPerProcess) throw new AppError('server_busy');
    this.byAddress.add(address, 1);
    this.total += 1;
    return releaseOnce(() => {
      this.byAddress.add(address, -1);
      this.total -= 1;
    });
  }
}

/** Acquires a run slot of this process; see RunSlots.acquire. */
export function acquireRunSlot(address: string): () => void {
  return processSingleton('runSlots', () => new RunSlots()).acquire(address, getConfig().limits);
}
