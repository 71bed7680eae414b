'use client';

/** Renders Markdown tables. */
import { createElement, memo } from 'react';
import { Table } from '@/components/markdown/elements';
import { NODES_PER_GROUP, type NodeOf, type NodeRenderers } from '@/components/markdown/node-props';
import { directionOfNodes } from '@/lib/client/markdown/direction';
import { chunk, shallowEqualArrays } from '@/lib/shared/arrays';

/**
 * Up to this many missing cells of a row render one by one; more render as one cell with a colspan.
 */
const MAX_PADDING_CELLS = 20;
type Row = NodeOf<'table'>['children'][number];
type ColumnAlignment = NonNullable<NodeOf<'table'>['align']>[number];

type TableProps = { node: NodeOf<'table'>; streaming: boolean; renderers: NodeRenderers };

export function MarkdownTable({ node: { align, children }, streaming, renderers }: TableProps) {
  const [head, ...body] = children;
  const alignments = align ?? [];
  return (
    <Table dir={head && directionOfNodes(head.children)}>
      {head && (
        <thead>
          <TableRow
            row={head}
            alignments={alignments}
            cell="th"
            streaming={streaming && body.length === 0}
            renderers={renderers}
          />
        </thead>
      )}
      {body.length > 0 && (
        <tbody>
          {chunk(body, NODES_PER_GROUP).map((rows, index, { length }) => (
            <RowGroup
              // biome-ignore lint/suspicious/noArrayIndexKey: rows only ever grow at the end
              key={index}
              rows={rows}
              alignments={alignments}
              streaming={streaming && index === length - 1}
              renderers={renderers}
            />
          ))}
        </tbody>
      )}
    </Table>
  );
}

type RowGroupProps = {
  rows: Row[];
  alignments: ColumnAlignment[];
  streaming: boolean;
  renderers: NodeRenderers;
};

const RowGroup = memo(
  function RowGroup({ rows, alignments, streaming, renderers }: RowGroupProps) {
    return rows.map((row, index) => (
      <TableRow
        // biome-ignore lint/suspicious/noArrayIndexKey: rows only ever grow at the end
        key={index}
        row={row}
        alignments={alignments}
        cell="td"
        streaming={streaming && index === rows.length - 1}
        renderers={renderers}
      />
    ));
  },
  (before, after) =>
    before.streaming === after.streaming && shallowEqualArrays(before.rows, after.rows),
);

type TableRowProps = {
  row: Row;
  alignments: ColumnAlignment[];
  cell: 'th' | 'td';
  streaming: boolean;
  renderers: NodeRenderers;
};

/** A row with more cells than the table has columns keeps them. */
function TableRow({ row: { children }, alignments, cell, streaming, renderers }: TableRowProps) {
  const missingCells = alignments.length - children.length;
  const width =
    missingCells > MAX_PADDING_CELLS
      ? children.length
      : Math.max(alignments.length, children.length);
  return (
    <tr>
      {Array.from({ length: width }, (_, column) => {
        const textAlign = alignments[column];
        const style = textAlign ? { textAlign } : undefined;
        const last = column === children.length - 1;
        return createElement(
          cell,
          { key: column, dir: 'auto', style },
          renderers.inline({
            nodes: children[column]?.children ?? [],
            streaming: streaming && last,
          }),
        );
      })}
      {missingCells > MAX_PADDING_CELLS && createElement(cell, { colSpan: missingCells })}
    </tr>
  );
}
