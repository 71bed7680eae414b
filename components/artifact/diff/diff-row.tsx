import { memo } from 'react';
import type { ComparedAs } from '@/artifacts/kind';
import type { DiffLine } from '@/components/artifact/diff/compare';
import { endsOf, type Piece } from '@/components/artifact/diff/words';
import { cn } from '@/lib/client/utils';

const SIGNS = { same: '', changed: '~', removed: '−', added: '+' };
const NAMES = { same: '', changed: 'Changed', removed: 'Removed', added: 'Added' };
const ROWS = {
  same: '',
  changed: 'bg-muted/60',
  removed: 'bg-destructive/10',
  added: 'bg-live/12',
};

type DiffRowProps = {
  line: DiffLine;
  as: ComparedAs;
  /** Whether it names the columns. */
  heading?: boolean;
};

/** A line of the comparison. A changed line of a program is two: as it was, and as it is. */
export const DiffRow = memo(function DiffRow(props: DiffRowProps) {
  const { line, as } = props;
  if (as === 'code' && line.change === 'changed') {
    return (
      <>
        <Row line={only(line, 'removed')} as={as} />
        <Row line={only(line, 'added')} as={as} />
      </>
    );
  }
  return <Row {...props} />;
});

/** The side of a changed line: what stayed, and what only that side has. */
function only(line: DiffLine, change: 'removed' | 'added'): DiffLine {
  const cells = line.cells.map((pieces) =>
    pieces.filter((piece) => piece.change === 'same' || piece.change === change),
  );
  return { ...line, change, cells };
}

function Row({ line, as, heading = false }: DiffRowProps) {
  const Cell = heading ? 'th' : 'td';
  const { change, cells, before, after } = line;
  const counted = change === 'removed' ? before : after;
  // As the table counts its rows: below the one that names the columns.
  const number = as === 'table' && counted ? counted - 1 || '' : counted;
  return (
    <tr className={cn('align-baseline', ROWS[change])}>
      <td className="min-w-12 select-none pr-2 pl-3 text-right text-muted-foreground text-xs tabular-nums">
        {number}
      </td>
      <td className="min-w-6 select-none text-center font-mono text-muted-foreground text-sm">
        <span aria-hidden="true">{SIGNS[change]}</span>
        <span className="sr-only">{NAMES[change]}</span>
      </td>
      {cells.map((pieces, index) => (
        <Cell
          // biome-ignore lint/suspicious/noArrayIndexKey: a comparison never changes
          key={index}
          dir={as === 'code' ? undefined : 'auto'}
          scope={heading ? 'col' : undefined}
          className={cn(
            'whitespace-pre-wrap py-0.5 pr-4 text-sm leading-relaxed',
            as === 'code' && 'font-mono text-[0.8125rem]',
            as === 'table' ? 'wrap-break-word min-w-16 max-w-80 border px-2' : 'wrap-anywhere',
            heading && 'bg-muted text-start font-medium',
          )}
        >
          {pieces.map((piece, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a comparison never changes
            <PieceText key={at} piece={piece} />
          ))}
          {pieces.length === 0 && '\u200b'}
        </Cell>
      ))}
    </tr>
  );
}

function PieceText({ piece }: { piece: Piece }) {
  const text = <Shortened text={piece.text} />;
  if (piece.change === 'removed') {
    return (
      <del className="rounded-xs bg-destructive/20 decoration-destructive-text decoration-1 forced-colors:border forced-colors:border-dashed">
        {text}
      </del>
    );
  }
  if (piece.change === 'added') {
    return (
      <ins className="rounded-xs bg-live/25 underline decoration-1 forced-colors:border">
        {text}
      </ins>
    );
  }
  return text;
}

function Shortened({ text }: { text: string }) {
  const ends = endsOf(text);
  if (!ends) return text;
  return (
    <>
      {ends.start}
      <span className="mx-1 inline-block select-none rounded-sm bg-muted px-1.5 font-sans text-muted-foreground text-xs">
        {ends.hidden.toLocaleString()} characters not shown
      </span>
      {ends.end}
    </>
  );
}
