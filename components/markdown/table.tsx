'use client';

/** Draws the tables of Markdown. */
import { createElement, memo } from 'react';
import { areSame, type Draw, inGroups, type NodeOf } from '@/components/markdown/draw';
import { Table } from '@/components/markdown/elements';
import { directionOf } from '@/lib/client/markdown/direction';

/** Up to so many cells that a row does not have are drawn one by one. */
const MAX_PADDING = 20;
type Row = NodeOf<'table'>['children'][number];
type Side = NonNullable<NodeOf<'table'>['align']>[number];

type TableProps = { node: NodeOf<'table'>; growing: boolean; draw: Draw };

export function TableOf({ node: { align, children }, growing, draw }: TableProps) {
  const [head, ...body] = children;
  const sides = align ?? [];
  return (
    <Table dir={head && directionOf(head.children)}>
      {head && (
        <thead>
          <RowOf
            row={head}
            sides={sides}
            cell="th"
            growing={growing && body.length === 0}
            draw={draw}
          />
        </thead>
      )}
      {body.length > 0 && (
        <tbody>
          {inGroups(body).map((rows, index, { length }) => (
            <Rows
              // biome-ignore lint/suspicious/noArrayIndexKey: rows only ever grow at the end
              key={index}
              rows={rows}
              sides={sides}
              growing={growing && index === length - 1}
              draw={draw}
            />
          ))}
        </tbody>
      )}
    </Table>
  );
}

type RowsProps = { rows: Row[]; sides: Side[]; growing: boolean; draw: Draw };

const Rows = memo(
  function Rows({ rows, sides, growing, draw }: RowsProps) {
    return rows.map((row, index) => (
      <RowOf
        // biome-ignore lint/suspicious/noArrayIndexKey: rows only ever grow at the end
        key={index}
        row={row}
        sides={sides}
        cell="td"
        growing={growing && index === rows.length - 1}
        draw={draw}
      />
    ));
  },
  (before, after) => before.growing === after.growing && areSame(before.rows, after.rows),
);

type RowProps = { row: Row; sides: Side[]; cell: 'th' | 'td'; growing: boolean; draw: Draw };

/** A row that has more cells than its table has columns keeps them. */
function RowOf({ row: { children }, sides, cell, growing, draw }: RowProps) {
  const missing = sides.length - children.length;
  const width = missing > MAX_PADDING ? children.length : Math.max(sides.length, children.length);
  return (
    <tr>
      {Array.from({ length: width }, (_, column) => {
        const side = sides[column];
        const style = side ? { textAlign: side } : undefined;
        const last = column === children.length - 1;
        return createElement(
          cell,
          { key: column, dir: 'auto', style },
          draw.inline({ nodes: children[column]?.children ?? [], growing: growing && last }),
        );
      })}
      {missing > MAX_PADDING && createElement(cell, { colSpan: missing })}
    </tr>
  );
}
