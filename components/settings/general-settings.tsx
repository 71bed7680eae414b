'use client';

import { useTheme } from 'next-themes';
import { RadioGroup } from '@/components/ui/radio-group';
import {
  saveUserSettings,
  useChosenTheme,
  useUserSettings,
} from '@/lib/client/settings/settings-store';
import { THEMES, type UserSettings } from '@/lib/protocol/user-settings';

const THEME_OPTIONS = [
  { value: 'system', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const;

const TEXT_SIZE_OPTIONS = [
  { value: 'small', label: 'Small' },
  { value: 'default', label: 'Default' },
  { value: 'large', label: 'Large' },
  { value: 'larger', label: 'Larger' },
] as const;

const WIDTH_OPTIONS = [
  { value: 'narrow', label: 'Narrow' },
  { value: 'default', label: 'Default' },
  { value: 'wide', label: 'Wide' },
  { value: 'full', label: 'Full' },
] as const;

export function GeneralSettings() {
  const { textSize, columnWidth } = useUserSettings();
  const chosenTheme = useChosenTheme();
  // Chosen in this browser before there were settings.
  const { theme } = useTheme();
  return (
    <div className="grid gap-6">
      <RadioGroup
        label="Theme"
        options={THEME_OPTIONS}
        value={chosenTheme ?? THEMES.find((name) => name === theme) ?? 'system'}
        onChange={(value: UserSettings['theme']) => saveUserSettings({ theme: value })}
      />
      <RadioGroup
        label="Text size"
        options={TEXT_SIZE_OPTIONS}
        value={textSize}
        onChange={(value: UserSettings['textSize']) => saveUserSettings({ textSize: value })}
      />
      <RadioGroup
        label="Width of the column"
        hint="How wide messages may become on a large screen."
        options={WIDTH_OPTIONS}
        value={columnWidth}
        onChange={(value: UserSettings['columnWidth']) => saveUserSettings({ columnWidth: value })}
      />
    </div>
  );
}
