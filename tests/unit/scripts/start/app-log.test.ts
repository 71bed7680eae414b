import {
  chmodSync,
  closeSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { openPrivate } from '@/scripts/lib/private-files';
import { createAppLog } from '@/scripts/start/app-log';

const folder = () => mkdtempSync(path.join(tmpdir(), 'throughline-log-'));
const modeOf = (file: string) => statSync(file).mode & 0o777;

/** Returns what `act` prints to stdout. */
function captureStdout(act: () => void): string {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  act();
  const output = write.mock.calls.map(([text]) => String(text)).join('');
  write.mockRestore();
  return output;
}

test('the log is readable only by its owner, even if an earlier version left it readable for others', () => {
  const file = path.join(folder(), 'app.log');
  writeFileSync(file, 'earlier\n');
  chmodSync(file, 0o644);
  createAppLog(file)('stdout', 'now\n');
  expect(readFileSync(file, 'utf8')).toBe('earlier\nnow\n');
  expect(modeOf(file)).toBe(0o600);
});

test('other private files are readable only by their owner, for any earlier permissions', () => {
  const file = path.join(folder(), 'build.log');
  writeFileSync(file, 'earlier', { mode: 0o644 });
  chmodSync(file, 0o644);
  closeSync(openPrivate(file, 'w'));
  expect([modeOf(file), readFileSync(file, 'utf8')]).toEqual([0o600, '']);
});

test('a full log is rotated while the server runs, and three old ones are kept', () => {
  const dir = folder();
  const log = createAppLog(path.join(dir, 'app.log'), { maxBytes: 10 });
  for (let line = 0; line < 12; line++) log('stdout', `line ${line}\n`);
  const files = readdirSync(dir).sort();
  expect(files).toEqual(['app.log', 'app.log.1', 'app.log.2', 'app.log.3']);
  const contents = files.map((name) => readFileSync(path.join(dir, name), 'utf8'));
  expect(contents).toEqual([10, 8, 6, 4].map((first) => `line ${first}\nline ${first + 1}\n`));
  for (const name of files) expect(modeOf(path.join(dir, name))).toBe(0o600);
});

test('a log that was full at the last exit is rotated at startup', () => {
  const dir = folder();
  writeFileSync(path.join(dir, 'app.log'), 'full of lines');
  createAppLog(path.join(dir, 'app.log'), { maxBytes: 10 })('stdout', 'new\n');
  expect(readFileSync(path.join(dir, 'app.log'), 'utf8')).toBe('new\n');
  expect(readFileSync(path.join(dir, 'app.log.1'), 'utf8')).toBe('full of lines');
});

test('a disk error of the log stops nothing and is reported once', () => {
  const output = captureStdout(() => {
    const log = createAppLog('/dev/full');
    for (let line = 0; line < 3; line++) log('stdout', 'line\n');
  });
  expect(output.match(/Cannot write the log/g)).toHaveLength(1);
});
