/** The memory that bodies of requests take while they arrive, over all requests of this process. */
import { Counts } from '@/lib/counts';
import { AppError } from '@/lib/errors';
import { processSingleton } from '@/lib/process';

/** Bytes. Bodies are small and arrive at once; only many that are large and slow come near this. */
const MAX_BYTES = { address: 32_000_000, process: 256_000_000 };

export class BodyBudget {
  private readonly byAddress = new Counts();
  private total = 0;

  constructor(private readonly max: { address: number; process: number }) {}

  /** @throws AppError too_many_bodies where that would be too much, for the address or in all */
  take(address: string, bytes: number): void {
    const held = this.byAddress.of(address) + bytes;
    if (held > this.max.address || this.total + bytes > this.max.process) {
      throw new AppError('too_many_bodies');
    }
    this.byAddress.add(address, bytes);
    this.total += bytes;
  }

  giveBack(address: string, bytes: number): void {
    this.byAddress.add(address, -bytes);
    this.total -= bytes;
  }
}

/** The process's budget. */
export function bodyBudget(): BodyBudget {
  return processSingleton('bodyBudget', () => new BodyBudget(MAX_BYTES));
}
