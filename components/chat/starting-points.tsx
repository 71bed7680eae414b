'use client';

import { ChartColumn, FileText, ScrollText } from 'lucide-react';
import { ModelProblem } from '@/components/chat/model-problem';
import { UnfinishedChats } from '@/components/chat/unfinished-chats';
import { useNow } from '@/lib/client/browser/use-now';
import { STARTER_PROMPTS } from '@/lib/client/chat/starter-prompts';
import { isUnfinished } from '@/lib/client/history/is-unfinished';
import { useHistory } from '@/lib/client/history/use-history';
import { useModels } from '@/lib/client/models/use-models';

const ICONS = {
  answer: ScrollText,
  document: FileText,
  chart: ChartColumn,
};

/**
 * Displayed below the message box of a chat without messages: why no model responds, or the chats
 * whose answers are not finished, and prompts to start from.
 */
export default function StartingPoints({
  onSelectPrompt,
}: {
  onSelectPrompt: (text: string) => void;
}) {
  const models = useModels();
  const now = useNow();
  const unfinishedChats = useHistory().chats.filter((chat) => isUnfinished(chat, now));
  const hasNoModel = models.loaded && models.models.length === 0 && models.problems.length > 0;
  return (
    <div className="flex flex-col items-center gap-5 px-4 pt-2 pb-6 sm:px-6">
      {hasNoModel && <ModelProblem models={models} />}
      {unfinishedChats.length > 0 && <UnfinishedChats chats={unfinishedChats} />}
      {!hasNoModel && (
        <ul
          aria-label="Things to try"
          className="flex flex-wrap justify-center gap-2 max-sm:w-full max-sm:flex-col"
        >
          {STARTER_PROMPTS.map(({ kind, label, text }) => {
            const Icon = ICONS[kind];
            return (
              <li key={kind}>
                <button
                  type="button"
                  onClick={() => onSelectPrompt(text)}
                  className="flex w-full cursor-pointer items-center gap-2 rounded-full border max-sm:rounded-2xl px-3.5 py-1.5 text-left text-sm transition-colors hover:border-input hover:bg-accent pointer-coarse:min-h-11"
                >
                  <Icon
                    aria-hidden="true"
                    className="size-4 shrink-0 text-primary"
                    strokeWidth={1.75}
                  />
                  {label}
                </button>
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}
