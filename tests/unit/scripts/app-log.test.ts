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
import { appLog } from '@/scripts/start/app-log';

const folder = () => mkdtempSync(path.join(tmpdir(), 'throughline-log-'));
const modeOf = (file: string) => statSync(file).mode & 0o777;

/** What was shown in the terminal meanwhile. */
function shownWhile(act: () => void): string {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  act();
  const shown = write.mock.calls.map(([text]) => String(text)).join('');
  write.mockRestore();
  return shown;
}

test('nobody else may read the log, also where an earlier version left it open', () => {
  const file = path.join(folder(), 'app.log');
  writeFileSync(file, 'earlier\n');
  chmodSync(file, 0o644);
  appLog(file)('stdout', 'now\n');
  expect(readFileSync(file, 'utf8')).toBe('earlier\nnow\n');
  expect(modeOf(file)).toBe(0o600);
});

test('nor any other file that is opened for this user alone, whatever was in its place', () => {
  const file = path.join(folder(), 'build.log');
  writeFileSync(file, 'earlier', { mode: 0o644 });
  chmodSync(file, 0o644);
  closeSync(openPrivate(file, 'w'));
  expect([modeOf(file), readFileSync(file, 'utf8')]).toEqual([0o600, '']);
});

test('a log that is full becomes an old one, of which three are kept, while the server runs', () => {
  const dir = folder();
  const log = appLog(path.join(dir, 'app.log'), { maxBytes: 10 });
  for (let line = 0; line < 12; line++) log('stdout', `line ${line}\n`);
  const files = readdirSync(dir).sort();
  expect(files).toEqual(['app.log', 'app.log.1', 'app.log.2', 'app.log.3']);
  const contents = files.map((name) => readFileSync(path.join(dir, name), 'utf8'));
  expect(contents).toEqual([10, 8, 6, 4].map((first) => `line ${first}\nline ${first + 1}\n`));
  for (const name of files) expect(modeOf(path.join(dir, name))).toBe(0o600);
});

test('a log that was full at the last end is put away at the start', () => {
  const dir = folder();
  writeFileSync(path.join(dir, 'app.log'), 'full of lines');
  appLog(path.join(dir, 'app.log'), { maxBytes: 10 })('stdout', 'new\n');
  expect(readFileSync(path.join(dir, 'app.log'), 'utf8')).toBe('new\n');
  expect(readFileSync(path.join(dir, 'app.log.1'), 'utf8')).toBe('full of lines');
});

test('a disk that refuses the log ends nothing, and is told once', () => {
  const shown = shownWhile(() => {
    const log = appLog('/dev/full');
    for (let line = 0; line < 3; line++) log('stdout', 'line\n');
  });
  expect(shown.match(/Cannot write the log/g)).toHaveLength(1);
});
