'use client';

import { useMemo, useState } from 'react';
import type { ComparedAs } from '@/artifacts/kind';
import type { Comparison } from '@/components/artifact/diff/compare';
import { DiffRow } from '@/components/artifact/diff/diff-row';
import { countChanges, fold, type Stretch } from '@/components/artifact/diff/fold';
import { useComparison } from '@/components/artifact/diff/use-comparison';
import { Button } from '@/components/ui/button';
import { Spinner } from '@/components/ui/spinner';

/** Lines, and cells, that are drawn at a time; more of them on demand. */
const PAGE = 500;
const MAX_CELLS = 5_000;

type DiffViewProps = {
  before: string;
  after: string;
  as: ComparedAs;
  /** Which versions they are. */
  what: string;
};

/** What changed from one version of a document to another. */
export default function DiffView({ before, after, as, what }: DiffViewProps) {
  const result = useComparison(before, after, as);
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
  return <Result comparison={result} as={as} what={what} />;
}

type ResultProps = Pick<DiffViewProps, 'as' | 'what'> & { comparison: Comparison };

function Result({ comparison, as, what }: ResultProps) {
  const { lines } = comparison;
  const isTable = as === 'table';
  const stretches = useMemo(() => fold(isTable ? lines.slice(1) : lines), [lines, isTable]);
  const summary = useMemo(() => summarise(comparison, as), [comparison, as]);
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
            <DiffRow line={lines[0]} as={as} heading />
          </thead>
        )}
        {stretches.map((stretch, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a comparison never changes
          <StretchRows key={index} stretch={stretch} as={as} />
        ))}
      </table>
    </section>
  );
}

function StretchRows({ stretch, as }: { stretch: Stretch; as: ComparedAs }) {
  const { lines, folded } = stretch;
  const columns = lines[0]?.cells.length || 1;
  const page = Math.min(PAGE, Math.ceil(MAX_CELLS / columns));
  const [shown, setShown] = useState(folded ? 0 : page);
  const left = lines.length - shown;
  const what = as === 'table' ? 'rows' : 'lines';
  return (
    <tbody>
      {lines.slice(0, shown).map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a comparison never changes
        <DiffRow key={index} line={line} as={as} />
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

function summarise({ lines, coarse }: Comparison, as: ComparedAs): string {
  const counts = countChanges(lines);
  const [one, many] = as === 'table' ? ['row', 'rows'] : ['line', 'lines'];
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
