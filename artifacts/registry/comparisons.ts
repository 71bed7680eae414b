import type { DiffMode } from '@/artifacts/kind';
import { compareSheets } from '@/artifacts/sheet/compare-sheets';
import type { VersionDiff } from '@/lib/client/documents/diff/types';

/**
 * Comparisons of two versions in another way than line by line. They return null for versions that
 * they cannot compare.
 */
export const COMPARISONS: Partial<
  Record<DiffMode, (before: string, after: string) => VersionDiff | null>
> = { table: compareSheets };
