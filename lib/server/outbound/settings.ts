import { getConfig } from '@/lib/server/config';
import type { Config } from '@/lib/server/config/types';

/** How requests leave this process. */
export function getOutboundConfig(): Config['outbound'] {
  return getConfig().outbound;
}
