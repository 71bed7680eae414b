'use client';

import { useMemo, useState } from 'react';
import type { Comparison } from '@/components/artifact/diff/compare';
import { DiffRow } from '@/components/artifact/diff/diff-row';
import { countChanges, fold, type Stretch } from '@/components/artifact/diff/fold';
import { useComparison } from '@/components/artifact/diff/use-comparison';
import { Button } from '@/components/ui/button';
import { Spinner } from '@/components/ui/spinner';
import type { ArtifactKind } from '@/lib/protocol/events';

/** Lines, and cells, that are drawn at a time; more of them on demand. */
const PAGE = 500;
const MAX_CELLS = 5_000;

type DiffViewProps = {
  before: string;
  after: string;
  kind: ArtifactKind;
  /** Which versions they are. */
  what: string;
};

/** What changed from one version of a document to another. */
export default function DiffView({ before, after, kind, what }: DiffViewProps) {
  const result = useComparison(before, after, kind);
  if (result === 'comparing') {
    return <Spinner label="Comparing the two versions" className="m-5" />;
  }
  if (result === 'failed') {
    return (
      <p role="alert" className="p-5 text-sm">
        The two versions could not be compared. Look at each of them instead.
      </p>
    );
  }
  return <Result comparison={result} kind={kind} what={what} />;
}

type ResultProps = Pick<DiffViewProps, 'kind' | 'what'> & { comparison: Comparison };

function Result({ comparison, kind, what }: ResultProps) {
  const { lines } = comparison;
  const isTable = kind === 'sheet';
  const stretches = useMemo(() => fold(isTable ? lines.slice(1) : lines), [lines, isTable]);
  const summary = useMemo(() => summarise(comparison, kind), [comparison, kind]);
  return (
    <section
      aria-label="Changes"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className="min-h-0 flex-1 overflow-auto overscroll-contain -outline-offset-2"
    >
      <p className="sticky left-0 px-5 py-3 text-muted-foreground text-sm">
        {what}: {summary}
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
            <DiffRow line={lines[0]} kind={kind} heading />
          </thead>
        )}
        {stretches.map((stretch, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a comparison never changes
          <StretchRows key={index} stretch={stretch} kind={kind} />
        ))}
      </table>
    </section>
  );
}

function StretchRows({ stretch, kind }: { stretch: Stretch; kind: ArtifactKind }) {
  const { lines, folded } = stretch;
  const columns = lines[0]?.cells.length || 1;
  const page = Math.min(PAGE, Math.ceil(MAX_CELLS / columns));
  const [shown, setShown] = useState(folded ? 0 : page);
  const left = lines.length - shown;
  const what = kind === 'sheet' ? 'rows' : 'lines';
  return (
    <tbody>
      {lines.slice(0, shown).map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a comparison never changes
        <DiffRow key={index} line={line} kind={kind} />
      ))}
      {left > 0 && (
        <tr>
          <td colSpan={2 + columns} className="border-y bg-muted/50 px-3">
            <Button
              variant="ghost"
              size="sm"
              className="sticky left-3"
              onClick={() => setShown(shown + page)}
            >
              {folded && shown === 0
                ? `${left.toLocaleString()} ${what} without changes`
                : `${left.toLocaleString()} more ${what}`}
            </Button>
          </td>
        </tr>
      )}
    </tbody>
  );
}

function summarise({ lines, coarse }: Comparison, kind: ArtifactKind): string {
  const counts = countChanges(lines);
  const [one, many] = kind === 'sheet' ? ['row', 'rows'] : ['line', 'lines'];
  const parts = (['changed', 'added', 'removed'] as const)
    .filter((change) => counts[change] > 0)
    .map((change) => {
      const count = counts[change];
      return `${count.toLocaleString()} ${count === 1 ? one : many} ${change}`;
    });
  if (parts.length === 0) return 'no difference.';
  const sentence = `${parts.join(', ')}.`;
  return coarse
    ? `${sentence} The versions differ so much that they were compared only roughly.`
    : sentence;
}
