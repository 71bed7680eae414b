import { toast } from '@/lib/client/browser/toast';
import { LOADING_FAILED_MESSAGE } from '@/lib/client/browser/use-lazy-component';

/** Calls `action` with a lazy-loaded module. A toast reports it if the module cannot be loaded. */
export async function withLazyModule<Module>(
  load: () => Promise<Module>,
  action: (module: Module) => Promise<void>,
): Promise<void> {
  const module = await load().catch(() => null);
  if (module) await action(module);
  else toast.error(LOADING_FAILED_MESSAGE);
}
