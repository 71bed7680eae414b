'use client';

/** The dialog of the shell that is open. The shell displays it. */
import { createStore, useStore } from '@/lib/client/browser/store';

export const SETTINGS_TABS = [
  'General',
  'Keyboard',
  'Personal',
  'Data',
  'Account',
  'About',
] as const;
export type SettingsTab = (typeof SETTINGS_TABS)[number];

export type ShellDialog =
  | { name: 'settings'; tab: SettingsTab }
  | { name: 'command-palette'; mode: 'all' | 'models' }
  | { name: 'keyboard-shortcuts' };

const store = createStore<ShellDialog | null>(null);

export function openDialog(dialog: ShellDialog): void {
  store.setState(dialog);
}

export function openSettings(tab: SettingsTab = 'General'): void {
  openDialog({ name: 'settings', tab });
}

export function closeDialog(): void {
  store.setState(null);
}

/** Whether a dialog is open or about to open. */
export function isDialogOpen(): boolean {
  return store.getState() !== null;
}

export function useOpenDialog(): ShellDialog | null {
  return useStore(store);
}
