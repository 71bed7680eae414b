import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { OutputPanel } from '@/artifacts/code/execution/output';

function renderTable(omittedRowCount: number): string {
  const table = { type: 'table' as const, columns: ['', 'a'], rows: [['0', 'x']], omittedRowCount };
  return renderToStaticMarkup(
    createElement(OutputPanel, {
      execution: { status: 'done', output: [table], ms: 1 },
      onClose: () => {},
      onGoToLine: () => {},
    }),
  );
}

it('a truncated table shows how many rows are left out', () => {
  expect(renderTable(0)).not.toContain('more row');
  expect(renderTable(1)).toMatch(/>1 more row</);
  expect(renderTable(1_200)).toMatch(/>1,200 more rows</);
});
