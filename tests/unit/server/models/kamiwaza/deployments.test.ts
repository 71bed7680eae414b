import { describe, expect, test } from 'vitest';
import { deploymentBaseUrl, isPlatformUrl } from '@/lib/server/models/kamiwaza/deployment-url';
import { parseDeployments } from '@/lib/server/models/kamiwaza/deployments';

const deployed = { id: 'd1', m_name: 'qwen', status: 'DEPLOYED', lb_port: 51100 };
const first = (fields: object) => parseDeployments([{ ...deployed, ...fields }])[0];

describe('the list of deployments', () => {
  test.each([['DEPLOYED'], ['running'], ['Ready'], ['ACTIVE'], [''], [undefined]])(
    'contains deployments in status %s',
    (status) => expect(first({ status })?.name).toBe('qwen'),
  );

  test.each([
    ['REQUESTED'],
    ['DEPLOYING'],
    ['INITIALIZING'],
    ['STOPPED'],
    ['ERROR'],
    ['FAILED'],
    ['MUST_REDOWNLOAD'],
  ])('does not contain deployments in status %s', (status) =>
    expect(first({ status })).toBeUndefined(),
  );

  test.each([
    [{ m_name: 'bge-large-en' }],
    [{ m_name: 'whisper-large-v3' }],
    [{ engine_name: 'transcribe' }],
    [{ capabilities: ['embedding'] }],
    [{ id: undefined }],
  ])('does not contain deployments that cannot chat: %j', (fields) =>
    expect(first(fields)).toBeUndefined(),
  );

  test('contains each model once', () => {
    const two = parseDeployments([deployed, { ...deployed, id: 'd2' }]);
    expect(two.map(({ id }) => id)).toEqual(['d1']);
  });

  test.each([[{ deployments: [deployed] }], [{ items: [deployed] }], [{ data: [deployed] }]])(
    'is parsed in every response format',
    (response) => expect(parseDeployments(response)).toHaveLength(1),
  );

  test('is rejected in an unknown format', () => {
    expect(() => parseDeployments({ hello: 1 })).toThrow(
      expect.objectContaining({ code: 'endpoint_invalid_response' }),
    );
  });
});

describe('a deployment', () => {
  test('is requested by its canonical name first', () => {
    expect(first({ canonical_model_id: 'Qwen/Qwen3-8B', m_id: 'm1' })?.modelNames).toEqual([
      'Qwen/Qwen3-8B',
      'qwen',
      'm1',
      'd1',
    ]);
  });

  test.each([
    [{}, { tools: true, reasoning: false, vision: false }],
    [{ features: ['tools', 'vision'] }, { tools: true, reasoning: false, vision: true }],
    [{ features: ['reasoning'] }, { tools: false, reasoning: true, vision: false }],
    [{ features: ['tools'], tool_calling: { mode: 'none' } }, { tools: false }],
    [{ features: [], tool_calling: { mode: 'auto' } }, { tools: true }],
  ])('has the capabilities that it reports: %j', (fields, capabilities) => {
    expect(first(fields)?.capabilities).toMatchObject(capabilities);
  });
});

describe('the API key', () => {
  const hosts = ['kamiwaza.local', 'ai.example.org'];
  test.each([
    ['http://kamiwaza.local:51100/v1', true],
    ['https://AI.example.org/v1', true],
    ['https://ai.example.org./v1', true],
    ['https://gpu.example.org/v1', false],
    ['https://ai.example.org.evil.example/v1', false],
    ['https://ai.example.org@evil.example/v1', false],
    ['http://169.254.169.254/v1', false],
  ])('is sent to %s: %s', (url, isOwn) => expect(isPlatformUrl(url, { hosts })).toBe(isOwn));
});

describe('the address of a deployment', () => {
  const platform = { apiUrl: 'https://kamiwaza.local:8443/api', origin: 'https://ai.example.org' };
  test.each([
    [{ endpoint: 'https://gpu.example.org/x/' }, 'https://gpu.example.org/x/v1'],
    [{ endpoint: 'https://gpu.example.org/v1' }, 'https://gpu.example.org/v1'],
    [{ endpoint: 'https://u:p@gpu.example.org/v1?a=1' }, 'https://gpu.example.org/v1'],
    [{ endpoint: 'http://' }, 'http://kamiwaza.local:51100/v1'],
    [{ endpoint: 'file:///etc/passwd' }, 'http://kamiwaza.local:51100/v1'],
    [{ access_path: '/runtime/models/d1' }, 'https://ai.example.org/runtime/models/d1/v1'],
    [{ access_path: '/api/runtime/models/d1/' }, 'https://ai.example.org/runtime/models/d1/v1'],
    [{ access_path: 'runtime/models/d1/v1' }, 'https://ai.example.org/runtime/models/d1/v1'],
    [{}, 'http://kamiwaza.local:51100/v1'],
    [{ lb_port: 443 }, 'https://kamiwaza.local:443/v1'],
    [{ lb_port: null, instances: [{ listen_port: 40001 }] }, 'http://kamiwaza.local:40001/v1'],
    [{ lb_port: 0 }, 'https://ai.example.org/runtime/models/d1/v1'],
  ])('is derived from %j', (fields, url) => {
    const deployment = first(fields);
    expect(deployment && deploymentBaseUrl(deployment, platform)).toBe(url);
  });
});
