import { describe, expect, it } from 'vitest';
import { installation } from './fixture';
import { numbers, Person } from './person';

const at = installation(() => ({ MAX_RUNS_PER_PERSON: '2' }));

describe('the number of answers made for one person at a time', () => {
  it('has a limit that says what to do, and bounds nobody else', async () => {
    const { person, app } = at;
    const long = [1, 2].map(() => person.message('[[scenario:tokens n=2000 rate=50]]'));
    for (const body of long) await (await person.send(body)).until('t1 ');
    const third = person.message('[[scenario:tokens n=5]]');
    const refusal = await (await person.send(third)).refusal();
    expect(refusal).toMatchObject({ status: 429, code: 'too_many_runs' });
    expect(refusal.message).toMatch(/wait for one or stop one/i);

    const other = await Person.arrive(app.baseUrl);
    const theirs = await other.send(other.message('[[scenario:tokens n=5]]'));
    expect((await theirs.whole()).text).toBe(numbers(5));

    await person.stop(long[0]?.id ?? '');
    expect((await (await person.send(third)).whole()).text).toBe(numbers(5));
    await person.stop(long[1]?.id ?? '');
  });

  it('does not count a message that is sent again', async () => {
    const { person } = at;
    const long = [1, 2].map(() => person.message('[[scenario:tokens n=2000 rate=50]]'));
    for (const body of long) await (await person.send(body)).until('t1 ');
    const again = await person.send(long[1] as (typeof long)[number]);
    expect(again.ok).toBe(true);
    await again.until('t1 ');
    for (const { id } of long) await person.stop(id);
  });
});

it('a message that is sent again and again opens so many streams of its answer, and no more', async () => {
  const person = await Person.arrive(at.app.baseUrl);
  const body = person.message('[[scenario:tokens n=4000 rate=50]]');
  const sent = [await person.send(body)];
  await sent[0]?.until('t1 ');
  while (sent.at(-1)?.ok && sent.length < 200) sent.push(await person.send(body));
  expect(sent.length).toBe(101);
  expect(await sent.at(-1)?.refusal()).toMatchObject({ status: 429, code: 'too_many_windows' });
  // With the answer all of them end, and each gives its place back.
  await person.stop(body.id);
  for (const one of sent.slice(0, -1)) await one.whole();
  expect((await person.send(body)).ok).toBe(true);
});

it('an idle connection stays open for longer than the 60 s that proxies keep theirs', async () => {
  for (const path of ['/', '/health', '/api/models']) {
    const { headers } = await at.person.fetch(path);
    expect(headers.get('keep-alive'), path).toBe('timeout=75');
  }
});
