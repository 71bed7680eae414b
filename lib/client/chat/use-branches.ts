'use client';

import { useMemo } from 'react';
import { withLazyModule } from '@/lib/client/browser/with-lazy-module';
import type { BranchContext } from '@/lib/client/chat/change-branch';
import type { BranchActions } from '@/lib/client/chat/conversation';
import type { ConversationInternals } from '@/lib/client/chat/conversation-internals';

const load = () => import('./change-branch');

/** The changes to the branches of a chat. The page leaves a running answer for them. */
export function useBranches(
  internals: ConversationInternals,
  { reconcile, display }: BranchContext['following'],
): BranchActions {
  return useMemo(() => {
    const context = { internals, following: { reconcile, display } };
    return {
      selectBranch: (messageId, replacedId) =>
        withLazyModule(load, (module) => module.selectBranch(context, messageId, replacedId)),
      deleteBranch: (messageId) =>
        withLazyModule(load, (module) => module.deleteBranch(context, messageId)),
    };
  }, [internals, reconcile, display]);
}
