/**
 * Saves the last complete run in docs/performance.md between two marks; the rest is not generated.
 */
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import { PROJECT } from '@/scripts/lib/paths';
import type { Row } from './row';
import { formatTable } from './table';

const FILE = path.join(PROJECT, 'docs/performance.md');
const BEGIN = '<!-- bench:begin (written by npm run bench) -->';
const END = '<!-- bench:end -->';

/**
 * @param seconds duration of the run
 * @param loadBefore the machine's load average before the run, caused by other processes
 */
export async function saveReport(rows: Row[], seconds: number, loadBefore: number): Promise<void> {
  const text = await readFile(FILE, 'utf8');
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin === -1 || end < begin) throw new Error(`${FILE} has lost its marks: ${BEGIN}, ${END}`);
  const block = `${BEGIN}\n${describeMachine(seconds, loadBefore)}\n\n${formatTable(rows)}\n`;
  await writeFile(FILE, text.slice(0, begin) + block + text.slice(end));
}

function describeMachine(seconds: number, loadBefore: number): string {
  const processors = cpus();
  const model = processors[0]?.model.trim() || 'unknown processor';
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return [
    `Measured on ${new Date().toISOString().slice(0, 10)} at commit ${describeCommit()}:`,
    `${processors.length} cores (${model}), ${gigabytes} GB, ${process.platform},`,
    `Node ${process.versions.node}. The load average was ${loadBefore.toFixed(1)}`,
    `when it began; a quiet machine has less than 0.5. The whole run took ${Math.round(seconds)} s.`,
  ].join(' ');
}

function describeCommit(): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: PROJECT, encoding: 'utf8' });
  const changed =
    git(
      'status',
      '--porcelain',
      '--',
      'app',
      'artifacts',
      'components',
      'lib',
      'tools',
      'package-lock.json',
    ).trim() !== '';
  return `${git('rev-parse', '--short', 'HEAD').trim()}${changed ? ', with changes,' : ''}`;
}
