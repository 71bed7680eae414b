import { afterEach, expect, it, vi } from 'vitest';
import { createProxyWarning } from '@/lib/http/prepare-requests';
import { logger } from '@/lib/logger';

afterEach(() => vi.restoreAllMocks());

it('a proxy that no setting names is warned of once, with the setting', () => {
  const warned = vi.spyOn(logger, 'warn').mockImplementation(() => {});
  const look = createProxyWarning();
  look({ headers: { host: 'chat.example.org' } });
  expect(warned).not.toHaveBeenCalled();
  for (let i = 0; i < 3; i++) look({ headers: { 'x-forwarded-for': '203.0.113.7' } });
  expect(warned).toHaveBeenCalledOnce();
  expect(warned.mock.calls[0]?.[0]).toContain('TRUSTED_PROXIES');
});
