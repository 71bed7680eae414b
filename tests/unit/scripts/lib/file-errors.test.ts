import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { explainFileError, explainOutput, type SystemError } from '@/scripts/lib/file-errors';

const isRoot = userInfo().uid === 0;
const folder = () => mkdtempSync(path.join(tmpdir(), 'throughline-files-'));

/** Returns the error of a program without write permission; as root it runs as another user. */
function errorOf(program: string, ...args: string[]): SystemError {
  const script = `try { ${program} } catch ({ code, path, syscall, dest }) {
    console.log(JSON.stringify({ code, path, syscall, dest }));
  }`;
  const options = isRoot ? { uid: 65_534, gid: 65_534, cwd: '/' } : { cwd: '/' };
  const { stdout } = spawnSync(process.execPath, ['-e', script, ...args], {
    ...options,
    encoding: 'utf8',
  });
  return JSON.parse(stdout);
}

test('an error for a file without write permission names its folder and the solution', () => {
  const dir = folder();
  chmodSync(dir, 0o555);
  for (const [program, file] of [
    ['fs.mkdirSync(process.argv[1], { recursive: true })', path.join(dir, 'new')],
    ['fs.writeFileSync(process.argv[1], "x")', path.join(dir, 'file')],
    ['fs.openSync(process.argv[1], "a")', path.join(dir, 'log')],
  ] as const) {
    const explanation = explainFileError(errorOf(program, file));
    // As root, this user created the folder, and another user cannot write into it.
    expect(explanation).toContain(
      `${file} may not be used by this user: its permissions forbid it.`,
    );
    expect(explanation).toContain('Start Throughline as the user that owns its folder');
  }
});

test('an error for a folder of another user names both users', () => {
  const dir = folder();
  if (isRoot) chownSync(dir, 65_534, 65_534);
  const file = path.join(isRoot ? dir : '/', 'new');
  expect(explainFileError({ code: 'EACCES', path: file })).toMatch(
    /belongs to another user \(uid \d+\), and this one \(uid \d+\) may not use it/,
  );
});

test('an error for a full disk or a read-only file system names the solution', () => {
  let full: SystemError = {};
  try {
    writeFileSync('/dev/full', 'text');
  } catch (error) {
    full = error as SystemError;
  }
  if (process.platform === 'linux') expect(full.code).toBe('ENOSPC');
  expect(explainFileError({ ...full, code: 'ENOSPC' })).toContain('because the disk is full');
  expect(explainFileError({ code: 'EDQUOT', path: '/a' })).toContain('disk quota is used up');
  expect(explainFileError({ code: 'EROFS', path: '/a/b' })).toContain(
    '/a/b is on a read-only file system',
  );
  expect(explainFileError({ code: 'EPERM', syscall: 'kill' })).toContain('belongs to another user');
});

test('other errors are not explained', () => {
  expect(explainFileError({ code: 'ENOENT', path: '/a' })).toBeNull();
  expect(explainFileError({ code: 'EACCES', syscall: 'listen' })).toBeNull();
});

test('the permission error of another program is found in its output', () => {
  expect(
    explainOutput(
      "Error: EROFS: read-only, open '/app/.next/trace'\n    at open (node:fs)",
      '/app',
    ),
  ).toContain('/app/.next/trace is on a read-only file system');
  expect(explainOutput('[Error: ENOSPC: no space left on device, write]', '/app')).toContain(
    '/app cannot be written, because the disk is full',
  );
  expect(
    explainOutput('FATAL:  could not write to file "pg_wal/x": No space left on device', '/data'),
  ).toContain('/data cannot be written, because the disk is full');
  expect(explainOutput('Type error: x is not y', '/app')).toBeNull();
});
