import { getConfig } from '@/lib/server/config';
import type { Config } from '@/lib/server/config/types';

/** The outbound settings: proxies and certificates. */
export function getOutboundConfig(): Config['outbound'] {
  return getConfig().outbound;
}
