'use client';

import {
  Bot,
  Copy,
  FileCode,
  Keyboard,
  MessageSquare,
  Moon,
  PanelLeft,
  Settings,
  Square,
  SquarePen,
} from 'lucide-react';
import { useMemo } from 'react';
import { useSidebar } from '@/components/shell/sidebar-state';
import { stopAnswer, useCanStop, useModelCommands } from '@/lib/client/chat/chat-commands';
import { copyLastAnswer, copyLastCode } from '@/lib/client/chat/copy-commands';
import { useChatCandidates } from '@/lib/client/history/search-chats';
import { rememberModel, useModels } from '@/lib/client/models/use-models';
import { useNavigate } from '@/lib/client/navigation/use-navigate';
import { useNewChat } from '@/lib/client/navigation/use-new-chat';
import { saveUserSettings } from '@/lib/client/settings/settings-store';
import { SHORTCUT_NAMES } from '@/lib/client/settings/shortcut-keys';
import { openDialog, openSettings, SETTINGS_TABS } from '@/lib/client/shell/open-dialog';
import { THEMES } from '@/lib/protocol/user-settings';
import type { PaletteItem } from './palette-items';

/**
 * Returns everything that the palette can find.
 * @param query for the chats that the page has not loaded
 * @param onSwitchModel lists only the models
 */
export function usePaletteItems(query: string, onSwitchModel: () => void): PaletteItem[] {
  const chats = useChatCandidates(query);
  const { models } = useModels();
  const modelCommands = useModelCommands();
  const canStop = useCanStop();
  const { toggle } = useSidebar();
  const newChat = useNewChat();
  const navigate = useNavigate();

  const actions = useMemo<PaletteItem[]>(() => {
    const action = (item: Omit<PaletteItem, 'group'>): PaletteItem => ({
      group: 'Actions',
      ...item,
    });
    return [
      action({
        id: 'new-chat',
        label: 'New chat',
        icon: <SquarePen />,
        shortcut: 'newChat',
        run: newChat,
      }),
      ...(canStop
        ? [
            action({
              id: 'stop',
              label: 'Stop',
              keywords: SHORTCUT_NAMES.stop,
              icon: <Square />,
              shortcut: 'stop',
              run: stopAnswer,
            }),
          ]
        : []),
      action({
        id: 'switch-model',
        label: 'Switch model …',
        icon: <Bot />,
        keepsOpen: true,
        run: onSwitchModel,
      }),
      action({
        id: 'copy-answer',
        label: SHORTCUT_NAMES.copyLastAnswer,
        icon: <Copy />,
        shortcut: 'copyLastAnswer',
        run: copyLastAnswer,
      }),
      action({
        id: 'copy-code',
        label: SHORTCUT_NAMES.copyLastCode,
        icon: <FileCode />,
        shortcut: 'copyLastCode',
        run: copyLastCode,
      }),
      action({
        id: 'sidebar',
        label: SHORTCUT_NAMES.toggleSidebar,
        icon: <PanelLeft />,
        shortcut: 'toggleSidebar',
        run: toggle,
      }),
      ...THEMES.map((theme) =>
        action({
          id: `theme-${theme}`,
          label: `Theme: ${theme}`,
          keywords: `${theme} mode appearance`,
          icon: <Moon />,
          run: () => saveUserSettings({ theme }),
        }),
      ),
      action({
        id: 'settings',
        label: SHORTCUT_NAMES.settings,
        keywords: `preferences ${SETTINGS_TABS.join(' ')}`,
        icon: <Settings />,
        shortcut: 'settings',
        run: () => openSettings(),
      }),
      action({
        id: 'shortcuts',
        label: SHORTCUT_NAMES.keyboardShortcuts,
        icon: <Keyboard />,
        shortcut: 'keyboardShortcuts',
        run: () => openDialog({ name: 'keyboard-shortcuts' }),
      }),
    ];
  }, [canStop, newChat, toggle, onSwitchModel]);

  return useMemo<PaletteItem[]>(
    () => [
      ...chats.map(
        ({ id, title }): PaletteItem => ({
          id: `chat-${id}`,
          group: 'Chats',
          label: title || 'New chat',
          icon: <MessageSquare />,
          run: () => navigate(`/chat/${id}`),
        }),
      ),
      ...actions,
      ...(modelCommands
        ? models.map(
            ({ ref, name, endpoint }): PaletteItem => ({
              id: `model-${ref}`,
              group: 'Models',
              label: name,
              keywords: `switch model ${endpoint}`,
              detail: ref === modelCommands.modelRef ? 'In use' : endpoint,
              icon: <Bot />,
              run: () => {
                rememberModel(ref);
                if (ref !== modelCommands.modelRef) modelCommands.pickModel(ref);
              },
            }),
          )
        : []),
    ],
    [chats, actions, models, modelCommands, navigate],
  );
}
