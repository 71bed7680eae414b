import { sql } from '@/lib/server/db/client';

type Frame = { writer: { runId: string; epoch: number }; seq: number; data: string };

/**
 * Inserts the frames whose writers still own their runs.
 * @returns the ids of the other runs: taken over by another process, closed or deleted
 */
export async function insertFrames(batch: readonly Frame[]): Promise<Set<string>> {
  const writers = [...new Set(batch.map(({ writer }) => writer))];
  const runIds = writers.map(({ runId }) => runId);
  // The lock (`for share`) waits for a take-over or deletion that is being committed, and then
  // rereads the row. A batch whose connection was lost may have been committed, so inserting the
  // same rows again must not fail (`on conflict do nothing`).
  const lostRuns = await sql()<Array<{ id: string }>>`
    with owned as materialized (
      select id, epoch from run
      where id = any(${runIds}::uuid[]) and status = 'running' for share
    ), inserted as (
      insert into run_log (run_id, epoch, seq, data)
      select frame.* from unnest(
        ${batch.map(({ writer }) => writer.runId)}::uuid[],
        ${batch.map(({ writer }) => writer.epoch)}::int[],
        ${batch.map(({ seq }) => seq)}::int[],
        ${batch.map(({ data }) => data)}::text[]) as frame(run_id, epoch, seq, data)
      join owned on owned.id = frame.run_id and owned.epoch = frame.epoch
      on conflict do nothing
    )
    select id from unnest(${runIds}::uuid[], ${writers.map(({ epoch }) => epoch)}::int[])
      as writer(id, epoch)
    where (id, epoch) not in (select id, epoch from owned)`;
  return new Set(lostRuns.map(({ id }) => id));
}
