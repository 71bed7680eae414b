import { randomUUID } from 'node:crypto';
import { type SQL, sql } from 'drizzle-orm';

/** Ids of rows to copy and those of their copies, at the same index. */
export type IdMap = { oldIds: string[]; newIds: string[] };

export function createIdMap(oldIds: string[]): IdMap {
  return { oldIds, newIds: oldIds.map(() => randomUUID()) };
}

/** The map as an SQL table expression with the columns `old_id`, `new_id` and `position`. */
export function idMapTable({ oldIds, newIds }: IdMap, name: string): SQL {
  const [before, after] = [sql.param(oldIds), sql.param(newIds)];
  return sql`unnest(${before}::uuid[], ${after}::uuid[]) with ordinality
    as ${sql.raw(name)} (old_id, new_id, position)`;
}
