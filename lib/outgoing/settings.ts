import { getConfig } from '@/lib/config';
import type { Config } from '@/lib/config/types';

/** How requests leave this process. */
export function getOutboundConfig(): Config['outbound'] {
  return getConfig().outbound;
}
