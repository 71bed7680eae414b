import { memo } from 'react';
import type { DiffMode } from '@/artifacts/kind';
import { cn } from '@/components/ui/class-names';
import { type DiffPart, truncateMiddle } from '@/lib/client/documents/diff/diff-words';
import type { DiffLine } from '@/lib/client/documents/diff/types';
import { formatCount } from '@/lib/shared/format-count';

const CHANGE_SIGNS = { same: '', changed: '~', removed: '−', added: '+' };
const CHANGE_NAMES = { same: '', changed: 'Changed', removed: 'Removed', added: 'Added' };
const ROW_CLASSES = {
  same: '',
  changed: 'bg-muted/60',
  removed: 'bg-destructive/10',
  added: 'bg-live/12',
};

type DiffRowProps = {
  line: DiffLine;
  mode: DiffMode;
  /** Whether it is the header row. */
  isHeader?: boolean;
};

/** A line of the diff. A changed line of code renders as two: removed and added. */
export const DiffRow = memo(function DiffRow(props: DiffRowProps) {
  const { line, mode } = props;
  if (mode === 'source' && line.change === 'changed') {
    return (
      <>
        <Row line={onlySide(line, 'removed')} mode={mode} />
        <Row line={onlySide(line, 'added')} mode={mode} />
      </>
    );
  }
  return <Row {...props} />;
});

/** One side of a changed line: the unchanged parts and those of that side. */
function onlySide(line: DiffLine, change: 'removed' | 'added'): DiffLine {
  const cells = line.cells.map((parts) =>
    parts.filter((part) => part.change === 'same' || part.change === change),
  );
  return { ...line, change, cells };
}

function Row({ line, mode, isHeader = false }: DiffRowProps) {
  const Cell = isHeader ? 'th' : 'td';
  const { change, cells, before, after } = line;
  const lineNumber = change === 'removed' ? before : after;
  // As in the sheet view, the header row is not counted.
  const displayedNumber = mode === 'table' && lineNumber ? lineNumber - 1 || '' : lineNumber;
  return (
    <tr className={cn('align-baseline', ROW_CLASSES[change])}>
      <td className="min-w-12 select-none pr-2 pl-3 text-right text-muted-foreground text-xs tabular-nums">
        {displayedNumber}
      </td>
      <td className="min-w-6 select-none text-center font-mono text-muted-foreground text-sm">
        <span aria-hidden="true">{CHANGE_SIGNS[change]}</span>
        <span className="sr-only">{CHANGE_NAMES[change]}</span>
      </td>
      {cells.map((parts, index) => (
        <Cell
          // biome-ignore lint/suspicious/noArrayIndexKey: a diff never changes
          key={index}
          dir={mode === 'source' ? undefined : 'auto'}
          scope={isHeader ? 'col' : undefined}
          className={cn(
            'whitespace-pre-wrap py-0.5 pr-4 text-sm leading-relaxed',
            mode === 'source' && 'font-mono text-[0.8125rem]',
            mode === 'table' ? 'wrap-break-word min-w-16 max-w-80 border px-2' : 'wrap-anywhere',
            isHeader && 'bg-muted text-start font-medium',
          )}
        >
          {parts.map((part, partIndex) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a diff never changes
            <DiffPartText key={partIndex} part={part} />
          ))}
          {parts.length === 0 && '\u200b'}
        </Cell>
      ))}
    </tr>
  );
}

function DiffPartText({ part }: { part: DiffPart }) {
  const text = <TruncatedText text={part.text} />;
  if (part.change === 'removed') {
    return (
      <del className="rounded-xs bg-destructive/20 decoration-destructive-text decoration-1 forced-colors:border forced-colors:border-dashed">
        {text}
      </del>
    );
  }
  if (part.change === 'added') {
    return (
      <ins className="rounded-xs bg-live/25 underline decoration-1 forced-colors:border">
        {text}
      </ins>
    );
  }
  return text;
}

function TruncatedText({ text }: { text: string }) {
  const ends = truncateMiddle(text);
  if (!ends) return text;
  return (
    <>
      {ends.start}
      <span className="mx-1 inline-block select-none rounded-sm bg-muted px-1.5 font-sans text-muted-foreground text-xs">
        {formatCount(ends.hidden, 'character')} not shown
      </span>
      {ends.end}
    </>
  );
}
