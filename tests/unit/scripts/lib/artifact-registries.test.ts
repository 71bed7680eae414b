import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findStaleRegistries, writeRegistries } from '@/scripts/lib/artifact-registries';

let project: string;
beforeEach(async () => {
  project = await mkdtemp(path.join(tmpdir(), 'kinds-'));
});
afterEach(() => rm(project, { recursive: true }));

async function addKind(name: string, parts = ['kind.ts', 'view.tsx', 'prompt.ts', 'formats.ts']) {
  const folder = path.join(project, 'artifacts', name);
  await mkdir(folder, { recursive: true });
  for (const part of parts) await writeFile(path.join(folder, part), '');
}
const read = (file: string) => readFile(path.join(project, file), 'utf8');

describe('the registries of kinds', () => {
  it('match the folders of the project', async () => {
    expect(await findStaleRegistries()).toEqual([]);
  });

  it('contain a new kind once it has its folder', async () => {
    await addKind('text');
    await addKind('registry', ['other.ts']);
    expect(await writeRegistries(project)).toHaveLength(5);
    expect(await findStaleRegistries(project)).toEqual([]);
    await addKind('map');
    expect(await writeRegistries(project)).toHaveLength(5);
    expect(await read('lib/protocol/artifact-kinds.ts')).toContain("= ['map', 'text'] as const");
    for (const list of ['kinds', 'prompts', 'formats', 'views']) {
      expect(await read(`artifacts/registry/${list}.ts`)).toMatch(/@\/artifacts\/map\//);
    }
  });

  it('name missing files of a folder and invalid names', async () => {
    await addKind('map', ['kind.ts', 'view.tsx']);
    await expect(writeRegistries(project)).rejects.toThrow(
      /artifacts\/map lacks prompt\.ts, formats\.ts/,
    );
    await addKind('My-Kind');
    await rm(path.join(project, 'artifacts/map'), { recursive: true });
    await expect(writeRegistries(project)).rejects.toThrow(/artifacts\/My-Kind: .*small letters/);
  });
});
