'use client';

import { Monitor, Moon, Sun } from 'lucide-react';
import { useTheme } from 'next-themes';
import { Button } from '@/components/ui/button';
import { Tooltip } from '@/components/ui/tooltip';
import { useHydrated } from '@/lib/client/browser/use-hydrated';
import { saveUserSettings } from '@/lib/client/settings/settings-store';

const THEMES = {
  system: { name: 'system', icon: Monitor, next: 'light' },
  light: { name: 'light', icon: Sun, next: 'dark' },
  dark: { name: 'dark', icon: Moon, next: 'system' },
} as const;

/** Cycles through the three themes: system, light, dark. */
export function ThemeToggle() {
  const { theme } = useTheme();
  // The server does not know the choice, so the first render matches the server's.
  const hydrated = useHydrated();
  const current = hydrated && theme && theme in THEMES ? (theme as keyof typeof THEMES) : 'system';
  const { name, icon: Icon, next } = THEMES[current];
  const label = `Theme: ${name}`;
  return (
    <Tooltip label={label}>
      <Button
        variant="ghost"
        size="icon-sm"
        aria-label={label}
        onClick={() => saveUserSettings({ theme: next })}
      >
        <Icon className="text-muted-foreground" />
      </Button>
    </Tooltip>
  );
}
