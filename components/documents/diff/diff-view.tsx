'use client';

import { useMemo, useState } from 'react';
import type { DiffMode } from '@/artifacts/kind';
import { DiffRow } from '@/components/documents/diff/diff-row';
import { useVersionDiff } from '@/components/documents/diff/use-version-diff';
import { Button } from '@/components/ui/button';
import { Spinner } from '@/components/ui/spinner';
import {
  collapseUnchanged,
  countChanges,
  type LineGroup,
} from '@/lib/client/documents/diff/collapse-unchanged';
import type { VersionDiff } from '@/lib/client/documents/diff/types';
import { formatCount } from '@/lib/shared/format-count';

/** Lines and cells rendered per page; "more" renders the next page. */
const LINES_PER_PAGE = 500;
const MAX_CELLS_PER_PAGE = 5_000;

type DiffViewProps = {
  before: string;
  after: string;
  mode: DiffMode;
  /** A label of the two versions. */
  description: string;
};

/** The differences between two versions, computed in a worker. */
export default function DiffView({ before, after, mode, description }: DiffViewProps) {
  const result = useVersionDiff(before, after, mode);
  if (result === 'comparing') {
    return <Spinner label="Comparing the two versions" className="m-5" />;
  }
  if (result === 'failed') {
    return (
      <p role="alert" className="p-5 text-sm">
        Couldn’t compare the two versions. Open each of them instead.
      </p>
    );
  }
  return <DiffResult diff={result} mode={mode} description={description} />;
}

type DiffResultProps = Pick<DiffViewProps, 'mode' | 'description'> & { diff: VersionDiff };

function DiffResult({ diff, mode, description }: DiffResultProps) {
  const { lines } = diff;
  const isTable = mode === 'table';
  const groups = useMemo(
    () => collapseUnchanged(isTable ? lines.slice(1) : lines),
    [lines, isTable],
  );
  const summary = useMemo(() => summarize(diff, mode), [diff, mode]);
  return (
    <section
      aria-label="Changes"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: scroll containers must be focusable by keyboard
      tabIndex={0}
      className="min-h-0 flex-1 overflow-auto overscroll-contain -outline-offset-2"
    >
      <p className="sticky left-0 px-5 py-3 text-muted-foreground text-sm">
        {description}: {summary}
      </p>
      <table className={isTable ? 'mr-5 mb-5' : 'mb-5 w-full table-fixed'}>
        <caption className="sr-only">
          What changed, {isTable ? 'row by row' : 'line by line'}
        </caption>
        {!isTable && (
          <colgroup>
            <col className="w-12" />
            <col className="w-6" />
            <col />
          </colgroup>
        )}
        {isTable && lines[0] && (
          <thead>
            <DiffRow line={lines[0]} mode={mode} isHeader />
          </thead>
        )}
        {groups.map((group, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a diff never changes
          <LineGroupRows key={index} group={group} mode={mode} />
        ))}
      </table>
    </section>
  );
}

function LineGroupRows({ group, mode }: { group: LineGroup; mode: DiffMode }) {
  const { lines, collapsed } = group;
  const columns = lines[0]?.cells.length || 1;
  const page = Math.min(LINES_PER_PAGE, Math.ceil(MAX_CELLS_PER_PAGE / columns));
  const [visibleCount, setVisibleCount] = useState(collapsed ? 0 : page);
  const remaining = lines.length - visibleCount;
  const noun = mode === 'table' ? 'row' : 'line';
  return (
    <tbody>
      {lines.slice(0, visibleCount).map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a diff never changes
        <DiffRow key={index} line={line} mode={mode} />
      ))}
      {remaining > 0 && (
        <tr>
          <td colSpan={2 + columns} className="border-y bg-muted/50 px-3">
            <Button
              variant="ghost"
              size="sm"
              className="sticky left-3"
              onClick={() => setVisibleCount(visibleCount + page)}
            >
              {collapsed && visibleCount === 0
                ? `${formatCount(remaining, noun)} without changes`
                : formatCount(remaining, `more ${noun}`)}
            </Button>
          </td>
        </tr>
      )}
    </tbody>
  );
}

function summarize({ lines, coarse }: VersionDiff, mode: DiffMode): string {
  const counts = countChanges(lines);
  const noun = mode === 'table' ? 'row' : 'line';
  const parts = (['changed', 'added', 'removed'] as const)
    .filter((change) => counts[change] > 0)
    .map((change) => `${formatCount(counts[change], noun)} ${change}`);
  if (parts.length === 0) return 'no difference.';
  const sentence = `${parts.join(', ')}.`;
  return coarse
    ? `${sentence} The versions differ so much that they were compared only roughly.`
    : sentence;
}
