import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const read = (file: string) => readFileSync(file, 'utf8');
const exists = (file: string) => statSync(file, { throwIfNoEntry: false }) !== undefined;

const DECISIONS = readdirSync('docs/decisions').filter((name) => /^\d{4}-.+\.md$/.test(name));

const DOCUMENTS = [
  ...readdirSync('.').filter((name) => name.endsWith('.md')),
  ...['docs', 'docs/decisions'].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.md'))
      .map((name) => path.join(folder, name)),
  ),
];

/** The anchors that a host of repositories gives to the headings of a document. */
function anchorsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{Letter}\p{Number}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Targets of relative links and images. */
function linksOf(markdown: string): string[] {
  const links = markdown.matchAll(/\]\(([^)\s]+)\)|\b(?:src|srcset|href)="([^"]+)"/g);
  return [...links]
    .map(([, link, source]) => link ?? source ?? '')
    .filter((link) => !/^[a-z]+:/.test(link));
}

function linkProblem(file: string, link: string): string | null {
  const [target = '', anchor] = link.split('#');
  const linked = target === '' ? file : path.join(path.dirname(file), target);
  if (!exists(linked)) return `${file}: ${link} does not exist`;
  if (anchor === undefined || anchorsOf(read(linked)).includes(anchor)) return null;
  return `${file}: ${linked} has no heading #${anchor}`;
}

/** Files and folders that a text names, such as `lib/server/runs/run-log.ts`. */
function pathsIn(markdown: string): string[] {
  const paths = markdown.matchAll(
    /`((?:app|artifacts|components|docs|drizzle|lib|scripts|tests|tools)\/[\w./-]+)`/g,
  );
  return [...paths].map(([, name = '']) => name);
}

describe('documents', () => {
  it('link only to files and headings that exist', () => {
    const links = DOCUMENTS.flatMap((file) => linksOf(read(file)).map((link) => [file, link]));
    expect(links.length).toBeGreaterThan(40);
    expect(links.map(([file = '', link = '']) => linkProblem(file, link)).filter(Boolean)).toEqual(
      [],
    );
  });

  it('name only files and folders that exist', () => {
    const names = DOCUMENTS.flatMap((file) => pathsIn(read(file)).map((name) => [file, name]));
    expect(names.length).toBeGreaterThan(60);
    const missing = names.filter(([, name = '']) => !exists(name) && testFiles(name).length === 0);
    expect(missing).toEqual([]);
  });
});

/** The test files that a name such as `tests/e2e/reload` or `tests/integration/api` stands for. */
function testFiles(name: string): string[] {
  const files = ['.test.ts', '.spec.ts'].map((ending) => `${name}${ending}`).filter(exists);
  if (files.length > 0 || !/^tests\/.+\/\*$/.test(name)) return files;
  const folder = path.dirname(name);
  const isTest = (file: string) => /\.(test|spec)\.ts$/.test(file);
  return exists(folder)
    ? readdirSync(folder)
        .filter(isTest)
        .map((file) => path.join(folder, file))
    : [];
}

/**
 * The tests of each promise: its files and quoted titles. A name without a folder is in the folder
 * of the one before it.
 */
function testsOfPromises(): { promise: string; files: string[]; titles: string[] }[] {
  return read('docs/promises.md')
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const promise = section.split('\n')[0] ?? '';
      const list = /^\*Tests:\*([\s\S]*?)(?=^\*Not covered|^\s*$)/m.exec(section)?.[1] ?? '';
      let folder = '';
      const files = [...list.matchAll(/`([^`]+)`/g)].map(([, name = '']) => {
        const file = name.includes('/') ? name : path.join(folder, name);
        folder = path.dirname(file);
        return file;
      });
      const titles = [...list.matchAll(/"([^"]+)"/g)].map(([, title = '']) =>
        title.replace(/\s+/g, ' '),
      );
      return { promise, files, titles };
    });
}

describe('docs/promises.md', () => {
  it('names at least one test for each promise, and only tests that exist', () => {
    const promises = testsOfPromises();
    expect(promises.length).toBeGreaterThanOrEqual(11);
    const untested = promises.filter(({ files }) => files.length === 0);
    expect(untested.map(({ promise }) => promise)).toEqual([]);
    const named = promises.flatMap(({ files }) => files);
    expect(named.filter((name) => testFiles(name).length === 0)).toEqual([]);
  });

  it('quotes only titles of the tests that it names', () => {
    const promises = testsOfPromises();
    const quoted = promises.flatMap(({ files, titles }) =>
      titles.map((title) => ({ files, title })),
    );
    expect(quoted.length).toBeGreaterThan(0);
    const missing = quoted.filter(
      ({ files, title }) => !files.flatMap(testFiles).some((file) => read(file).includes(title)),
    );
    expect(missing.map(({ title }) => title)).toEqual([]);
  });

  it('states the same numbers as the fault test of kills, and so does README.md', () => {
    const test = read('tests/faults/kill.test.ts');
    const count = (name: string) => Number(new RegExp(`const ${name} = (\\d+);`).exec(test)?.[1]);
    const numbers = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'];
    const kills = `${numbers[count('ROUNDS')]} seeded rounds of ${numbers[count('ANSWERS')]} answers`;
    for (const file of ['docs/promises.md', 'README.md']) {
      expect(read(file).replace(/\s+/g, ' ')).toContain(kills);
    }
  });
});

describe('decision records', () => {
  it('are listed in their README with number, title, date and status', () => {
    expect(DECISIONS.length).toBeGreaterThanOrEqual(18);
    const rows = DECISIONS.map((name) => {
      const record = read(`docs/decisions/${name}`);
      const [, number, title, date, status] =
        /^# (\d+)\. (.+)\n\n- Date: (\d{4}-\d\d-\d\d)\n- Status: (accepted|superseded by .+)\n/.exec(
          record,
        ) ?? [];
      expect(Number(number), name).toBe(Number(name.slice(0, 4)));
      return `| ${number} | [${title}](${name}) | ${date} | ${status} |`;
    });
    const listed = read('docs/decisions/README.md').match(/^\| \d+ \|.*$/gm);
    expect(listed).toEqual(rows);
  });
});
