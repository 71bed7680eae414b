import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { readStreamBody } from '@/lib/server/models/adapter/stream-body';

const deadlines = {
  touch: () => undefined,
  markFirstToken: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
  stop: () => undefined,
};

function readResponse(response: PassThrough, redact: (text: string) => string) {
  return readStreamBody({
    exchange: { response: new Promise(() => {}), close: () => undefined, closeReason: null },
    response: Object.assign(response, { headers: {} }) as unknown as IncomingMessage,
    deadlines,
    signal: undefined,
    behavior: { startsInReasoning: false },
    redact,
    allowEmpty: false,
  });
}

test('an exception at the end of a response fails the answer', async () => {
  const response = new PassThrough();
  const { firstPart } = readResponse(response, () => {
    throw new Error('broken');
  });
  response.end('an error message');
  await expect(firstPart).rejects.toMatchObject({
    appError: { code: 'endpoint_invalid_response' },
  });
});

test('a response that was closed before it is read fails the answer', async () => {
  const response = new PassThrough().destroy();
  await new Promise((resolve) => response.once('close', resolve));
  const { firstPart } = readResponse(response, (text) => text);
  await expect(firstPart).rejects.toMatchObject({ appError: { code: 'endpoint_disconnected' } });
});
