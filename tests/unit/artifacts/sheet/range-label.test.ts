import { expect, it } from 'vitest';
import { parseSheet } from '@/artifacts/sheet/csv/parse';
import { rangeLabel } from '@/artifacts/sheet/range-label';

const sheet = parseSheet('name,"price,\nin euros",\nTea,2,x\nMilk,10,y\n');

it.each([
  ['row 1 of “name”', { top: 1, bottom: 1, left: 0, right: 0 }],
  ['rows 1–2 of “name” to “price, in euros”', { top: 1, bottom: 2, left: 0, right: 1 }],
  ['heading of column 3', { top: 0, bottom: 0, left: 2, right: 2 }],
  ['heading and row 1 of “name”', { top: 0, bottom: 1, left: 0, right: 0 }],
])('cells are described as being in %s', (label, range) => {
  expect(rangeLabel(sheet, range)).toBe(label);
});
