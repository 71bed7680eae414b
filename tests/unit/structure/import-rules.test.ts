import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT } from '@/scripts/lib/paths';

const REJECTED = [
  ['lib/protocol/x.ts', '@/lib/server/runs/relay'],
  ['lib/protocol/x.ts', '@/lib/client/browser/wait'],
  ['lib/shared/x.ts', '@/lib/protocol/lines'],
  ['lib/shared/x.ts', '@/lib/server/config'],
  ['lib/server/chat/x.ts', '@/lib/client/http/api'],
  ['lib/server/chat/x.ts', '@/components/ui/button'],
  ['lib/server/chat/x.ts', '@/artifacts/sheet/kind'],
  ['lib/client/chat/x.ts', '@/lib/server/db/client'],
  ['lib/client/chat/x.ts', '@/components/ui/button'],
  ['components/chat/x.tsx', '@/lib/server/config'],
  ['components/chat/x.tsx', '@/artifacts/text/server/prompt'],
  ['components/chat/x.tsx', '@/artifacts/text/kind'],
  ['components/chat/x.tsx', '@/tools/get-weather/card'],
  ['components/ui/x.tsx', '@/components/chat/composer'],
  ['components/ui/x.tsx', '@/lib/client/chat/conversation'],
  ['artifacts/text/x.tsx', '@/lib/server/config'],
  ['artifacts/text/server/x.ts', '@/components/ui/button'],
  ['tools/get-weather/x.tsx', '@/tools/get-weather/server/tool'],
  ['app/chat/x.tsx', '@/lib/client/browser/wait'],
] as const;

const ACCEPTED = [
  ['lib/protocol/x.ts', '@/lib/protocol/lines'],
  ['lib/server/chat/x.ts', '@/lib/protocol/lines'],
  ['lib/server/chat/x.ts', '@/lib/shared/backoff'],
  ['lib/client/chat/x.ts', '@/lib/protocol/lines'],
  ['components/ui/x.tsx', '@/lib/shared/backoff'],
  ['components/chat/x.tsx', '@/artifacts/registry/kinds'],
  ['components/chat/x.tsx', '@/tools/registry/cards'],
  ['components/ui/x.tsx', '@/lib/client/browser/wait'],
  ['artifacts/text/server/x.ts', '@/lib/server/documents/code-fences'],
  ['app/api/chat/x.ts', '@/lib/server/http/route'],
] as const;

let project: string;
/** Rules that Biome reports violations of, by file. */
const reports = new Map<string, string[]>();

const fileOf = (folder: string, module: string) =>
  folder.replace('x.', `${module.replace(/\W+/g, '-')}.`);

beforeAll(async () => {
  project = await mkdtemp(path.join(tmpdir(), 'import-rules-'));
  await cp(path.join(PROJECT, 'biome.json'), path.join(project, 'biome.json'));
  for (const [file, module] of [...REJECTED, ...ACCEPTED]) {
    const target = path.join(project, fileOf(file, module));
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, `import * as it from '${module}';\nexport default it;\n`);
  }
  // Each file of the cycle uses a value of the other one.
  for (const [name, other] of [
    ['a', 'b'],
    ['b', 'a'],
  ]) {
    const source = `import { ${other} } from './${other}';\nexport const ${name} = () => ${other};\n`;
    await writeFile(path.join(project, `lib/protocol/${name}.ts`), source);
  }
  const biome = path.join(PROJECT, 'node_modules/@biomejs/biome/bin/biome');
  const args = [
    biome,
    'lint',
    '.',
    '--vcs-enabled=false',
    '--reporter=json',
    '--max-diagnostics=500',
  ];
  const { stdout } = spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8' });
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: Array<{ category: string; location: { path: string | { file: string } } }>;
  };
  for (const { category, location } of diagnostics) {
    const file = typeof location.path === 'string' ? location.path : location.path.file;
    const key = path.relative(project, path.resolve(project, file));
    reports.set(key, [...(reports.get(key) ?? []), category.replace(/^.*\//, '')]);
  }
});
afterAll(() => rm(project, { recursive: true }));

describe('the import rules', () => {
  it.each(REJECTED)('reject %s importing %s', (file, module) => {
    expect(reports.get(fileOf(file, module))).toContain('noRestrictedImports');
  });

  it.each(ACCEPTED)('accept %s importing %s', (file, module) => {
    expect(reports.get(fileOf(file, module)) ?? []).not.toContain('noRestrictedImports');
  });

  it('reject a cycle', () => {
    expect(reports.get('lib/protocol/a.ts')).toContain('noImportCycles');
    expect(reports.get('lib/protocol/b.ts')).toContain('noImportCycles');
  });
});
